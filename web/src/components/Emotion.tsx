import { family } from "../model/labels.ts";
import { words } from "../model/format.ts";

/** A label with the dot of its family. */
export function Emotion({ label }: { readonly label: string }) {
  return (
    <span class={`emotion family-${family(label)}`}>
      <span class="dot" aria-hidden="true" />
      {words(label)}
    </span>
  );
}

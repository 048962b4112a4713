import { capital } from "../model/format.ts";
import { analysis } from "../store.ts";

export function Warnings() {
  const { warnings } = analysis.value;
  if (warnings.length === 0) return null;
  return (
    <section class="warnings" aria-label="Warnings">
      <ul>{warnings.map((warning) => <li key={warning}>{capital(warning)}</li>)}</ul>
    </section>
  );
}

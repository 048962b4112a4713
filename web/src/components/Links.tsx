import { personName, signed } from "../model/format.ts";
import { analysis } from "../store.ts";
import { Card } from "./Card.tsx";

export function Links() {
  const { links } = analysis.value;
  if (links.length === 0) return null;
  return (
    <Card id="links" title="Which voice is whose face">
      <ul class="rows">
        {links.map((link) => (
          <li key={`${link.voice} ${link.face}`} class="row">
            <span>
              {personName(link.voice)} <span class="soft" aria-hidden="true">↔</span><span class="hidden"> and </span> {personName(link.face)}
              <span class="block small soft number">mouth and voice agree: {signed(link.score)}</span>
            </span>
            <span class={`badge ${link.joined ? "open" : ""}`}>{link.joined ? "one person" : "kept apart"}</span>
          </li>
        ))}
      </ul>
      <p class="small soft gap">A voice joins a face only where mouth motion and voice activity agree (score from −1 to 1).</p>
    </Card>
  );
}

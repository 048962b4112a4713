import { capital, words } from "../model/format.ts";
import { analysis } from "../store.ts";
import { Card } from "./Card.tsx";

function labelSets(): string {
  const named = analysis.value.taxonomies.map(({ name, exclusive }) => `${name} (${exclusive ? "one at a time" : "several at once"})`);
  return named.join(", ");
}

/** How the analysis was made: rates, label sets, source. */
export function Notes() {
  const { rates, source } = analysis.value;
  const rows = Object.entries(rates).map(([name, rate]) => [capital(words(name)), `${rate} a second`] as const);
  const labels = labelSets();
  return (
    <Card id="notes" title="How it was made">
      <dl class="pairs small">
        <dt>Source</dt>
        <dd>{source.name}</dd>
        {source.width && source.height && <><dt>Picture</dt><dd class="number">{source.width} × {source.height} px</dd></>}
        {rows.map(([name, rate]) => <><dt>{name}</dt><dd class="number">{rate}</dd></>)}
        {labels && <><dt>Label sets</dt><dd>{labels}</dd></>}
      </dl>
    </Card>
  );
}

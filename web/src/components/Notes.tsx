import { capital, words } from "../model/format.ts";
import { analysis } from "../store.ts";
import { Card } from "./Card.tsx";

function taxonomies(): string[] {
  const { tracks, fused } = analysis.value;
  const names = [...tracks, ...fused].map((track) => track.affects.find((affect) => affect.categories)?.categories?.taxonomy);
  return [...new Set(names.filter((name): name is string => Boolean(name)))];
}

/** How the analysis was made: rates, label sets, source. */
export function Notes() {
  const { rates, source } = analysis.value;
  const rows = Object.entries(rates).map(([name, rate]) => [capital(words(name)), `${rate} a second`] as const);
  const labels = taxonomies();
  return (
    <Card id="notes" title="How it was made">
      <dl class="pairs small">
        <dt>Source</dt>
        <dd>{source.name}</dd>
        {source.width && source.height && <><dt>Picture</dt><dd class="number">{source.width} × {source.height} px</dd></>}
        {rows.map(([name, rate]) => <><dt>{name}</dt><dd class="number">{rate}</dd></>)}
        {labels.length > 0 && <><dt>Label sets</dt><dd>{labels.join(", ")}</dd></>}
      </dl>
    </Card>
  );
}

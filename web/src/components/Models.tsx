import { analysis } from "../store.ts";
import { Card } from "./Card.tsx";

const MEANING: Record<string, string> = {
  open: "trained only on data whose licence allows commercial use",
  research: "trained also on data that is not for commercial use, or not surely so",
};

export function Models() {
  const { models } = analysis.value;
  const lines = [...new Set(models.map((model) => model.line))].filter((line) => MEANING[line]);
  return (
    <Card id="models" title="Models and licences">
      {models.length === 0 && <p class="soft small">No model took part.</p>}
      <ul class="rows">
        {models.map((model) => (
          <li key={`${model.name} ${model.version}`} class="row">
            <span>
              <strong>{model.name}</strong> <span class="soft number">{model.version}</span>
              <span class="block small soft">{model.licence}</span>
            </span>
            <span class={`badge ${model.line}`}>{model.line || "unknown"}</span>
          </li>
        ))}
      </ul>
      {lines.map((line) => (
        <p key={line} class="small soft gap"><strong>{line}</strong>: {MEANING[line]}.</p>
      ))}
    </Card>
  );
}

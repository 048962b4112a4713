import { Card } from "./Card.tsx";

/** What holds for every report, whatever models took part. */
export function Limits() {
  return (
    <Card id="limits" title="What this must not be used for">
      <ul class="bullets small">
        <li>To decide about a person: hiring, pay, grading, credit, insurance, policing, courts, borders.</li>
        <li>To watch people at work or in education. In the European Union that use is forbidden.</li>
        <li>To tell lies from truth, or to diagnose or treat any condition.</li>
        <li>On people who do not know of it or have not agreed.</li>
      </ul>
      <h3 class="gap">How to read it</h3>
      <ul class="bullets small">
        <li>It estimates what is <strong>expressed</strong> in words, voice and face. What someone feels may differ.</li>
        <li>Pale curves are unsure, and wide bands leave much open. Gaps mean that nothing was read there.</li>
        <li>Errors differ between groups, languages and recordings. The model cards give the known figures.</li>
      </ul>
    </Card>
  );
}

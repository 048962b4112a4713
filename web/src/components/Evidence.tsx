// Why: the words, the measured cues and the regions behind what the page shows at the cursor.
import { capital, personName, signed, words } from "../model/format.ts";
import { reasonsAt, remarksAt, turnOf, type Reason } from "../model/reasons.ts";
import { affectAt } from "../model/timeline.ts";
import { analysis, cursor, person } from "../store.ts";
import { Card } from "./Card.tsx";
import { Words } from "./Words.tsx";

function name({ item }: Reason): string {
  const kind = words(item.source);
  if (item.region) return item.note ? `${capital(item.note)} (framed in the picture)` : "Framed in the picture";
  if (item.note.toLowerCase().includes(kind.toLowerCase())) return capital(item.note);
  return item.note ? `${capital(kind)}: ${item.note}` : capital(kind);
}

function Row({ reason }: { readonly reason: Reason }) {
  const { weight } = reason.item;
  const width = 50 * Math.min(1, Math.abs(weight));
  return (
    <li class="reason">
      <span>
        {name(reason)}
        <span class="block small soft">{reason.modality}</span>
      </span>
      <span class="weight">
        <span class="weight-track" aria-hidden="true">
          <span class={weight >= 0 ? "for" : "against"} style={weight >= 0 ? { left: "50%", width: `${width}%` } : { right: "50%", width: `${width}%` }} />
        </span>
        <span class="number small">{signed(weight)}</span>
      </span>
    </li>
  );
}

function remark({ item, modality }: Reason): string {
  if (item.source === "face") return `The face was found with a score of ${item.weight.toFixed(2)}.`;
  if (item.source === "conformal") return `Cannot be ruled out: ${words(item.note)}.`;
  return `${capital(modality)}: ${item.note}.`;
}

export function Evidence() {
  const one = person.value;
  if (!one) return null;
  const at = cursor.value;
  const reasons = reasonsAt(one, at);
  const remarks = [...new Set(remarksAt(one, at).map(remark))];
  const turn = turnOf(analysis.value.turns, one, at);
  const affects = one.tracks.map((track) => affectAt(track, at)).filter((affect) => affect !== null);
  return (
    <Card id="evidence" title="Why" className="grow" aside={<span class="soft small">{personName(one.name)}</span>}>
      {turn?.text && <blockquote class="quote"><Words turn={turn} affects={affects} /></blockquote>}
      {reasons.length > 0 ? (
        <ul class="reasons">{reasons.slice(0, 8).map((reason, index) => <Row key={index} reason={reason} />)}</ul>
      ) : (
        <p class="soft small">No measured reason is recorded for this point.</p>
      )}
      {remarks.map((said) => <p key={said} class="small soft gap">{said}</p>)}
      {reasons.length > 0 && <p class="small soft gap">Right speaks for the answer, left against it. Only what was measured is listed.</p>}
    </Card>
  );
}

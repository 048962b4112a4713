// Why: the words, the measured cues and the regions behind what the page shows at the cursor.
import { capital, percent, personName, signed, words } from "../model/format.ts";
import { reasonsAt, remarksAt, turnOf, type Reason } from "../model/reasons.ts";
import { affectAt } from "../model/timeline.ts";
import { analysis, cursor, person } from "../store.ts";
import { Card } from "./Card.tsx";
import { Words } from "./Words.tsx";

/** Cues describe how something was said; words and regions were taken away, and the answer fell by their weight. */
const CUES = new Set(["pitch", "loudness", "speech_rate", "rate", "harmonicity"]);

function name({ item }: Reason): string {
  if (item.source === "word") return `“${item.note}”`;
  return capital(item.note || words(item.source));
}

function Row({ reason }: { readonly reason: Reason }) {
  const { weight, source } = reason.item;
  const isCue = CUES.has(source);
  const size = Math.min(1, Math.abs(weight));
  const bar = isCue ? { left: "0", width: `${100 * size}%` } : weight >= 0 ? { left: "50%", width: `${50 * size}%` } : { right: "50%", width: `${50 * size}%` };
  return (
    <li class="reason">
      <span>
        {name(reason)}
        <span class="block small soft">{isCue ? "voice" : reason.modality}</span>
      </span>
      <span class="weight">
        <span class={`weight-track ${isCue ? "cue" : ""}`} aria-hidden="true"><span class={weight >= 0 ? "for" : "against"} style={bar} /></span>
        <span class="number small">{isCue ? percent(size) : signed(weight)}</span>
      </span>
    </li>
  );
}

/** How to read the numbers, for the kinds of reasons that are there. */
function legend(reasons: readonly Reason[]): string {
  const cues = reasons.some(({ item }) => CUES.has(item.source));
  const removed = reasons.some(({ item }) => !CUES.has(item.source));
  return [
    ...(removed ? ["Words and parts of a face: by how much the answer falls without them."] : []),
    ...(cues ? ["Voice: how far from this speaker's own median; it says how it was spoken, not why the model answered so."] : []),
  ].join(" ");
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
      {reasons.length > 0 && <p class="small soft gap">{legend(reasons)}</p>}
    </Card>
  );
}

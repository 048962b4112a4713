import { useComputed } from "@preact/signals";
import { place, personName } from "../model/format.ts";
import { analysis, cursor, player, playSpan, seek, selected, timeline } from "../store.ts";
import type { Moment } from "../model/analysis.ts";
import { part } from "../model/words.ts";
import { Card } from "./Card.tsx";

function choose(moment: Moment): void {
  if (timeline.value.persons.some((person) => person.name === moment.person)) selected.value = moment.person;
}

function jump(moment: Moment): void {
  choose(moment);
  seek(moment.span.start);
}

function play(moment: Moment): void {
  choose(moment);
  playSpan(moment.span);
}

/** The first words of a moment of a text, where a place alone says little. */
function snippet(moment: Moment): string {
  if (moment.span.unit !== "characters") return "";
  const { turns } = analysis.value;
  const turn = turns.find(({ span }) => span.start <= moment.span.start && moment.span.start < span.end);
  const words = turn?.text ? part(turn, moment.span).text?.trim() : "";
  return words ? ` · “${words.length > 70 ? `${words.slice(0, 68)}…` : words}”` : "";
}

/** The moments of all persons in order of time, and the one at the cursor. */
function useMoments(): { moments: readonly Moment[]; now: number } {
  const moments = useComputed(() => analysis.value.moments.toSorted((one, other) => one.span.start - other.span.start));
  const now = useComputed(() => moments.value.findLastIndex(({ span }) => span.start <= cursor.value && cursor.value < span.end));
  return { moments: moments.value, now: now.value };
}

export function Moments() {
  const { moments, now } = useMoments();
  const { source } = analysis.value;
  return (
    <Card id="moments" title="Moments that matter">
      {moments.length === 0 && <p class="soft small">No moment stands out.</p>}
      <ol class="moments" tabIndex={moments.length > 8 ? 0 : -1} aria-label="Moments">
        {moments.map((moment, index) => (
          <li key={index} class="moment-row">
            <button
              type="button"
              class="moment"
              aria-current={index === now ? "true" : undefined}
              onClick={() => jump(moment)}
            >
              <span class="number moment-time">{place(moment.span.start, source.unit)}</span>
              <span>
                {moment.note}
                <span class="block small soft">{personName(moment.person)}{snippet(moment)}</span>
              </span>
            </button>
            {player.value && (
              <button type="button" class="button square moment-play" aria-label={`Play ${place(moment.span.start, source.unit)}, ${moment.note}`} onClick={() => play(moment)}>
                <svg viewBox="0 0 20 20" width="14" height="14" aria-hidden="true"><path d="M6 3.5v13l11-6.5z" fill="currentColor" /></svg>
              </button>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}

// The slider of time: its ticks, the moments as pins, and the keys.
import { useMemo } from "preact/hooks";
import { personName, place, ticks } from "../model/format.ts";
import { onSliderKey } from "../keys.ts";
import { top } from "../model/affects.ts";
import { affectAt } from "../model/timeline.ts";
import { analysis, cursor, person, timeline, view } from "../store.ts";

function spoken(at: number): string {
  const one = person.value;
  const track = one?.tracks.find((candidate) => affectAt(candidate, at));
  const affect = track && affectAt(track, at);
  const best = affect && top(affect);
  const state = one ? `, ${personName(one.name)}: ${best?.label ?? "nothing read"}` : "";
  return `${place(at, timeline.value.unit)}${state}`;
}

export function Scrubber({ width }: { readonly width: number }) {
  const { from, to } = view.value;
  const { unit, end } = timeline.value;
  const at = cursor.value;
  const share = (point: number): string => `${(100 * (point - from)) / (to - from)}%`;
  const marks = useMemo(() => ticks(from, to, width / 90), [from, to, width]);
  const inside = analysis.value.moments.filter(({ span }) => span.start >= from && span.start <= to);
  return (
    <div class="scrubber" role="slider" tabIndex={0} aria-label={unit === "seconds" ? "Time" : "Place in the text"} aria-valuemin={0}
      aria-valuemax={Math.round(end)} aria-valuenow={Math.round(at * 10) / 10} aria-valuetext={spoken(at)} onKeyDown={onSliderKey}>
      <div class="scrubber-rail" aria-hidden="true">
        {marks.map((mark) => <span key={mark} class={`tick number ${mark - from > 0.95 * (to - from) ? "last" : ""}`} style={{ left: share(mark) }}>{unit === "seconds" ? place(mark, unit, false) : Math.round(mark)}</span>)}
        {inside.map((moment, index) => <span key={index} class="pin" style={{ left: share(moment.span.start) }} title={moment.note} />)}
        {at >= from && at <= to && <span class="handle" style={{ left: share(at) }} />}
      </div>
    </div>
  );
}

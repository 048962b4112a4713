// Frames around faces, and around the region that mattered most, over a picture or a video.
import { top } from "../model/affects.ts";
import type { Region } from "../model/analysis.ts";
import { personName, words } from "../model/format.ts";
import { family } from "../model/labels.ts";
import { faceRegion, reasonsAt } from "../model/reasons.ts";
import { affectAt, curve, sample, type Person } from "../model/timeline.ts";
import { cursor, person, selected, timeline } from "../store.ts";

/** In a crowd only the chosen face carries its name. */
const MOST_NAMED = 6;

interface Size {
  readonly width: number;
  readonly height: number;
}

function frame(region: readonly number[], size: Size) {
  const [left = 0, top_ = 0, right = 0, bottom = 0] = region;
  const share = (value: number, whole: number): string => `${((100 * value) / whole).toFixed(3)}%`;
  return {
    left: share(left, size.width),
    top: share(top_, size.height),
    width: share(right - left, size.width),
    height: share(bottom - top_, size.height),
  };
}

function Face({ one, size, at }: { readonly one: Person; readonly size: Size; readonly at: number }) {
  const series = curve(one, "box");
  const followed = series && (timeline.value.moves ? sample(series, at) : sample(series, series.start));
  const box = followed ?? (timeline.value.moves ? null : faceRegion(one, at));
  if (!box || box.length < 4) return null;
  const track = one.tracks.find((candidate) => affectAt(candidate, at));
  const affect = track && affectAt(track, at);
  const best = affect && top(affect);
  const current = person.value?.name === one.name;
  return (
    <div class={`face ${current ? "current" : ""} ${best ? `family-${family(best.label)}` : "family-other"}`} style={frame(box, size)}
      onClick={() => { selected.value = one.name; }}>
      {(current || timeline.value.persons.length <= MOST_NAMED) && <span class="face-label">{personName(one.name)}{best ? <span> {words(best.label)}</span> : null}</span>}
    </div>
  );
}

export function Boxes({ size }: { readonly size: Size }) {
  const at = cursor.value;
  const one = person.value;
  const regions = one ? reasonsAt(one, at).map((reason) => reason.item.region).filter((region): region is Region => region !== null) : [];
  return (
    <div class="boxes" aria-hidden="true">
      {timeline.value.persons.map((each) => <Face key={each.name} one={each} size={size} at={at} />)}
      {regions.slice(0, 2).map((region, index) => <div key={index} class="region" style={frame(region, size)} />)}
    </div>
  );
}

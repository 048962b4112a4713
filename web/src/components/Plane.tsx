// The valence-arousal plane: where each person is now, how sure that is, and the path that led there.
import { useMemo } from "preact/hooks";
import { quadrant } from "../model/affects.ts";
import type { Track } from "../model/analysis.ts";
import { personName, signed } from "../model/format.ts";
import { affectAt, type Person } from "../model/timeline.ts";
import { cursor, modality, person, timeline } from "../store.ts";
import { Card } from "./Card.tsx";
import { Field, HALF, Path, pathOf, reachOf, type Reach } from "./plane-parts.tsx";

function trackOf(one: Person): Track | null {
  const known = (track: Track): boolean => track.affects.some((affect) => affect.valence && affect.arousal);
  return one.tracks.find((track) => track.modality === modality.value && known(track)) ?? one.tracks.find(known) ?? null;
}

interface HereProps {
  readonly one: Person;
  readonly current: boolean;
  readonly reach: Reach;
}

function Here({ one, current, reach }: HereProps) {
  const track = trackOf(one);
  const affect = track && affectAt(track, cursor.value);
  if (!affect?.valence || !affect.arousal) return null;
  const { valence, arousal } = affect;
  const scale = HALF / reach;
  const place = { cx: scale * valence.mean, cy: -scale * arousal.mean };
  return (
    <g style={{ color: `var(--person-${one.index % 6})` }}>
      {current && <ellipse class="spread" {...place} rx={Math.max(2, scale * valence.std)} ry={Math.max(2, scale * arousal.std)} />}
      <circle class="here" {...place} r={current ? 6 : 4} />
    </g>
  );
}

function Sentence({ one }: { readonly one: Person }) {
  const track = trackOf(one);
  const affect = track && affectAt(track, cursor.value);
  if (!affect?.valence || !affect.arousal) return <p class="small soft">No valence and arousal for {personName(one.name)} here.</p>;
  const { valence, arousal } = affect;
  return (
    <p class="small soft number">
      {personName(one.name)}: {quadrant(valence.mean, arousal.mean)} (valence {signed(valence.mean)}, arousal {signed(arousal.mean)})
    </p>
  );
}

export function Plane() {
  const one = person.value;
  const chosen = one && trackOf(one);
  const steps = useMemo(() => (chosen ? pathOf(chosen) : []), [chosen]);
  const { persons } = timeline.value;
  const reach = useMemo(() => reachOf(persons.map(trackOf).filter((track) => track !== null)), [persons, modality.value]);
  if (!one) return null;
  return (
    <Card id="plane" title="Valence and arousal" aside={<span class="soft small">{personName(one.name)}{timeline.value.moves ? "’s path" : ""}</span>}>
      <svg class="plane" viewBox="-106 -106 212 212" role="img" aria-label={`Valence and arousal of ${persons.map((each) => personName(each.name)).join(", ")}`}>
        <Field reach={reach} />
        <g style={{ color: `var(--person-${one.index % 6})` }}><Path steps={steps} reach={reach} /></g>
        {persons.filter((each) => each !== one).map((each) => <Here key={each.name} one={each} current={false} reach={reach} />)}
        <Here one={one} current={true} reach={reach} />
      </svg>
      {persons.length > 1 && (
        <ul class="legend small">
          {persons.slice(0, 8).map((each) => <li key={each.name}><span class="dot" style={{ background: `var(--person-${each.index % 6})` }} aria-hidden="true" />{personName(each.name)}</li>)}
        </ul>
      )}
      <Sentence one={one} />
    </Card>
  );
}

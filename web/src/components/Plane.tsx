// The valence-arousal plane: where each person is now, how sure that is, and the path that led there.
import { useMemo } from "preact/hooks";
import { quadrant } from "../model/affects.ts";
import type { Affect, Dimension, Track } from "../model/analysis.ts";
import { personName, signed } from "../model/format.ts";
import { affectAt, type Person } from "../model/timeline.ts";
import { cursor, modality, person, timeline } from "../store.ts";
import { Card } from "./Card.tsx";

const HALF = 100;
const MOST_POINTS = 60;

/** How far the plane reaches: all of it, or its inner half where nothing leaves that. */
type Reach = 1 | 0.5;

function reachOf(tracks: readonly Track[]): Reach {
  const fits = (value: Dimension | null): boolean => value === null || (Math.abs(value.mean) < 0.45 && Math.abs(value.mean) + value.std < 0.55);
  const inner = (affect: Affect): boolean => fits(affect.valence) && fits(affect.arousal);
  return tracks.every((track) => track.affects.every(inner)) ? 0.5 : 1;
}

interface Step {
  readonly valence: number;
  readonly arousal: number;
}

function trackOf(one: Person): Track | null {
  const known = (track: Track): boolean => track.affects.some((affect) => affect.valence && affect.arousal);
  return one.tracks.find((track) => track.modality === modality.value && known(track)) ?? one.tracks.find(known) ?? null;
}

/** The path in at most sixty steps; of a long one, each is the mean of a stretch. */
function pathOf(track: Track): Step[] {
  const every = Math.max(1, Math.ceil(track.affects.length / MOST_POINTS));
  const steps: Step[] = [];
  for (let index = 0; index < track.affects.length; index += every) {
    const own = track.affects.slice(index, index + every).filter((affect) => affect.valence && affect.arousal);
    if (own.length > 0) steps.push({ valence: mean(own, (affect) => affect.valence), arousal: mean(own, (affect) => affect.arousal) });
  }
  return steps;
}

function mean(affects: readonly Affect[], read: (affect: Affect) => Dimension | null): number {
  return affects.reduce((sum, affect) => sum + (read(affect)?.mean ?? 0), 0) / affects.length;
}

function Path({ steps, reach }: { readonly steps: readonly Step[]; readonly reach: Reach }) {
  const x = (step: Step | undefined): number => (HALF * (step?.valence ?? 0)) / reach;
  const y = (step: Step | undefined): number => (-HALF * (step?.arousal ?? 0)) / reach;
  return (
    <g fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round">
      {steps.slice(1).map((step, index) => {
        const before = steps[index] as Step;
        const age = (index + 1) / steps.length;
        return <line key={index} x1={x(before)} y1={y(before)} x2={x(step)} y2={y(step)} opacity={0.12 + 0.68 * age} />;
      })}
      {steps.length > 1 && <circle cx={x(steps[0])} cy={y(steps[0])} r="2.2" />}
    </g>
  );
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

function Field({ reach }: { readonly reach: Reach }) {
  const end = reach === 1 ? "" : " 0.5";
  return (
    <g class="field">
      <rect x={-HALF} y={-HALF} width={2 * HALF} height={2 * HALF} rx="6" />
      <circle r="50" /><circle r="100" />
      <line x1={-HALF} x2={HALF} y1="0" y2="0" /><line y1={-HALF} y2={HALF} x1="0" x2="0" />
      <text x={HALF - 4} y="-5" text-anchor="end">pleasant{end}</text>
      <text x={4 - HALF} y="-5">unpleasant{end && " −0.5"}</text>
      <text x="5" y={12 - HALF}>activated{end}</text>
      <text x="5" y={HALF - 6}>calm{end && " −0.5"}</text>
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

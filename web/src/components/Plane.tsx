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
const x = (valence: number): number => HALF * valence;
const y = (arousal: number): number => -HALF * arousal;

interface Step {
  readonly x: number;
  readonly y: number;
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
    if (own.length > 0) steps.push({ x: x(mean(own, (affect) => affect.valence)), y: y(mean(own, (affect) => affect.arousal)) });
  }
  return steps;
}

function mean(affects: readonly Affect[], read: (affect: Affect) => Dimension | null): number {
  return affects.reduce((sum, affect) => sum + (read(affect)?.mean ?? 0), 0) / affects.length;
}

function Path({ steps }: { readonly steps: readonly Step[] }) {
  return (
    <g fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round">
      {steps.slice(1).map((step, index) => {
        const before = steps[index] as Step;
        const age = (index + 1) / steps.length;
        return <line key={index} x1={before.x} y1={before.y} x2={step.x} y2={step.y} opacity={0.12 + 0.68 * age} />;
      })}
      {steps.length > 1 && <circle cx={steps[0]?.x} cy={steps[0]?.y} r="2.2" />}
    </g>
  );
}

function Here({ one, current }: { readonly one: Person; readonly current: boolean }) {
  const track = trackOf(one);
  const affect = track && affectAt(track, cursor.value);
  if (!affect?.valence || !affect.arousal) return null;
  const { valence, arousal } = affect;
  return (
    <g style={{ color: `var(--person-${one.index % 6})` }}>
      {current && <ellipse class="spread" cx={x(valence.mean)} cy={y(arousal.mean)} rx={Math.max(2, HALF * valence.std)} ry={Math.max(2, HALF * arousal.std)} />}
      <circle class="here" cx={x(valence.mean)} cy={y(arousal.mean)} r={current ? 6 : 4} />
    </g>
  );
}

function Field() {
  return (
    <g class="field">
      <rect x={-HALF} y={-HALF} width={2 * HALF} height={2 * HALF} rx="6" />
      <circle r="50" /><circle r="100" />
      <line x1={-HALF} x2={HALF} y1="0" y2="0" /><line y1={-HALF} y2={HALF} x1="0" x2="0" />
      <text x={HALF - 4} y="-5" text-anchor="end">pleasant</text>
      <text x={4 - HALF} y="-5">unpleasant</text>
      <text x="5" y={12 - HALF}>activated</text>
      <text x="5" y={HALF - 6}>calm</text>
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
  if (!one) return null;
  const { persons } = timeline.value;
  return (
    <Card id="plane" title="Valence and arousal" aside={<span class="soft small">{personName(one.name)}{timeline.value.moves ? "’s path" : ""}</span>}>
      <svg class="plane" viewBox="-106 -106 212 212" role="img" aria-label={`Valence and arousal of ${persons.map((each) => personName(each.name)).join(", ")}`}>
        <Field />
        <g style={{ color: `var(--person-${one.index % 6})` }}><Path steps={steps} /></g>
        {persons.filter((each) => each !== one).map((each) => <Here key={each.name} one={each} current={false} />)}
        <Here one={one} current={true} />
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

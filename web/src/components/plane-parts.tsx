// What every plane of valence and arousal is drawn from.
import type { Affect, Dimension, Track } from "../model/analysis.ts";

export const HALF = 100;
const MOST_POINTS = 60;

/** How far the plane reaches: all of it, or its inner half where nothing leaves that. */
export type Reach = 1 | 0.5;

export function reachOf(tracks: readonly Track[]): Reach {
  const fits = (value: Dimension | null): boolean => value === null || (Math.abs(value.mean) < 0.45 && Math.abs(value.mean) + value.std < 0.55);
  const inner = (affect: Affect): boolean => fits(affect.valence) && fits(affect.arousal);
  return tracks.every((track) => track.affects.every(inner)) ? 0.5 : 1;
}

export interface Step {
  readonly valence: number;
  readonly arousal: number;
}

/** The path in at most sixty steps; of a long one, each is the mean of a stretch. */
export function pathOf(track: Track): Step[] {
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

export function Path({ steps, reach }: { readonly steps: readonly Step[]; readonly reach: Reach }) {
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

export function Field({ reach }: { readonly reach: Reach }) {
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

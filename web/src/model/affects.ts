// Questions to one affect.
import type { Affect, DimensionName, Evidence } from "./analysis.ts";

export interface Share {
  readonly label: string;
  readonly p: number;
}

/** The labels of an affect, most probable first. */
export function ranked(affect: Affect): Share[] {
  const probs = affect.categories?.probs ?? {};
  return Object.entries(probs)
    .map(([label, p]) => ({ label, p }))
    .sort((one, other) => other.p - one.p);
}

export function top(affect: Affect): Share | null {
  let best: Share | null = null;
  const probs = affect.categories?.probs;
  for (const label in probs) {
    const p = probs[label] ?? 0;
    if (best === null || p > best.p) best = { label, p };
  }
  return best;
}

/** How sure an affect is, in [0, 1]; what says nothing counts as half sure. */
export const certainty = (affect: Affect): number => affect.confidence ?? 0.5;

/** Below the first the top label is more likely wrong than right; below the second the page names none. */
export const DOUBTFUL = 0.5;
export const UNCLEAR = 0.25;

export function conflict(affect: Affect): Evidence | null {
  return affect.evidence.find((item) => item.source.startsWith("conflict")) ?? null;
}

export const dimension = (affect: Affect, name: DimensionName): { mean: number; std: number } | null => affect[name];

/** The quadrant of the valence-arousal plane in a word. */
export function quadrant(valence: number, arousal: number): string {
  if (Math.hypot(valence, arousal) < 0.15) return "near neutral";
  if (valence >= 0) return arousal >= 0 ? "pleasant, activated" : "pleasant, calm";
  return arousal >= 0 ? "unpleasant, activated" : "unpleasant, calm";
}

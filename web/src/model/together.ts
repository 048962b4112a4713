// Some sentences as one.
import type { Affect, Dimension } from "./analysis.ts";

const size = ({ span }: Affect): number => (span ? Math.max(span.end - span.start, 1e-3) : 1);

/** The spread holds how unsure each part is, and how far the parts lie from each other. */
function mixed(affects: readonly Affect[], name: "valence" | "arousal" | "dominance"): Dimension | null {
  const known = affects.flatMap((affect) => (affect[name] ? [{ ...affect[name], weight: size(affect) }] : []));
  const total = known.reduce((sum, one) => sum + one.weight, 0);
  if (total === 0) return null;
  const mean = known.reduce((sum, one) => sum + one.weight * one.mean, 0) / total;
  const variance = known.reduce((sum, one) => sum + one.weight * (one.std ** 2 + (one.mean - mean) ** 2), 0) / total;
  return { mean, std: Math.sqrt(variance) };
}

function average(affects: readonly Affect[], read: (affect: Affect) => number): number {
  const total = affects.reduce((sum, affect) => sum + size(affect), 0);
  return affects.reduce((sum, affect) => sum + size(affect) * read(affect), 0) / total;
}

/** One affect for some sentences: the mean of their probabilities and dimensions, by length. */
export function together(affects: readonly Affect[]): Affect | null {
  const [first] = affects;
  if (!first || affects.length === 1) return first ?? null;
  const known = affects.filter((affect) => affect.categories);
  const total = known.reduce((sum, affect) => sum + size(affect), 0);
  const probs: Record<string, number> = {};
  for (const affect of known) {
    for (const [label, p] of Object.entries(affect.categories?.probs ?? {})) probs[label] = (probs[label] ?? 0) + (p * size(affect)) / total;
  }
  const categories = known[0]?.categories ? { ...known[0].categories, probs } : null;
  const dimensions = { valence: mixed(affects, "valence"), arousal: mixed(affects, "arousal"), dominance: mixed(affects, "dominance") };
  const sure = affects.every((affect) => affect.confidence !== null) ? average(affects, (affect) => affect.confidence ?? 0) : null;
  return { ...first, ...dimensions, categories, evidence: affects.flatMap((affect) => affect.evidence), confidence: sure };
}

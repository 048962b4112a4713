import { line } from "../src/charts/points.ts";
import type { Track } from "../src/model/analysis.ts";

/** The curve of joy. */
export const points = (track: Track, from: number, to: number) =>
  line(track, (affect) => ({ value: affect.categories?.probs.joy ?? 0, std: 0 }), from, to);

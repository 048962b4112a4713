import type { Affect, Analysis, Evidence, Span, Track, Unit } from "../src/model/analysis.ts";
import { parseAnalysis } from "../src/model/parse.ts";

export const seconds = (start: number, end: number): Span => ({ start, end, unit: "seconds" });
export const characters = (start: number, end: number): Span => ({ start, end, unit: "characters" });

export function affect(span: Span | null, probs: Record<string, number>, parts: Partial<Affect> = {}): Affect {
  return {
    categories: { taxonomy: "ekman7", probs }, valence: null, arousal: null, dominance: null, labels: [], evidence: [], span,
    confidence: 0.8, kind: "expressed", model: null, ...parts,
  };
}

export const reason = (source: string, weight: number, parts: Partial<Evidence> = {}): Evidence => ({
  source, weight, span: null, region: null, note: "", ...parts,
});

export const track = (person: string, modality: Track["modality"], affects: readonly Affect[]): Track => ({ person, modality, affects, series: [] });

export function analysis(parts: Partial<Analysis>, unit: Unit = "seconds"): Analysis {
  return { ...parseAnalysis({ format: "mien.analysis", version: 1, source: { name: "a", kind: "audio", unit } }), ...parts };
}

// Which words of a turn the evidence speaks of.
import type { Affect, Evidence, Span, Turn } from "./analysis.ts";

/** Cuts a text at code points, as the analysis counts them; most texts need no conversion. */
export function slice(text: string, start: number, end: number): string {
  return /[\ud800-\udfff]/.test(text) ? Array.from(text).slice(start, end).join("") : text.slice(start, end);
}

/** The part of a turn that a span in characters covers. */
export function part(turn: Turn, span: Span): Turn {
  const start = Math.max(turn.span.start, span.start);
  const end = Math.min(turn.span.end, span.end);
  const text = slice(turn.text ?? "", start - turn.span.start, end - turn.span.start);
  return { ...turn, span: { start, end, unit: "characters" }, text };
}

export interface Piece {
  readonly text: string;
  readonly weight: number;
}

/** Evidence counts characters from the beginning of the source, or of its turn where the timeline counts seconds. */
function bounds(item: Evidence, turn: Turn, size: number): readonly [number, number] | null {
  if (item.span?.unit !== "characters") return null;
  const base = turn.span.unit === "characters" && item.span.start >= turn.span.start ? turn.span.start : 0;
  const start = Math.round(item.span.start - base);
  const end = Math.round(item.span.end - base);
  return start >= 0 && start < end && end <= size + 1 ? [start, end] : null;
}

function search(item: Evidence, text: string): readonly [number, number] | null {
  if (!item.source.startsWith("word") || !item.note) return null;
  const at = text.toLowerCase().indexOf(item.note.toLowerCase());
  if (at < 0) return null;
  const before = Array.from(text.slice(0, at)).length;
  return [before, before + Array.from(item.note).length];
}

/** Cuts a turn's text where evidence begins or ends; a piece carries the strongest weight that lies on it. */
export function pieces(turn: Turn, affects: readonly Affect[]): Piece[] {
  const text = turn.text ?? "";
  const letters = Array.from(text);
  const weights = new Float64Array(letters.length);
  for (const item of affects.flatMap((affect) => affect.evidence)) {
    const where = bounds(item, turn, letters.length) ?? search(item, text);
    if (!where) continue;
    for (let index = where[0]; index < Math.min(where[1], letters.length); index += 1) {
      if (Math.abs(item.weight) > Math.abs(weights[index] ?? 0)) weights[index] = item.weight;
    }
  }
  const cut: Piece[] = [];
  let start = 0;
  for (let index = 1; index <= letters.length; index += 1) {
    if (index < letters.length && weights[index] === weights[start]) continue;
    cut.push({ text: letters.slice(start, index).join(""), weight: weights[start] ?? 0 });
    start = index;
  }
  return cut;
}

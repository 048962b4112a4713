// What the server said of a conversation, laid beside its turns.
import type { Affect, Analysis, Turn as Words } from "../../model/analysis.ts";
import { top } from "../../model/affects.ts";
import { parseAnalysis } from "../../model/parse.ts";
import { together } from "../../model/together.ts";
import { part } from "../../model/words.ts";
import type { Influence } from "../api.ts";
import type { Turn } from "./turns.ts";

/** A sentence of a turn, or what lies between two: that carries nothing. */
export interface Sentence {
  readonly words: Words;
  readonly affect: Affect | null;
}

export interface Heard {
  readonly sentences: readonly Sentence[];
  /** All sentences together, each by its length. */
  readonly affect: Affect | null;
  /** What was said when it was read; the turn may have changed since. */
  readonly text: string;
}

export interface Answer {
  readonly heard: ReadonlyMap<number, Heard>;
  readonly influence: readonly Influence[];
}

export const NOTHING: Answer = { heard: new Map(), influence: [] };

/** Reads an answer to turns that were all sent with words: the n-th of its turns is the n-th that was sent. */
export function answerOf(sent: readonly Turn[], document: unknown, influence: readonly Influence[]): Answer {
  const analysis = parseAnalysis(document);
  const said = analysis.turns.filter((turn) => turn.text?.trim());
  const heard = new Map<number, Heard>();
  sent.forEach((turn, index) => {
    const words = said[index];
    if (!words) return;
    const affects = affectsOf(analysis, words);
    heard.set(turn.id, { sentences: sentencesOf(words, affects), affect: together(affects), text: turn.text });
  });
  return { heard, influence };
}

/** Below this a word is no reason worth marking. */
const LEAST_WEIGHT = 0.05;

/** Of a neutral sentence no word is a reason. */
function marked(affect: Affect): Affect {
  const neutral = top(affect)?.label === "neutral";
  return { ...affect, evidence: affect.evidence.filter((item) => item.source === "word" && !neutral && item.weight >= LEAST_WEIGHT) };
}

function affectsOf(analysis: Analysis, { speaker, span }: Words): Affect[] {
  const own = analysis.tracks.filter((track) => track.modality === "text" && (speaker === null || track.person === speaker));
  const all = own.flatMap((track) => track.affects);
  return all.filter((affect) => affect.span && affect.span.start >= span.start && affect.span.end <= span.end).map(marked);
}

function sentencesOf(words: Words, affects: readonly Affect[]): Sentence[] {
  if (words.span.unit !== "characters") return [{ words, affect: affects[0] ?? null }];
  const cut: Sentence[] = [];
  let at = words.span.start;
  const put = (start: number, end: number, affect: Affect | null): void => {
    if (end > start) cut.push({ words: part(words, { start, end, unit: "characters" }), affect });
  };
  for (const affect of affects) {
    if (!affect.span || affect.span.end <= at) continue;
    put(at, affect.span.start, null);
    put(Math.max(at, affect.span.start), affect.span.end, affect);
    at = affect.span.end;
  }
  put(at, words.span.end, null);
  return cut;
}

/** Whether a turn's answer is that of its words as they are now. */
export const fresh = (turn: Turn, heard: Heard | undefined): heard is Heard => heard !== undefined && heard.text === turn.text;

export interface Row {
  readonly speaker: string;
  /** Valence by number of turn, `null` where another speaks or nothing is known. */
  readonly values: readonly (number | null)[];
}

/** Valence turn by turn, a row for each speaker. */
export function rows(turns: readonly Turn[], answer: Answer): Row[] {
  const names = [...new Set(turns.map((turn) => turn.speaker))];
  return names.map((speaker) => ({
    speaker,
    values: turns.map((turn) => (turn.speaker === speaker ? (answer.heard.get(turn.id)?.affect?.valence?.mean ?? null) : null)),
  }));
}

/** Whether an influence was told and its interval leaves out "none". */
export const clear = ({ lower, upper }: Influence): boolean => lower !== null && upper !== null && (lower > 0 || upper < 0);

// What the server said of a conversation, laid beside its turns.
import type { Affect, Turn as Words } from "../../model/analysis.ts";
import { paragraphsOf } from "../../model/lines.ts";
import { parseAnalysis } from "../../model/parse.ts";
import { buildTimeline } from "../../model/timeline.ts";
import type { Influence } from "../api.ts";
import type { Turn } from "./turns.ts";

export interface Heard {
  /** The turn with its place in the analysis, which its evidence counts from. */
  readonly words: Words;
  readonly affect: Affect | null;
  /** What was said when it was read; the turn may have changed since. */
  readonly text: string;
}

export interface Answer {
  readonly heard: ReadonlyMap<number, Heard>;
  readonly influence: readonly Influence[];
  readonly warnings: readonly string[];
}

export const NOTHING: Answer = { heard: new Map(), influence: [], warnings: [] };

/** Reads an answer to turns that were all sent with words: the n-th of its turns is the n-th that was sent. */
export function answerOf(sent: readonly Turn[], document: unknown, influence: readonly Influence[]): Answer {
  const analysis = parseAnalysis(document);
  const lines = paragraphsOf(analysis, buildTimeline(analysis).persons).flat();
  const heard = new Map<number, Heard>();
  sent.forEach((turn, index) => {
    const line = lines[index];
    if (line) heard.set(turn.id, { words: line.turn, affect: line.affect, text: turn.text });
  });
  return { heard, influence, warnings: analysis.warnings };
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

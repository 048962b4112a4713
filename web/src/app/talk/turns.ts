// The turns of a conversation as they are typed or pasted: pure, so that every change gives a new list.
import { readChat } from "../chat.ts";

export interface Turn {
  readonly id: number;
  readonly speaker: string;
  readonly text: string;
}

/** As many as the server answers at once. */
export const MOST = 500;

let last = 0;
const turn = (speaker: string, text: string): Turn => ({ id: (last += 1), speaker: speaker.trim() || "Someone", text: text.trim() });

export const add = (turns: readonly Turn[], speaker: string, text: string): readonly Turn[] => (text.trim() === "" ? turns : [...turns, turn(speaker, text)].slice(0, MOST));

/** The turn with other words or another speaker; one without words is taken out. */
export function edit(turns: readonly Turn[], id: number, speaker: string, text: string): readonly Turn[] {
  if (text.trim() === "") return remove(turns, id);
  return turns.map((one) => (one.id === id ? { id, speaker: speaker.trim() || one.speaker, text: text.trim() } : one));
}

export const remove = (turns: readonly Turn[], id: number): readonly Turn[] => turns.filter((one) => one.id !== id);

/** The speakers in the order in which they first speak. */
export const speakers = (turns: readonly Turn[]): readonly string[] => [...new Set(turns.map((one) => one.speaker))];

/** Who speaks next, most likely: of two the other one, else whoever spoke before the last. */
export function next(turns: readonly Turn[]): string {
  const current = turns.at(-1)?.speaker ?? "";
  return turns.findLast((one) => one.speaker !== current)?.speaker ?? current;
}

const SINGLE = /^\s*([\p{L}_@][\p{L}\p{N} _.'@-]{0,39}?)\s*:\s+(\S.*)$/u;

/** Pasted lines as turns. A single line may name its speaker, too; what names nobody is null. */
export function paste(text: string): readonly Turn[] | null {
  const said = readChat(text);
  if (said) return said.slice(0, MOST).map((one) => turn(one.speaker, one.text));
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "").map((line) => SINGLE.exec(line));
  if (lines.length === 0 || lines.some((line) => line === null)) return null;
  return lines.slice(0, MOST).map((line) => turn(line?.[1] ?? "", line?.[2] ?? ""));
}

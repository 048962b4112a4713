// Pasted words: a chat where each line names who speaks, or else a text.
import type { Said } from "./api.ts";

/** `Ada: Hello`, also with a time before it, as messengers write it: `[21.11.26, 09:12] Ada: Hello`. */
const LINE = /^(?:\[?[\d./\-: ,APMapm\u202f]{0,30}\d[^\]A-Za-z]{0,12}\]?\s*(?:-\s+)?)?([^:\n]{1,40}?)\s*:\s+(\S.*)$/u;
const SPEAKER = /^[\p{L}_@][\p{L}\p{N} _.'@\-]*$/u;

/** The turns of a chat, or null where the words are none: fewer than two speakers or turns, or lines that nobody says. */
export function readChat(text: string): Said[] | null {
  const turns: { speaker: string; text: string }[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === "") continue;
    const found = LINE.exec(line.trim());
    const speaker = found?.[1]?.trim() ?? "";
    const last = turns.at(-1);
    if (found && SPEAKER.test(speaker) && speaker.split(" ").length <= 4) turns.push({ speaker, text: found[2] ?? "" });
    else if (last) last.text += `\n${line.trim()}`;
    else return null;
  }
  const speakers = new Set(turns.map((turn) => turn.speaker));
  // A text with a colon here and there is no chat: in one, somebody speaks at least twice.
  return speakers.size >= 2 && turns.length > speakers.size - 1 && turns.length >= 2 ? turns : null;
}

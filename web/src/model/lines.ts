// The words as the page shows them: whole turns, or the sentences of a running text.
import type { Affect, Analysis, Turn } from "./analysis.ts";
import { affectAt, lastBefore, type Person } from "./timeline.ts";
import { together } from "./together.ts";
import { part } from "./words.ts";

export type Look = "prose" | "chat" | "script";

export interface Line {
  readonly turn: Turn;
  readonly affect: Affect | null;
  readonly person: Person | null;
}

/** Prose where nobody speaks and nothing has a time, bubbles for a chat, else a script. */
export function lookOf({ source, turns }: Analysis): Look {
  if (source.unit === "characters" && !turns.some((turn) => turn.speaker)) return "prose";
  return source.kind === "chat" ? "chat" : "script";
}

const wordsOf = (person: Person) => person.tracks.find((track) => track.modality === "text") ?? null;

function speakerOf(turn: Turn, persons: readonly Person[]): Person | null {
  if (turn.speaker !== null) return persons.find((one) => one.name === turn.speaker) ?? null;
  const middle = (turn.span.start + turn.span.end) / 2;
  const heard = persons.find((one) => {
    const track = wordsOf(one);
    return track !== null && (affectAt(track, turn.span.start) ?? affectAt(track, middle)) !== null;
  });
  return heard ?? (persons.length === 1 ? (persons[0] ?? null) : null);
}

/** The affects of a person that lie within a turn. */
function within(person: Person | null, turn: Turn): Affect[] {
  const track = person && (wordsOf(person) ?? person.fused);
  if (!track) return [];
  const first = Math.max(0, lastBefore(track.affects, turn.span.start, (affect) => affect.span?.start ?? 0));
  const found: Affect[] = [];
  for (let index = first; index < track.affects.length; index += 1) {
    const affect = track.affects[index] as Affect;
    if (!affect.span || affect.span.start >= Math.max(turn.span.end, turn.span.start + 1e-6)) break;
    if (affect.span.end > turn.span.start || affect.span.start === turn.span.start) found.push(affect);
  }
  return found;
}

function whole(turn: Turn, person: Person | null): Line {
  return { turn, affect: turn.affect ?? together(within(person, turn)), person };
}

/** A running text cut where its affects begin and end; what lies between keeps its place and carries nothing. */
function sentences(turn: Turn, person: Person | null): Line[] {
  const cut: Line[] = [];
  let at = turn.span.start;
  const add = (start: number, end: number, affect: Affect | null): void => {
    const piece = part(turn, { start, end, unit: "characters" });
    if (piece.text?.trim()) cut.push({ turn: piece, affect, person });
  };
  for (const affect of within(person, turn)) {
    if (!affect.span || affect.span.end <= at) continue;
    add(at, affect.span.start, null);
    add(Math.max(at, affect.span.start), affect.span.end, affect);
    at = affect.span.end;
  }
  add(at, turn.span.end, null);
  return cut;
}

/** The lines of an analysis, in paragraphs. */
export function paragraphsOf(analysis: Analysis, persons: readonly Person[]): Line[][] {
  const prose = lookOf(analysis) === "prose";
  const turns = analysis.turns.filter((turn) => turn.text?.trim());
  return turns.map((turn) => {
    const person = speakerOf(turn, persons);
    return prose ? sentences(turn, person) : [whole(turn, person)];
  });
}

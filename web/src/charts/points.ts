// Tracks as points of a curve: plateaus for long spans, points for short ones, breaks where nothing was read.
import type { Affect, Track } from "../model/analysis.ts";
import { certainty } from "../model/affects.ts";

export interface Point {
  readonly at: number;
  /** `null` breaks the curve. */
  readonly value: number | null;
  readonly std: number;
  readonly sure: number;
}

export interface Reading {
  readonly value: number;
  readonly std: number;
}

export type Pick = (affect: Affect) => Reading | null;

interface Piece extends Reading {
  readonly start: number;
  readonly end: number;
  readonly sure: number;
}

function piecesOf(track: Track, pick: Pick, from: number, to: number): Piece[] {
  const pieces: Piece[] = [];
  for (const affect of track.affects) {
    const span = affect.span;
    if (!span || span.end < from || span.start > to) continue;
    const reading = pick(affect);
    if (reading) pieces.push({ ...reading, start: span.start, end: span.end, sure: certainty(affect) });
  }
  return pieces;
}

/** Runs of pieces that follow one another without a gap. */
function runsOf(pieces: readonly Piece[]): Piece[][] {
  const runs: Piece[][] = [];
  for (const piece of pieces) {
    const last = runs.at(-1);
    const before = last?.at(-1);
    const slack = before ? Math.max(0.05, 0.6 * (before.end - before.start)) : 0;
    if (last && before && piece.start - before.end <= slack) last.push(piece);
    else runs.push([piece]);
  }
  return runs;
}

function merged(pieces: readonly Piece[]): Piece {
  const mean = (read: (piece: Piece) => number): number => pieces.reduce((sum, piece) => sum + read(piece), 0) / pieces.length;
  return {
    start: pieces[0]?.start ?? 0,
    end: pieces.at(-1)?.end ?? 0,
    value: mean((piece) => piece.value),
    std: mean((piece) => piece.std),
    sure: mean((piece) => piece.sure),
  };
}

function thinned(run: readonly Piece[], every: number): Piece[] {
  if (every <= 1) return [...run];
  const kept: Piece[] = [];
  for (let index = 0; index < run.length; index += every) kept.push(merged(run.slice(index, index + every)));
  return kept;
}

/** Few long pieces are plateaus; many short ones are points in their middle, the run reaching from edge to edge. */
function pointsOf(run: readonly Piece[], plateaus: boolean): Point[] {
  const last = run.length - 1;
  return run.flatMap((piece, index) => {
    const { start, end, value, std, sure } = piece;
    const middle = (start + end) / 2;
    const edges = [...(index === 0 && end > start ? [start] : []), middle, ...(index === last && end > start ? [end - 1e-3 * (end - start)] : [])];
    const places = plateaus && end > start ? [start, end - 1e-3 * (end - start)] : edges;
    return places.map((at) => ({ at, value, std, sure }));
  });
}

export interface Line {
  readonly points: readonly Point[];
  /** Whether the points stand for a course between them, not for plateaus. */
  readonly smooth: boolean;
  /** Whether the points stand alone and the line between them only leads the eye. */
  readonly dots: boolean;
}

const FEW = 16;
/** Where less than this share of the time was read, as in a chat, plateaus would be specks. */
const SPARSE = 0.25;

function dotted(pieces: readonly Piece[]): Line {
  const points = pieces.map(({ start, end, value, std, sure }) => ({ at: (start + end) / 2, value, std, sure }));
  return { points, smooth: false, dots: true };
}

/** The points of a track between two places, at most about `limit` of them. */
export function line(track: Track, pick: Pick, from: number, to: number, limit = 900): Line {
  const pieces = piecesOf(track, pick, from, to);
  const read = pieces.reduce((sum, piece) => sum + piece.end - piece.start, 0);
  if (pieces.length > 2 && read < SPARSE * (to - from)) return dotted(thinned(pieces, Math.ceil(pieces.length / limit)));
  const plateaus = pieces.length <= FEW || pieces.some((piece) => piece.end - piece.start > 0.1 * (to - from));
  const every = Math.ceil(pieces.length / limit);
  const all: Point[] = [];
  for (const run of runsOf(pieces)) {
    const own = pointsOf(thinned(run, every), plateaus);
    const last = all.at(-1);
    if (last && own[0]) all.push({ at: (last.at + own[0].at) / 2, value: null, std: 0, sure: 0 });
    all.push(...own);
  }
  return { points: all, smooth: !plateaus, dots: false };
}

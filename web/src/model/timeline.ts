// The timeline: who is there, how long it is, and which affect holds at a point.
import type { Affect, Analysis, Modality, Series, Span, Track, Unit } from "./analysis.ts";
import { conflict, top } from "./affects.ts";

export interface Person {
  readonly name: string;
  readonly fused: Track | null;
  /** By modality, the fused track first. */
  readonly tracks: readonly Track[];
  /** Index of the person's own colour. */
  readonly index: number;
}

export interface Timeline {
  readonly unit: Unit;
  readonly end: number;
  /** Whether there is more than one point in time or text. */
  readonly moves: boolean;
  readonly persons: readonly Person[];
  readonly modalities: readonly Modality[];
}

const ORDER: readonly Modality[] = ["fused", "text", "speech", "face"];

/** The tracks of a voice that was joined to a face go to the one person that the fused timeline knows. */
function renamed(analysis: Analysis): Track[] {
  const known = new Set(analysis.fused.map((track) => track.person));
  const alias = new Map<string, string>();
  for (const { voice, face, joined } of analysis.links) {
    if (joined && known.has(face) && !known.has(voice)) alias.set(voice, face);
    else if (joined && known.has(voice) && !known.has(face)) alias.set(face, voice);
  }
  return analysis.tracks.map((track) => ({ ...track, person: alias.get(track.person) ?? track.person }));
}

function personsOf(analysis: Analysis): Person[] {
  const all = [...analysis.fused, ...renamed(analysis)];
  const names = [...new Set(all.map((track) => track.person))];
  const persons = names.map((name) => {
    const own = all.filter((track) => track.person === name && (track.affects.length > 0 || track.series.length > 0));
    const tracks = own.toSorted((one, other) => ORDER.indexOf(one.modality) - ORDER.indexOf(other.modality));
    return { name, tracks, fused: tracks.find((track) => track.modality === "fused") ?? null };
  });
  return persons.filter((person) => person.tracks.some((track) => track.affects.length > 0)).map((person, index) => ({ ...person, index }));
}

function endOf(analysis: Analysis): number {
  let end = analysis.source.duration ?? 0;
  const stretch = (span: Span | null): void => {
    if (span?.unit === analysis.source.unit && span.end > end) end = span.end;
  };
  for (const track of [...analysis.fused, ...analysis.tracks]) for (const affect of track.affects) stretch(affect.span);
  for (const turn of analysis.turns) stretch(turn.span);
  return end;
}

export function buildTimeline(analysis: Analysis): Timeline {
  const persons = personsOf(analysis);
  const end = endOf(analysis);
  const present = new Set(persons.flatMap((person) => person.tracks.map((track) => track.modality)));
  return {
    unit: analysis.source.unit,
    end,
    moves: end > 0 && analysis.source.kind !== "image",
    persons,
    modalities: ORDER.filter((modality) => present.has(modality)),
  };
}

/** Index of the last span that begins at or before a point, or -1. */
export function lastBefore<T>(items: readonly T[], at: number, start: (item: T) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (start(items[middle] as T) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const holds = (span: Span, at: number): boolean => span.start <= at && (at < span.end || span.start === span.end);

/** The affect of a track at a point; `null` in a gap. A photograph's affect has no span and always holds. */
export function affectAt(track: Track, at: number): Affect | null {
  const index = lastBefore(track.affects, at, (affect) => affect.span?.start ?? Number.NEGATIVE_INFINITY);
  for (let near = index; near >= Math.max(0, index - 2); near -= 1) {
    const affect = track.affects[near];
    if (affect && (affect.span === null || holds(affect.span, at))) return affect;
  }
  const last = track.affects.at(-1);
  return last?.span && at >= last.span.end && at - last.span.end < 1e-6 ? last : null;
}

/** What a track says somewhere in a span: at a point of it, or else first within it. */
export function affectWithin(track: Track, at: number, span: Span | null): Affect | null {
  const here = affectAt(track, at);
  if (here || !span) return here;
  const next = track.affects[lastBefore(track.affects, span.start, (affect) => affect.span?.start ?? 0) + 1];
  const before = track.affects.findLast((affect) => affect.span && affect.span.start <= at && affect.span.end > span.start);
  return before ?? (next?.span && next.span.start < span.end ? next : null);
}

/** The place that keyboard steps go to: the next or the previous beginning of an affect of anyone. */
export function neighbour(tracks: readonly Track[], at: number, step: 1 | -1): number | null {
  const starts = tracks.flatMap((track) => track.affects.map((affect) => affect.span?.start ?? 0));
  const beyond = starts.filter((start) => (step === 1 ? start > at + 1e-6 : start < at - 1e-6));
  if (beyond.length === 0) return null;
  return beyond.reduce((best, start) => (step === 1 ? Math.min(best, start) : Math.max(best, start)));
}

/** One sample of a series, or null where it was not measured or lies outside. */
function row(series: Series, index: number): number[] | null {
  if (index < 0 || (index + 1) * series.parts > series.values.length) return null;
  const values = series.values.slice(index * series.parts, (index + 1) * series.parts);
  return values.every((value) => value !== null) ? values : null;
}

/** The values of a series at a point, linear between two samples, the nearer one beside a gap; `null` in a gap. */
export function sample(series: Series, at: number): number[] | null {
  const position = (at - series.start) * series.rate;
  const below = Math.floor(position);
  const share = position - below;
  const one = row(series, below);
  const other = row(series, below + 1);
  if (one && other) return one.map((value, index) => value + share * ((other[index] ?? value) - value));
  return share < 0.5 || !other ? one : other;
}

export function curve(person: Person, name: string): Series | null {
  for (const track of person.tracks) {
    const found = track.series.find((series) => series.name === name);
    if (found) return found;
  }
  return null;
}

export interface Mood {
  readonly label: string;
  /** Mean probability over the whole track, weighed by length. */
  readonly share: number;
}

const lengthOf = (affect: Affect): number => (affect.span ? Math.max(affect.span.end - affect.span.start, 1e-3) : 1);

/** The mean distribution of a track over its whole length, greatest share first. */
export function moods(track: Track): Mood[] {
  const sums = new Map<string, number>();
  let total = 0;
  for (const affect of track.affects) {
    const weight = lengthOf(affect);
    total += weight;
    for (const label in affect.categories?.probs) sums.set(label, (sums.get(label) ?? 0) + weight * (affect.categories.probs[label] ?? 0));
  }
  return [...sums].map(([label, sum]) => ({ label, share: sum / total })).sort((one, other) => other.share - one.share);
}

/** The mean confidence of a track. */
export function sureness(track: Track): number {
  const total = track.affects.reduce((sum, affect) => sum + lengthOf(affect), 0);
  return track.affects.reduce((sum, affect) => sum + lengthOf(affect) * (affect.confidence ?? top(affect)?.p ?? 0), 0) / (total || 1);
}

/** How many stretches of a track hold a conflict; neighbours count as one. */
export function conflicts(track: Track): number {
  let count = 0;
  let before = false;
  for (const affect of track.affects) {
    const now = conflict(affect) !== null;
    if (now && !before) count += 1;
    before = now;
  }
  return count;
}

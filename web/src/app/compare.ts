// Two analyses beside one another: on one axis, and person by person.
import type { Affect, Analysis, Dimension, DimensionName, Track } from "../model/analysis.ts";
import { percent, personName, signed, words } from "../model/format.ts";
import { buildTimeline, conflicts, moods, type Mood, type Person, type Timeline } from "../model/timeline.ts";

export interface Side {
  readonly id: string;
  readonly name: string;
  readonly timeline: Timeline;
}

export const sideOf = (id: string, name: string, analysis: Analysis): Side => ({ id, name, timeline: buildTimeline(analysis) });

export type Axis = "time" | "share";

/** Seconds lie on one axis as they are; characters and seconds only as shares of the whole. */
export const axesOf = (one: Side, other: Side): readonly Axis[] => (one.timeline.unit === other.timeline.unit ? ["time", "share"] : ["share"]);

/** Moves the spans of a track onto another axis. */
export function scaled(track: Track, factor: number): Track {
  if (factor === 1) return track;
  const move = (affect: Affect): Affect => (affect.span ? { ...affect, span: { ...affect.span, start: affect.span.start * factor, end: affect.span.end * factor } } : affect);
  return { ...track, affects: track.affects.map(move) };
}

export const scaledPerson = (person: Person, factor: number): Person => {
  const tracks = person.tracks.map((track) => scaled(track, factor));
  return { ...person, tracks, fused: tracks.find((track) => track.modality === "fused") ?? null };
};

export const mainTrack = (person: Person): Track | null => person.fused ?? person.tracks[0] ?? null;

/** The mean of a dimension, or of its spread, over a track, weighed by length; null where it is nowhere. */
export function average(track: Track, name: DimensionName, part: "mean" | "std" = "mean"): number | null {
  let sum = 0;
  let weight = 0;
  for (const affect of track.affects) {
    const value: Dimension | null = affect[name];
    if (!value) continue;
    const long = affect.span ? Math.max(affect.span.end - affect.span.start, 1e-3) : 1;
    sum += long * value[part];
    weight += long;
  }
  return weight > 0 ? sum / weight : null;
}

/** Half the sum of all differences between two distributions: 0 the same, 1 nothing in common; null for unlike label sets. */
export function apart(one: readonly Mood[], other: readonly Mood[]): number | null {
  const labels = new Set([...one, ...other].map((mood) => mood.label));
  const common = one.filter((mood) => other.some((two) => two.label === mood.label)).length;
  if (common === 0 || common < labels.size / 2) return null;
  const of = (moods_: readonly Mood[], label: string): number => moods_.find((mood) => mood.label === label)?.share ?? 0;
  const sum = (moods_: readonly Mood[]): number => moods_.reduce((whole, mood) => whole + mood.share, 0) || 1;
  return 0.5 * [...labels].reduce((whole, label) => whole + Math.abs(of(one, label) / sum(one) - of(other, label) / sum(other)), 0);
}

export interface Pairing {
  readonly one: Person | null;
  readonly other: Person | null;
}

/** The two who are looked at, then persons of the same name, then the rest in the order in which they come. */
export function pairsOf(one: Timeline, other: Timeline, first: Pairing = { one: null, other: null }): Pairing[] {
  const chosen = first.one && first.other ? [first] : [];
  const left = one.persons.filter((person) => chosen.length === 0 || person !== first.one);
  const free = other.persons.filter((person) => chosen.length === 0 || person !== first.other);
  const take = (match: (person: Person) => boolean): Person | null => {
    const at = free.findIndex(match);
    return at < 0 ? null : (free.splice(at, 1)[0] ?? null);
  };
  const named = new Map(left.map((person) => [person, take((candidate) => candidate.name === person.name)]));
  const pairs = left.map((person) => ({ one: person, other: named.get(person) ?? take(() => true) }));
  return [...chosen, ...pairs, ...free.map((person) => ({ one: null, other: person }))];
}

export interface Summary {
  readonly person: Person;
  readonly moods: readonly Mood[];
  readonly valence: Dimension | null;
  readonly arousal: Dimension | null;
  readonly conflicts: number;
}

function overall(track: Track, name: DimensionName): Dimension | null {
  const mean = average(track, name);
  return mean === null ? null : { mean, std: average(track, name, "std") ?? 0 };
}

export function summaryOf(person: Person): Summary {
  const track = mainTrack(person);
  if (!track) return { person, moods: [], valence: null, arousal: null, conflicts: 0 };
  return { person, moods: moods(track), valence: overall(track, "valence"), arousal: overall(track, "arousal"), conflicts: conflicts(track) };
}

/** Less than this is no difference that anybody would see. */
const SMALL = 0.05;

function direction(name: string, before: Dimension | null, after: Dimension | null): string | null {
  if (before === null || after === null) return null;
  const change = after.mean - before.mean;
  const ways: Record<string, readonly [string, string]> = { valence: ["more pleasant", "less pleasant"], arousal: ["more activated", "calmer"] };
  const [up, down] = ways[name] ?? ["higher", "lower"];
  if (Math.abs(change) < SMALL) return null;
  // What one answer leaves open is more than this: the sentence must not promise a difference.
  const within = Math.abs(change) < Math.hypot(before.std, after.std) ? ", within the spread" : "";
  return `${change > 0 ? up : down} (${name} ${signed(change)}${within})`;
}

function biggest(one: readonly Mood[], other: readonly Mood[]): string | null {
  const changes = other
    .map((mood) => ({ ...mood, before: one.find((two) => two.label === mood.label)?.share }))
    .filter((mood): mood is Mood & { before: number } => mood.before !== undefined)
    .sort((first, second) => Math.abs(second.share - second.before) - Math.abs(first.share - first.before));
  const most = changes[0];
  if (!most || Math.abs(most.share - most.before) < SMALL) return null;
  return `${words(most.label)} ${most.share > most.before ? "rises" : "falls"} from ${percent(most.before)} to ${percent(most.share)}`;
}

/** The difference between two people in a sentence. */
export function differenceOf(before: Summary, after: Summary): string {
  const [one, other] = [personName(before.person.name), personName(after.person.name)];
  const who = one === other ? other : `${other}, beside ${one},`;
  const ways = [direction("valence", before.valence, after.valence), direction("arousal", before.arousal, after.arousal)].filter((way) => way !== null);
  const shift = biggest(before.moods, after.moods);
  if (ways.length > 0) return `In the second, ${who} seems ${ways.join(" and ")}${shift ? `; ${shift}` : ""}.`;
  if (shift) return `From ${one === other ? `the first ${one} to the second` : `${one} to ${other}`}, ${shift}.`;
  return `${who} seems much the same on the whole.`;
}

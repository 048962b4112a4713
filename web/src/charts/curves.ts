// Which curves a person's chart shows, as data for uPlot.
import uPlot from "uplot";
import { DIMENSIONS, type DimensionName, type Modality, type Track } from "../model/analysis.ts";
import { family } from "../model/labels.ts";
import { words } from "../model/format.ts";
import type { Person } from "../model/timeline.ts";
import type { Measure } from "../store.ts";
import { line, type Line, type Pick } from "./points.ts";

export interface Curve extends Line {
  readonly name: string;
  /** Name of the theme's colour. */
  readonly token: string;
  readonly width: number;
  readonly dash: readonly number[];
  readonly band: boolean;
}

const MODALITY_TOKEN: Record<Modality, string> = {
  fused: "--ink",
  text: "--emotion-sadness",
  speech: "--emotion-surprise",
  face: "--emotion-calm",
};
const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
const MOST = 5;

/** The labels that reach highest in a track, at most five: more lines than that nobody can follow. */
export function leading(track: Track): string[] {
  const weights = new Map<string, number>();
  for (const { categories, span } of track.affects) {
    const long = span ? Math.max(span.end - span.start, 1e-3) : 1;
    for (const label in categories?.probs) {
      const p = categories.probs[label] ?? 0;
      weights.set(label, (weights.get(label) ?? 0) + p * p * long);
    }
  }
  return [...weights].sort((one, other) => other[1] - one[1]).slice(0, MOST).map(([label]) => label);
}

function categoryCurves(track: Track, from: number, to: number): Curve[] {
  const used = new Map<string, number>();
  return leading(track).map((label) => {
    const own = family(label);
    const repeat = used.get(own) ?? 0;
    used.set(own, repeat + 1);
    const pick: Pick = (affect) => {
      const p = affect.categories?.probs[label];
      return p === undefined ? null : { value: p, std: 0 };
    };
    return {
      name: words(label),
      token: `--emotion-${own}`,
      ...line(track, pick, from, to),
      width: 2,
      dash: DASHES[repeat % DASHES.length] ?? [],
      band: false,
    };
  });
}

function dimensionCurves(person: Person, name: DimensionName, chosen: Modality, from: number, to: number): Curve[] {
  const pick: Pick = (affect) => {
    const value = affect[name];
    return value && { value: value.mean, std: value.std };
  };
  const curves = person.tracks.map((track) => ({
    name: track.modality,
    token: MODALITY_TOKEN[track.modality],
    ...line(track, pick, from, to),
    width: track.modality === chosen ? 2.5 : 1.5,
    dash: track.modality === chosen ? [] : [5, 3],
    band: track.modality === chosen,
  }));
  // The chosen one last: it lies on top.
  return curves.filter((curve) => curve.points.length > 0).sort((one, other) => Number(one.band) - Number(other.band));
}

export function curvesOf(person: Person, measure: Measure, modality: Modality, from: number, to: number): Curve[] {
  const isDimension = (name: Measure): name is DimensionName => (DIMENSIONS as readonly string[]).includes(name);
  if (isDimension(measure)) return dimensionCurves(person, measure, modality, from, to);
  const track = person.tracks.find((candidate) => candidate.modality === modality);
  return track ? categoryCurves(track, from, to) : [];
}

type Column = (number | null)[];

/** Joins the curves on one axis of time: per curve its value, and for a band its upper and lower bound. */
export function columns(curves: readonly Curve[]): uPlot.AlignedData {
  const tables = curves.map((curve) => {
    const at = curve.points.map((point) => point.at);
    const values: Column = curve.points.map((point) => point.value);
    if (!curve.band) return [at, values] as unknown as uPlot.AlignedData;
    const bound = (sign: number): Column => curve.points.map(({ value, std }) => (value === null ? null : Math.max(-1, Math.min(1, value + sign * std))));
    return [at, values, bound(1), bound(-1)] as unknown as uPlot.AlignedData;
  });
  if (tables.length === 0) return [[]];
  // Mode 2 keeps a break of one curve where another has a point.
  return uPlot.join(tables, tables.map((table) => table.map(() => 2))) as uPlot.AlignedData;
}

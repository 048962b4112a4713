// Reads the JSON into the typed analysis. Parts that are missing become empty, so that older documents stay readable.
import type {
  Affect, Analysis, Categories, Dimension, Evidence, Link, Media, ModelUse, Modality, Moment, Region, Series, Source, Span, TaxonomyUse,
  Track, Turn, Unit,
} from "./analysis.ts";

type Raw = Record<string, unknown>;

export class FormatError extends Error {}

const NEWEST_VERSION = 1;

const isRaw = (value: unknown): value is Raw => typeof value === "object" && value !== null && !Array.isArray(value);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown, otherwise = ""): string => (typeof value === "string" ? value : otherwise);
const number = (value: unknown): number | null => (typeof value === "number" && Number.isFinite(value) ? value : null);
const many = <T>(value: unknown, read: (item: Raw) => T | null): T[] =>
  list(value).filter(isRaw).map(read).filter((item): item is T & {} => item !== null);

function span(value: unknown, unit: Unit): Span | null {
  if (!isRaw(value)) return null;
  const start = number(value.start);
  if (start === null) return null;
  const own: Unit = value.unit === "characters" || value.unit === "seconds" ? value.unit : unit;
  return { start, end: number(value.end) ?? start, unit: own };
}

function dimension(value: unknown): Dimension | null {
  if (!isRaw(value)) return null;
  const mean = number(value.mean);
  return mean === null ? null : { mean, std: number(value.std) ?? 0 };
}

function categories(value: unknown): Categories | null {
  if (!isRaw(value) || !isRaw(value.probs)) return null;
  return { taxonomy: text(value.taxonomy), probs: value.probs as Record<string, number> };
}

function region(value: unknown): Region | null {
  const sides = list(value).map(number);
  return sides.length === 4 && sides.every((side) => side !== null) ? (sides as unknown as Region) : null;
}

function evidence(value: Raw, unit: Unit): Evidence {
  return {
    source: text(value.source, "evidence"),
    weight: number(value.weight) ?? 0,
    span: span(value.span, unit),
    region: region(value.region),
    note: text(value.note),
  };
}

function affect(value: Raw, unit: Unit): Affect {
  return {
    categories: categories(value.categories),
    valence: dimension(value.valence),
    arousal: dimension(value.arousal),
    dominance: dimension(value.dominance),
    labels: list(value.labels).map((label) => text(label)),
    evidence: many(value.evidence, (item) => evidence(item, unit)),
    span: span(value.span, unit),
    confidence: number(value.confidence),
    kind: text(value.kind, "expressed"),
    model: typeof value.model === "string" ? value.model : null,
  };
}

function series(value: Raw): Series | null {
  const rate = number(value.rate);
  if (rate === null || rate <= 0) return null;
  const [, ...rest] = list(value.shape).map((side) => number(side) ?? 1);
  const parts = rest.reduce((product, side) => product * side, 1);
  return { name: text(value.name), start: number(value.start) ?? 0, rate, parts, values: list(value.values) as Series["values"] };
}

function track(value: Raw, unit: Unit, modality: Modality): Track {
  const own = text(value.modality, modality);
  return {
    person: text(value.person, "someone"),
    modality: own as Modality,
    affects: many(value.affects, (item) => affect(item, unit)),
    series: many(value.series, series),
  };
}

function turn(value: Raw, unit: Unit): Turn | null {
  const where = span(value.span, unit);
  if (where === null) return null;
  return {
    speaker: typeof value.speaker === "string" ? value.speaker : null,
    span: where,
    text: typeof value.text === "string" ? value.text : null,
    affect: isRaw(value.affect) ? affect(value.affect, unit) : null,
  };
}

const link = (value: Raw): Link => ({
  voice: text(value.voice),
  face: text(value.face),
  score: number(value.score) ?? 0,
  joined: value.joined === true,
});

const modelUse = (value: Raw): ModelUse => ({
  name: text(value.name, "model"),
  version: text(value.version),
  line: text(value.line),
  licence: text(value.licence),
});

function moment(value: Raw, unit: Unit): Moment | null {
  const where = span(value.span, unit);
  return where && { span: where, person: text(value.person), note: text(value.note) };
}

function taxonomies(value: unknown): TaxonomyUse[] {
  return Object.entries(isRaw(value) ? value : {}).map(([name, raw]) => ({ name, exclusive: isRaw(raw) && raw.exclusive === true }));
}

function source(value: unknown, unit: Unit): Source {
  const raw = isRaw(value) ? value : {};
  return {
    name: text(raw.name, "analysis"),
    kind: text(raw.kind, "text"),
    unit,
    duration: number(raw.duration),
    width: number(raw.width),
    height: number(raw.height),
  };
}

/** Reads a `mien.analysis` document; throws FormatError where it is something else or of a later version. */
export function parseAnalysis(document: unknown): Analysis {
  if (!isRaw(document) || document.format !== "mien.analysis") throw new FormatError("This file holds no mien analysis.");
  const version = number(document.version) ?? 1;
  if (version > NEWEST_VERSION) {
    throw new FormatError(`This analysis has the format version ${version}; this page reads up to ${NEWEST_VERSION}.`);
  }
  const rawSource = isRaw(document.source) ? document.source : {};
  const unit: Unit = rawSource.unit === "characters" ? "characters" : "seconds";
  const rates = isRaw(document.rates) ? document.rates : {};
  return {
    source: source(rawSource, unit),
    tracks: many(document.tracks, (item) => track(item, unit, "text")),
    fused: many(document.fused, (item) => track(item, unit, "fused")),
    taxonomies: taxonomies(document.taxonomies),
    turns: many(document.turns, (item) => turn(item, unit)),
    links: many(document.links, link),
    moments: many(document.moments, (item) => moment(item, unit)),
    models: many(document.models, modelUse),
    rates: rates as Record<string, number>,
    warnings: list(document.warnings).map((warning) => text(warning)),
  };
}

export function parseMedia(value: unknown): Media {
  if (!isRaw(value) || typeof value.kind !== "string") return { kind: "none", note: "" };
  return value as unknown as Media;
}

/** One affect on its own, as a live stream sends it; its times are in seconds. */
export function parseAffect(value: unknown): Affect | null {
  return isRaw(value) ? affect(value, "seconds") : null;
}

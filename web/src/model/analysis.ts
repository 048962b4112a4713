// The analysis as the page reads it: version 1 of the `mien.analysis` JSON format.

export type Unit = "seconds" | "characters";
export type Modality = "text" | "speech" | "face" | "fused";
export type DimensionName = "valence" | "arousal" | "dominance";
export const DIMENSIONS: readonly DimensionName[] = ["valence", "arousal", "dominance"];

export interface Span {
  readonly start: number;
  readonly end: number;
  readonly unit: Unit;
}

export interface Dimension {
  readonly mean: number;
  readonly std: number;
}

export interface Categories {
  readonly taxonomy: string;
  readonly probs: Readonly<Record<string, number>>;
}

/** Left, top, right, bottom, in pixels of the picture. */
export type Region = readonly [number, number, number, number];

export interface Evidence {
  readonly source: string;
  readonly weight: number;
  readonly span: Span | null;
  readonly region: Region | null;
  readonly note: string;
}

export interface Affect {
  readonly categories: Categories | null;
  readonly valence: Dimension | null;
  readonly arousal: Dimension | null;
  readonly dominance: Dimension | null;
  readonly labels: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly span: Span | null;
  readonly confidence: number | null;
  readonly kind: string;
  readonly model: string | null;
}

/** A measured curve of one or more parts a sample, laid flat; a value is `null` where nothing could be measured. */
export interface Series {
  readonly name: string;
  readonly start: number;
  readonly rate: number;
  readonly parts: number;
  readonly values: readonly (number | null)[];
}

export interface TaxonomyUse {
  readonly name: string;
  /** Whether the probabilities add up to one; else each label stands on its own. */
  readonly exclusive: boolean;
}

export interface Track {
  readonly person: string;
  readonly modality: Modality;
  readonly affects: readonly Affect[];
  readonly series: readonly Series[];
}

export interface Turn {
  readonly speaker: string | null;
  readonly span: Span;
  readonly text: string | null;
  readonly affect: Affect | null;
}

export interface Link {
  readonly voice: string;
  readonly face: string;
  readonly score: number;
  readonly joined: boolean;
}

export interface Moment {
  readonly span: Span;
  readonly person: string;
  readonly note: string;
}

export interface ModelUse {
  readonly name: string;
  readonly version: string;
  readonly line: string;
  readonly licence: string;
}

export interface Source {
  readonly name: string;
  readonly kind: string;
  readonly unit: Unit;
  readonly duration: number | null;
  readonly width: number | null;
  readonly height: number | null;
}

export interface Analysis {
  readonly source: Source;
  readonly tracks: readonly Track[];
  readonly fused: readonly Track[];
  readonly taxonomies: readonly TaxonomyUse[];
  readonly turns: readonly Turn[];
  readonly links: readonly Link[];
  readonly moments: readonly Moment[];
  readonly models: readonly ModelUse[];
  readonly rates: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

/** The media that travels with the report: inside it, beside it, or not at all; or that the server of the page has. */
export type Media =
  | { readonly kind: "embedded"; readonly name: string; readonly mime: string; readonly base64: string }
  | { readonly kind: "reference"; readonly name: string; readonly mime: string; readonly href: string; readonly note: string }
  | { readonly kind: "served"; readonly href: string }
  | { readonly kind: "none"; readonly note: string };

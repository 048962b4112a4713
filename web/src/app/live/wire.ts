// The stream's language: what goes over the WebSocket, packed and read. Nothing here knows the page.
import type { Affect, Analysis, Modality, Region } from "../../model/analysis.ts";
import { parseAffect, parseAnalysis } from "../../model/parse.ts";

export const PROTOCOL = "mien.v1";
const SOUND = 1;
const PICTURE = 2;
const HEAD = 9;

export interface Wish {
  /** Samples a second of the microphone, or `null` where it is off. */
  readonly rate: number | null;
  readonly camera: boolean;
}

/** The first message: what will come, and what is to be read from it. */
export function hello({ rate, camera }: Wish): string {
  return JSON.stringify({
    type: "hello",
    version: 1,
    modalities: [...(rate ? ["speech"] : []), ...(camera ? ["face"] : [])],
    ...(rate ? { audio: { encoding: "pcm16", rate, channels: 1 } } : {}),
    ...(camera ? { video: { encoding: "jpeg" } } : {}),
    explain: true,
  });
}

function pack(kind: number, at: number, payload: Uint8Array): ArrayBuffer {
  const message = new ArrayBuffer(HEAD + payload.byteLength);
  const view = new DataView(message);
  view.setUint8(0, kind);
  view.setFloat64(1, at, true);
  new Uint8Array(message, HEAD).set(payload);
  return message;
}

/** Samples that begin `at` seconds; all browsers that this page runs in keep numbers little-endian, as PCM16 wants. */
export const packSound = (at: number, samples: Int16Array): ArrayBuffer =>
  pack(SOUND, at, new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));

export const packPicture = (at: number, jpeg: ArrayBuffer): ArrayBuffer => pack(PICTURE, at, new Uint8Array(jpeg));

export interface Reading {
  readonly type: "affect";
  readonly modality: Modality;
  readonly person: string;
  readonly final: boolean;
  readonly affect: Affect;
  /** Where the face is, in pixels of the picture that was sent. */
  readonly box: Region | null;
}

export type Message =
  | { readonly type: "ready"; readonly models: readonly string[]; readonly notes: readonly string[] }
  | Reading
  | { readonly type: "dropped"; readonly modality: string; readonly total: number }
  | { readonly type: "warning"; readonly note: string }
  | { readonly type: "error"; readonly words: string }
  | { readonly type: "analysis"; readonly analysis: Analysis };

type Raw = Record<string, unknown>;
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const rows = (value: unknown): Raw[] => (Array.isArray(value) ? value.filter((row): row is Raw => typeof row === "object" && row !== null) : []);
const MODALITIES = new Set(["text", "speech", "face", "fused"]);

function boxOf(value: unknown): Region | null {
  const sides = Array.isArray(value) ? value.filter((side): side is number => Number.isFinite(side)) : [];
  return sides.length === 4 ? (sides as unknown as Region) : null;
}

function reading(raw: Raw): Reading | null {
  const affect = parseAffect(raw.affect);
  if (!affect || !MODALITIES.has(text(raw.modality))) return null;
  return { type: "affect", modality: raw.modality as Modality, person: text(raw.person) || "someone", final: raw.final === true, affect, box: boxOf(raw.box) };
}

const READERS: Record<string, (raw: Raw) => Message | null> = {
  ready: (raw) => ({
    type: "ready",
    models: rows(raw.models).map((model) => [text(model.name), text(model.version)].filter(Boolean).join(" ")),
    notes: (Array.isArray(raw.notes) ? raw.notes : []).map(text).filter(Boolean),
  }),
  affect: reading,
  dropped: (raw) => ({ type: "dropped", modality: text(raw.modality), total: Number(raw.total) || 0 }),
  warning: (raw) => ({ type: "warning", note: text(raw.note) }),
  error: (raw) => ({ type: "error", words: text(raw.detail) || text(raw.title) || "The server ended the stream." }),
  analysis: (raw) => ({ type: "analysis", analysis: parseAnalysis(raw.analysis) }),
};

/** Reads a message of the server; `null` for one that this page does not know. */
export function read(message: string): Message | null {
  const raw = JSON.parse(message) as Raw | null;
  return (raw && READERS[text(raw.type)]?.(raw)) ?? null;
}

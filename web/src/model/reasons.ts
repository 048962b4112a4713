// The reasons for what a person seems to feel at a point, of all modalities, without repeats.
import type { Affect, Evidence, Modality, Region, Turn } from "./analysis.ts";
import { affectAt, type Person } from "./timeline.ts";
import { part } from "./words.ts";

export interface Reason {
  readonly modality: Modality;
  readonly item: Evidence;
}

/** Remarks on how an answer came about; they are no reasons for it. */
const REMARKS = new Set(["face", "project", "conformal"]);
/** What weighs nothing is a remark, too, such as how a dimension was derived. */
const isRemark = (item: Evidence): boolean => REMARKS.has(item.source) || (item.weight === 0 && item.region === null);
/** What a fused affect says of its parts; the page shows it elsewhere. */
const PARTS = new Set(["text", "speech", "face", "conflict"]);

const key = (item: Evidence): string => JSON.stringify([item.source, item.note, item.span, item.region]);

function allAt(person: Person, at: number): Reason[] {
  const seen = new Set<string>();
  const found: Reason[] = [];
  const own = [...person.tracks].sort((one, other) => Number(one.modality === "fused") - Number(other.modality === "fused"));
  for (const track of own) {
    for (const item of affectAt(track, at)?.evidence ?? []) {
      if (track.modality === "fused" && PARTS.has(item.source) && !item.region) continue;
      if (seen.has(key(item))) continue;
      seen.add(key(item));
      found.push({ modality: track.modality, item });
    }
  }
  return found;
}

export function reasonsAt(person: Person, at: number): Reason[] {
  const reasons = allAt(person, at).filter(({ item }) => !isRemark(item));
  return reasons.sort((one, other) => Math.abs(other.item.weight) - Math.abs(one.item.weight));
}

export function remarksAt(person: Person, at: number): Reason[] {
  return allAt(person, at).filter(({ item }) => isRemark(item) && (item.note || item.source === "face"));
}

/** How much a modality counted in a fused affect, in [0, 1]. */
export function shareOf(fused: Affect, modality: Modality): number | null {
  return fused.evidence.find((item) => item.source === modality && !item.region)?.weight ?? null;
}

/** Where a photograph's face is, which has no curve of boxes. */
export function faceRegion(person: Person, at: number): Region | null {
  return allAt(person, at).find(({ item }) => item.source === "face" && item.region)?.item.region ?? null;
}

/** The words of a person at a point, or those of someone unnamed; of a running text the sentence. */
export function turnOf(turns: readonly Turn[], person: Person, at: number): Turn | null {
  const here = turns.filter((turn) => turn.span.start <= at && (at < turn.span.end || turn.span.start === turn.span.end));
  const turn = here.find((one) => one.speaker === person.name) ?? here.find((one) => one.speaker === null) ?? null;
  const words = person.tracks.find((track) => track.modality === "text");
  const span = words && affectAt(words, at)?.span;
  return turn && span?.unit === "characters" ? part(turn, span) : turn;
}

// The reasons for what a person seems to feel at a point, of all modalities, without repeats.
import type { Evidence, Modality, Turn } from "./analysis.ts";
import { affectAt, type Person } from "./timeline.ts";

export interface Reason {
  readonly modality: Modality;
  readonly item: Evidence;
}

const key = (item: Evidence): string => JSON.stringify([item.source, item.note, item.span, item.region]);

export function reasonsAt(person: Person, at: number): Reason[] {
  const seen = new Set<string>();
  const found: Reason[] = [];
  const own = [...person.tracks].sort((one, other) => Number(one.modality === "fused") - Number(other.modality === "fused"));
  for (const track of own) {
    for (const item of affectAt(track, at)?.evidence ?? []) {
      if (seen.has(key(item))) continue;
      seen.add(key(item));
      found.push({ modality: track.modality, item });
    }
  }
  return found.sort((one, other) => Math.abs(other.item.weight) - Math.abs(one.item.weight));
}

/** The turn of a person at a point, or the turn of someone unnamed. */
export function turnOf(turns: readonly Turn[], person: Person, at: number): Turn | null {
  const here = turns.filter((turn) => turn.span.start <= at && (at < turn.span.end || turn.span.start === turn.span.end));
  return here.find((turn) => turn.speaker === person.name) ?? here.find((turn) => turn.speaker === null) ?? null;
}

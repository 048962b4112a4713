// The course of a live stream: what was read from whom, partial answers until final ones take their place.
import type { Affect, Modality, Region } from "../../model/analysis.ts";
import type { Reading } from "./wire.ts";

export interface Bit {
  readonly affect: Affect;
  readonly start: number;
  readonly end: number;
  readonly final: boolean;
}

export interface Line {
  readonly person: string;
  readonly modality: Modality;
  readonly bits: readonly Bit[];
  readonly box: Region | null;
}

/** Seconds that the page remembers; the server remembers all of it. */
export const REMEMBERED = 90;
/** Seconds after which a partial answer that nothing confirmed is taken back. */
const UNCONFIRMED = 6;
/** One sound has one voice at a time, so a new answer replaces that of another guess at who spoke. */
const ONE_AT_A_TIME = new Set<Modality>(["speech", "text"]);

const overlap = (one: Bit, other: Bit): boolean => one.start < other.end && other.start < one.end;

interface Own extends Line {
  bits: Bit[];
  box: Region | null;
}

export class Course {
  readonly #lines = new Map<string, Own>();
  readonly #places = new Map<string, number>();
  #end = 0;

  /** The last moment that anything was read of, in seconds. */
  get end(): number {
    return this.#end;
  }

  add(reading: Reading): void {
    const { span } = reading.affect;
    if (span?.unit !== "seconds") return;
    const bit: Bit = { affect: reading.affect, start: span.start, end: span.end, final: reading.final };
    this.#end = Math.max(this.#end, span.end);
    const line = this.#line(reading.person, reading.modality);
    line.box = reading.box ?? line.box;
    for (const other of this.#rivals(line)) other.bits = other.bits.filter((old) => old.final || !overlap(old, bit));
    if (reading.final) line.bits = line.bits.filter((old) => !old.final || !overlap(old, bit) || old.start !== bit.start);
    line.bits.push(bit);
    line.bits.sort((one, other) => one.start - other.start);
    this.#forget();
  }

  /** Lines that hold something, in the order in which their persons came. */
  lines(modality?: Modality): readonly Line[] {
    return [...this.#lines.values()].filter((line) => line.bits.length > 0 && (modality === undefined || line.modality === modality));
  }

  persons(): readonly string[] {
    return [...new Set(this.lines().map((line) => line.person))];
  }

  /** The place of a person among all that ever came, so that each keeps its colour. */
  place(person: string): number {
    return this.#places.get(person) ?? 0;
  }

  line(person: string, modality: Modality): Line | null {
    const line = this.#lines.get(`${modality} ${person}`);
    return line && line.bits.length > 0 ? line : null;
  }

  #line(person: string, modality: Modality): Own {
    const key = `${modality} ${person}`;
    let line = this.#lines.get(key);
    if (!line) this.#lines.set(key, (line = { person, modality, bits: [], box: null }));
    if (!this.#places.has(person)) this.#places.set(person, this.#places.size);
    return line;
  }

  #rivals(line: Own): Own[] {
    return ONE_AT_A_TIME.has(line.modality) ? [...this.#lines.values()].filter((other) => other.modality === line.modality) : [line];
  }

  #forget(): void {
    const end = this.#end;
    for (const line of this.#lines.values()) {
      line.bits = line.bits.filter((bit) => bit.end > end - (bit.final ? REMEMBERED : UNCONFIRMED));
    }
  }
}

/** What a line says now: its last answer, if that is not older than `patience` seconds. */
export function latest(line: Line | null, now: number, patience = 5): Bit | null {
  const last = line?.bits.at(-1) ?? null;
  return last && now - last.end <= patience ? last : null;
}

export interface Trace {
  readonly at: readonly number[];
  readonly values: readonly (number | null)[];
}

/** Seconds without an answer that break a curve. */
const BREAK = 1.5;

/** Final or partial answers as points of a curve; a partial run begins where the final one before it ended. */
export function trace(line: Line, name: "valence" | "arousal", final: boolean): Trace {
  const at: number[] = [];
  const values: (number | null)[] = [];
  let before: Bit | null = null;
  let joined = false;
  const put = (time: number, value: number | null): void => {
    at.push(Math.max(time, (at.at(-1) ?? Number.NEGATIVE_INFINITY) + 1e-4));
    values.push(value);
  };
  const ends = (bit: Bit): void => put(bit.end, bit.affect[name]?.mean ?? null);
  for (const bit of line.bits) {
    const value = bit.affect[name]?.mean;
    if (value === undefined) continue;
    const follows = before !== null && bit.start - before.end <= BREAK;
    if (bit.final === final) {
      if (!follows || !joined) {
        if (before && joined) ends(before);
        if (at.length > 0) put(at.at(-1) as number, null);
        if (follows && before && !final) put((before.start + before.end) / 2, before.affect[name]?.mean ?? null);
        else put(bit.start, value);
      }
      put((bit.start + bit.end) / 2, value);
    }
    joined = bit.final === final;
    before = bit;
  }
  if (before && joined) ends(before);
  return { at, values };
}

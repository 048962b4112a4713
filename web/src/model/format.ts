// Numbers and places as people read them.
import type { Unit } from "./analysis.ts";

/** A point of the timeline: `1:02.5`, `1:00:03`, or `char 128`. */
export function place(at: number, unit: Unit, fine = true): string {
  if (unit === "characters") return `char ${Math.round(at)}`;
  const tenths = Math.round(Math.max(0, at) * 10);
  const seconds = Math.floor(tenths / 10);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = String(seconds % 60).padStart(2, "0");
  const tail = fine && hours === 0 ? `.${tenths % 10}` : "";
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}${tail}`;
}

/** A length: `42 s`, `10 min`, `1.2 k characters`. */
export function length(duration: number, unit: Unit): string {
  if (unit === "characters") return `${Math.round(duration).toLocaleString("en")} characters`;
  if (duration < 90) return `${duration < 10 ? duration.toFixed(1) : Math.round(duration)} s`;
  const minutes = Math.floor(duration / 60);
  const seconds = Math.round(duration % 60);
  return seconds === 0 ? `${minutes} min` : `${minutes} min ${seconds} s`;
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** A number on [-1, 1] with its sign, the minus as a minus. */
export function signed(value: number, digits = 2): string {
  const rounded = value.toFixed(digits);
  const bare = rounded.replace("-", "");
  if (Number(rounded) === 0) return bare;
  return `${value < 0 ? "\u2212" : "+"}${bare}`;
}

/** `face-1` as `Face 1`; a name as it is. */
export function personName(person: string): string {
  const known = /^(face|voice|person|speaker|writer|author)[-_ ]?(\d*)$/i.exec(person);
  if (!known) return person;
  const word = known[1] ?? "";
  return `${word.charAt(0).toUpperCase()}${word.slice(1).toLowerCase()}${known[2] ? ` ${known[2]}` : ""}`;
}

export const words = (name: string): string => name.replaceAll("_", " ");
export const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
/** What somebody else said, as a sentence; a name of a file at its beginning stays as it is. */
export function sentence(text: string): string {
  const [first = ""] = text.split(" ");
  const begun = /^[a-z]+[,;:]?$/.test(first) ? capital(text) : text;
  return begun === "" || /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}

export const basename = (path: string): string => path.split(/[\\/]/).pop() || path;
export const plural = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`;

/** Round places for ticks, about `wanted` of them. */
export function ticks(from: number, to: number, wanted: number): number[] {
  const rough = (to - from) / Math.max(1, wanted);
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600, 7200, 20000, 50000, 100000, 1000000];
  const step = steps.find((candidate) => candidate >= rough) ?? rough;
  const made: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to + 1e-9; at += step) made.push(at);
  return made;
}

// Times as people say them.
import { plural } from "../model/format.ts";

function rough(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return plural(Math.round(seconds / 86400), "day");
}

/** `5 min ago`. */
export function ago(iso: string, now: number): string {
  const seconds = (now - Date.parse(iso)) / 1000;
  return Number.isFinite(seconds) && seconds >= 10 ? `${rough(seconds)} ago` : "just now";
}

/** `kept for 23 h`, or nothing where it is kept for good. */
export function kept(iso: string | null, now: number): string {
  const seconds = iso === null ? Number.NaN : (Date.parse(iso) - now) / 1000;
  return Number.isFinite(seconds) ? (seconds > 0 ? `kept for ${rough(seconds)}` : "about to be deleted") : "";
}

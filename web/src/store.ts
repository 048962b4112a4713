// What the page shows now. Components read these signals; only actions below change them.
import { computed, signal } from "@preact/signals";
import type { Analysis, DimensionName, Media, Modality } from "./model/analysis.ts";
import { parseAnalysis } from "./model/parse.ts";
import { affectAt, buildTimeline, type Person, type Timeline } from "./model/timeline.ts";

export type Measure = "categories" | DimensionName;
export type Theme = "system" | "light" | "dark";
export interface View {
  readonly from: number;
  readonly to: number;
}

const EMPTY = parseAnalysis({ format: "mien.analysis", version: 1 });

export const analysis = signal<Analysis>(EMPTY);
export const media = signal<Media>({ kind: "none", note: "" });
export const timeline = computed<Timeline>(() => buildTimeline(analysis.value));

/** The point of the timeline that everything speaks of, in its unit. */
export const cursor = signal(0);
export const playing = signal(false);
export const selected = signal("");
export const measure = signal<Measure>("categories");
export const modality = signal<Modality>("fused");
export const view = signal<View>({ from: 0, to: 1 });
export const theme = signal<Theme>("system");
/** Set by the player, so that a move of the cursor moves the media. */
export const player = signal<HTMLMediaElement | null>(null);

export const person = computed<Person | null>(
  () => timeline.value.persons.find((one) => one.name === selected.value) ?? timeline.value.persons[0] ?? null,
);

const systemDark = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : null;
const systemIsDark = signal(systemDark?.matches ?? false);
systemDark?.addEventListener("change", (event) => {
  systemIsDark.value = event.matches;
});
export const dark = computed(() => (theme.value === "system" ? systemIsDark.value : theme.value === "dark"));

/** Shows an analysis from its beginning. */
export function show(next: Analysis, nextMedia: Media): void {
  analysis.value = next;
  media.value = nextMedia;
  const { persons, end, modalities } = timeline.value;
  selected.value = persons[0]?.name ?? "";
  modality.value = modalities[0] ?? "fused";
  const known = persons.some((one) => one.tracks.some((track) => track.affects.some((affect) => affect.categories)));
  measure.value = known || persons.length === 0 ? "categories" : "valence";
  view.value = { from: 0, to: end || 1 };
  cursor.value = 0;
  const starts = persons.flatMap((one) => one.tracks[0]?.affects[0]?.span?.start ?? []);
  if (!persons.some((one) => reads(one, 0)) && starts.length > 0) cursor.value = Math.min(...starts);
  attend();
}

/** Puts the same analysis in other words, such as of another taxonomy; everything stays where it is. */
export function restate(next: Analysis): void {
  analysis.value = next;
}

const reads = (one: Person, at: number): boolean => one.tracks.some((track) => affectAt(track, at) !== null);

/** Where nothing is read from the chosen person but from one other, as between two who talk in turn, shows the other. */
export function attend(): void {
  const at = cursor.value;
  const here = timeline.value.persons.filter((one) => reads(one, at));
  if (here.length === 1 && person.value && here[0] !== person.value) selected.value = here[0]?.name ?? "";
}

/** Where playing stops by itself, after a moment that was asked for. */
export const until = signal<number | null>(null);

/** Plays one stretch; short ones are given the time to be heard. */
export function playSpan({ start, end }: { readonly start: number; readonly end: number }): void {
  seek(start);
  until.value = Math.max(end, start + SHORTEST);
  void player.value?.play();
}

const SHORTEST = 1.5;

/** Moves the cursor, and the media with it. */
export function seek(at: number): void {
  until.value = null;
  const to = Math.min(Math.max(0, at), timeline.value.end);
  cursor.value = to;
  if (player.value && timeline.value.unit === "seconds") player.value.currentTime = to;
  follow(to);
  attend();
}

/** Keeps the cursor inside what the curves show. */
export function follow(at: number): void {
  const { from, to } = view.value;
  if (at >= from && at <= to) return;
  const width = to - from;
  const start = Math.min(Math.max(0, at - 0.1 * width), Math.max(0, timeline.value.end - width));
  view.value = { from: start, to: start + width };
}

/** Shows `factor` times as much of the timeline, around the cursor. */
export function zoom(factor: number): void {
  const end = timeline.value.end || 1;
  const width = Math.min(end, Math.max(end / 200, (view.value.to - view.value.from) * factor));
  const from = Math.min(Math.max(0, cursor.value - width / 2), end - width);
  view.value = { from, to: from + width };
}

export function togglePlay(): void {
  const element = player.value;
  if (!element) return;
  if (element.paused) void element.play();
  else element.pause();
}

/** How far one arrow key goes: a second of sound or video, more in long ones; 0 where it goes from turn to turn. */
export const step = computed(() => (["audio", "video"].includes(analysis.value.source.kind) ? Math.max(1, timeline.value.end / 300) : 0));

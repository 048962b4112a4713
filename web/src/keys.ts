// Keys that work anywhere on the page, unless a control that needs them has the focus.
import { neighbour } from "./model/timeline.ts";
import { cursor, seek, step, timeline, togglePlay, zoom } from "./store.ts";

const CONTROLS = "input, select, textarea, button, video, audio, a, [role=listbox], [role=radio]";

/** Moves by one step of time, or to the next affect where the timeline counts characters. */
export function move(direction: 1 | -1, factor = 1): void {
  if (step.value > 0) {
    seek(cursor.value + direction * factor * step.value);
    return;
  }
  const tracks = timeline.value.persons.map((one) => one.tracks[0]).filter((track) => track !== undefined);
  for (let count = 0; count < factor; count += 1) {
    const next = neighbour(tracks, cursor.value, direction);
    if (next !== null) seek(next);
  }
}

const ACTIONS: Record<string, () => void> = {
  ArrowRight: () => move(1),
  ArrowLeft: () => move(-1),
  PageDown: () => move(1, 10),
  PageUp: () => move(-1, 10),
  Home: () => seek(0),
  End: () => seek(timeline.value.end),
  "+": () => zoom(0.5),
  "=": () => zoom(0.5),
  "-": () => zoom(2),
  " ": togglePlay,
};

/** The keys of the time slider itself. */
export function onSliderKey(event: KeyboardEvent): void {
  const action = event.key === "ArrowUp" ? ACTIONS.ArrowRight : event.key === "ArrowDown" ? ACTIONS.ArrowLeft : ACTIONS[event.key];
  if (!action) return;
  action();
  event.preventDefault();
  event.stopPropagation();
}

const EVERYWHERE = new Set(["ArrowRight", "ArrowLeft", " ", "+", "=", "-"]);

export function onKey(event: KeyboardEvent): void {
  const busy = event.target instanceof Element && event.target.closest(CONTROLS);
  if (busy || event.ctrlKey || event.metaKey || event.altKey || !EVERYWHERE.has(event.key) || !timeline.value.moves) return;
  ACTIONS[event.key]?.();
  event.preventDefault();
}

// What all views share: what the server is and can, whether it answers, and what is said to screen readers.
import { effect, signal } from "@preact/signals";
import { theme, type Theme } from "../store.ts";
import { getInfo, getJson, hooks, type Info } from "./api.ts";

export const info = signal<Info | null>(null);
export const tokenNeeded = signal(false);
export const reachable = signal(true);
/** Grows with each new session, so that views ask again. */
export const session = signal(0);
const spoken = signal("");
export const announcement = spoken;

/** Says something to those who hear the page. */
export function announce(text: string): void {
  // The same words twice are only heard twice if they were away in between.
  spoken.value = "";
  setTimeout(() => { spoken.value = text; }, 60);
}

hooks.onToken = () => { tokenNeeded.value = true; };
const AGAIN = 3000;
hooks.onReach = (reached) => {
  if (!reached && reachable.value) setTimeout(retry, AGAIN);
  reachable.value = reached;
};

/** Asks until the server is there again. */
function retry(): void {
  if (!reachable.value) void load().then(() => setTimeout(retry, AGAIN));
}

export async function load(): Promise<void> {
  try {
    const found = await getInfo();
    info.value = found;
    // Whether this browser has shown the token already is known only by asking for something that needs it.
    if (found.token_needed) await getJson("/v1/jobs?limit=1");
  } catch {
    // The notice about the server, or the request for the token, is on the page by now.
  }
}

const KEY = "mien-theme";
const THEMES = new Set(["system", "light", "dark"]);

/** The chosen theme stays in this browser; without storage it holds for this visit. */
export function keepTheme(): void {
  try {
    const kept = localStorage.getItem(KEY) ?? "";
    if (THEMES.has(kept)) theme.value = kept as Theme;
    effect(() => localStorage.setItem(KEY, theme.value));
  } catch {
    // Storage is closed; nothing to keep.
  }
}

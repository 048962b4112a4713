// Which view the address names: everything after the hash, so that the server needs to know one page only.
import { computed, signal } from "@preact/signals";

export type Route =
  | { readonly view: "analyze" | "live" | "conversation" | "models" }
  | { readonly view: "result"; readonly id: string }
  | { readonly view: "compare"; readonly ids: readonly [string, string] };

const PLAIN = new Set(["analyze", "live", "conversation", "models"]);

/** Reads `#/compare/ID/ID` and its like; what is unknown leads to the first view. */
export function parseRoute(hash: string): Route {
  const [view = "", ...rest] = hash.replace(/^#?\/?/, "").split("?")[0]!.split("/").filter(Boolean).map(decode);
  const [first, second] = rest;
  if (view === "analyze" && first) return { view: "result", id: first };
  if (view === "compare" && first && second) return { view: "compare", ids: [first, second] };
  return { view: PLAIN.has(view) ? (view as "analyze") : "analyze" };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const hrefOf = (...parts: readonly string[]): string => `#/${parts.map(encodeURIComponent).join("/")}`;

const hash = signal(typeof location === "undefined" ? "" : location.hash);
if (typeof addEventListener === "function") addEventListener("hashchange", () => { hash.value = location.hash; });

export const route = computed<Route>(() => parseRoute(hash.value));

export function go(...parts: readonly string[]): void {
  location.hash = hrefOf(...parts);
}

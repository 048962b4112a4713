// Where the analysis comes from: the report carries it inside itself.
import type { Analysis, Media } from "./model/analysis.ts";
import { FormatError, parseAnalysis, parseMedia } from "./model/parse.ts";

function inside(id: string): unknown {
  return JSON.parse(document.getElementById(id)?.textContent || "null") as unknown;
}

/** Sample documents while the page is worked on: `npm run dev`, then `?sample=video`. */
async function sampled(): Promise<unknown> {
  const name = new URLSearchParams(location.search).get("sample") ?? "video";
  return (await fetch(`/sample/${encodeURIComponent(name)}.json`)).json();
}

export async function readDocument(): Promise<{ analysis: Analysis; media: Media }> {
  const raw = inside("mien-analysis") ?? (import.meta.env.DEV ? await sampled() : null);
  if (raw === null) throw new FormatError("This page holds no analysis yet. Make a report with: mien analyze SOURCE --formats html");
  return { analysis: parseAnalysis(raw), media: parseMedia(inside("mien-media")) };
}

function unpack(base64: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** Turns embedded media into a URL that players can seek in; the bytes stay in this page. */
export function mediaUrl(media: Media): string | null {
  if (media.kind === "reference" || media.kind === "served") return media.href;
  if (media.kind !== "embedded") return null;
  return URL.createObjectURL(new Blob([unpack(media.base64)], { type: media.mime }));
}

/** The bytes of a recording; null where the page may not read them: the report asks no network, not even for its neighbour. */
export async function mediaBytes(media: Media): Promise<ArrayBuffer | null> {
  if (media.kind === "embedded") return unpack(media.base64).buffer;
  return media.kind === "served" ? (await fetch(media.href)).arrayBuffer() : null;
}

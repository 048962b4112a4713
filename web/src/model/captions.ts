// The turns as WebVTT, so that a video carries its words as captions.
import type { Turn } from "./analysis.ts";

function stamp(seconds: number): string {
  const whole = Math.max(0, seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = (whole % 60).toFixed(3).padStart(6, "0");
  return `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}:${rest}`;
}

const plain = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replace(/\s*\n\s*/g, " ");

/** Captions of the turns that have a time and words; an empty string where there are none. */
export function captions(turns: readonly Turn[]): string {
  const said = turns.filter((turn) => turn.text && turn.span.unit === "seconds" && turn.span.end > turn.span.start);
  const cues = said.map((turn) => `${stamp(turn.span.start)} --> ${stamp(turn.span.end)}\n${turn.speaker ? `${plain(turn.speaker)}: ` : ""}${plain(turn.text ?? "")}`);
  return cues.length > 0 ? `WEBVTT\n\n${cues.join("\n\n")}\n` : "";
}

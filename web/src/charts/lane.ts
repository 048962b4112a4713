// A lane: one track as a ribbon, coloured by its strongest category, the paler the less sure, hatched at conflicts.
import { certainty, conflict, top } from "../model/affects.ts";
import type { Affect, Track } from "../model/analysis.ts";
import { family } from "../model/labels.ts";
import type { View } from "../store.ts";
import { prepare, token, withAlpha } from "./canvas.ts";

function hue(affect: Affect, colours: Map<string, string>): string {
  const best = top(affect);
  const valence = affect.valence?.mean ?? 0;
  const own = best ? family(best.label) : valence > 0.1 ? "joy" : valence < -0.1 ? "sadness" : "neutral";
  let found = colours.get(own);
  if (!found) {
    found = token(`--emotion-${own}`);
    colours.set(own, found);
  }
  return found;
}

function hatch(context: CanvasRenderingContext2D, left: number, width: number, height: number, stroke: string): void {
  context.save();
  context.beginPath();
  context.rect(left, 0, width, height);
  context.clip();
  context.strokeStyle = stroke;
  context.lineWidth = 1.5;
  context.beginPath();
  for (let at = left - height; at < left + width; at += 7) {
    context.moveTo(at, height);
    context.lineTo(at + height, 0);
  }
  context.stroke();
  context.restore();
}

/** Draws a track between two places of the timeline. */
export function drawLane(canvas: HTMLCanvasElement, track: Track, view: View, size: { readonly width: number; readonly height: number }): void {
  const context = prepare(canvas, size.width, size.height);
  if (!context) return;
  const colours = new Map<string, string>();
  const scale = size.width / (view.to - view.from || 1);
  const clashes: [number, number][] = [];
  for (const affect of track.affects) {
    if (!affect.span || affect.span.end < view.from || affect.span.start > view.to) continue;
    const left = (affect.span.start - view.from) * scale;
    const width = Math.max(1, (affect.span.end - affect.span.start) * scale);
    context.fillStyle = withAlpha(hue(affect, colours), 0.18 + 0.82 * certainty(affect));
    // A little wider than it is, so that neighbours leave no seam; a gap of a pixel where the pieces are wide.
    context.fillRect(left, 0, width > 14 ? width - 1 : width + 0.4, size.height);
    if (conflict(affect)) clashes.push([left, width]);
  }
  const stroke = withAlpha(token("--ink"), 0.6);
  for (const [left, width] of clashes) hatch(context, left, Math.max(6, width), size.height, stroke);
}

// The sound as bars in the colours of what is perceived; what was played is full, the rest pale.
import { top } from "../model/affects.ts";
import type { Media } from "../model/analysis.ts";
import { family } from "../model/labels.ts";
import { affectAt, type Person } from "../model/timeline.ts";
import { mediaBytes } from "../source.ts";
import { prepare, token, withAlpha } from "./canvas.ts";

/** Enough for a waveform, and small in memory. */
const RATE = 8000;
/** Longer sound is not decoded: it would fill the memory of small machines. */
export const LONGEST = 20 * 60;
const BAR = 3;

/** The samples of a recording that the browser can decode, or null where it cannot. */
export async function decode(media: Media): Promise<Float32Array | null> {
  try {
    const bytes = await mediaBytes(media);
    return bytes && (await new OfflineAudioContext(1, 1, RATE).decodeAudioData(bytes)).getChannelData(0);
  } catch {
    return null;
  }
}

export const barsIn = (width: number): number => Math.max(1, Math.floor(width / BAR));

/** The colour of each bar: the family of the strongest category there, of whoever is read there. */
export function hues(persons: readonly Person[], end: number, count: number): string[] {
  return Array.from({ length: count }, (_, bar) => {
    const at = ((bar + 0.5) / count) * end;
    for (const one of persons) {
      const here = one.tracks.map((track) => affectAt(track, at)).find((affect) => affect !== null);
      const best = here && top(here);
      if (best) return `--emotion-${family(best.label)}`;
    }
    return "--line-strong";
  });
}

interface Look {
  readonly width: number;
  readonly height: number;
  readonly colours: readonly string[];
  /** The share that was played. */
  readonly played: number;
}

export function drawWaveform(canvas: HTMLCanvasElement, bars: Float32Array, { width, height, colours, played }: Look): void {
  const context = prepare(canvas, width, height);
  if (!context) return;
  const found = new Map<string, string>();
  for (let bar = 0; bar < bars.length; bar += 1) {
    const name = colours[bar] ?? "--line-strong";
    if (!found.has(name)) found.set(name, token(name));
    const tall = Math.max(2, (bars[bar] ?? 0) * (height - 4));
    context.fillStyle = withAlpha(found.get(name) ?? "#888888", bar / bars.length <= played ? 1 : 0.42);
    context.beginPath();
    context.roundRect(bar * BAR, (height - tall) / 2, BAR - 1, tall, 1);
    context.fill();
  }
}

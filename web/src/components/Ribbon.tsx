import { useEffect, useRef } from "preact/hooks";
import { drawLane } from "../charts/lane.ts";
import type { Track } from "../model/analysis.ts";
import { percent, plural, words } from "../model/format.ts";
import { conflicts, moods } from "../model/timeline.ts";
import { dark, type View } from "../store.ts";

interface Props {
  readonly track: Track;
  readonly width: number;
  readonly height: number;
  readonly view: View;
}

function describe(track: Track): string {
  const shares = moods(track).slice(0, 3).map(({ label, share }) => `${words(label)} ${percent(share)}`);
  const clashes = conflicts(track);
  return `${track.modality}: ${shares.join(", ") || "dimensions only"}${clashes > 0 ? `; ${plural(clashes, "conflict")}` : ""}`;
}

/** A track as a coloured ribbon. */
export function Ribbon({ track, width, height, view }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const isDark = dark.value;
  const { from, to } = view;
  useEffect(() => {
    if (canvas.current && width > 0) drawLane(canvas.current, track, { from, to }, { width, height });
  }, [track, from, to, isDark, width, height]);
  return <canvas ref={canvas} class="lane-ribbon" role="img" aria-label={describe(track)} style={{ height: `${height}px` }} />;
}

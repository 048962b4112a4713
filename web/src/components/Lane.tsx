import { useEffect, useRef } from "preact/hooks";
import { drawLane } from "../charts/lane.ts";
import { percent, plural, words } from "../model/format.ts";
import type { Track } from "../model/analysis.ts";
import { conflicts, moods } from "../model/timeline.ts";
import { dark, view } from "../store.ts";

interface Props {
  readonly track: Track;
  readonly width: number;
}

function describe(track: Track): string {
  const shares = moods(track).slice(0, 3).map(({ label, share }) => `${words(label)} ${percent(share)}`);
  const clashes = conflicts(track);
  return `${track.modality}: ${shares.join(", ") || "dimensions only"}${clashes > 0 ? `; ${plural(clashes, "conflict")}` : ""}`;
}

export function Lane({ track, width }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = view.value;
  const isDark = dark.value;
  const height = track.modality === "fused" ? 22 : 10;
  useEffect(() => {
    if (canvas.current && width > 0) drawLane(canvas.current, track, shown, { width, height });
  }, [track, shown, isDark, width, height]);
  return (
    <div class="lane">
      <span class="lane-name small soft" aria-hidden="true">{track.modality}</span>
      <canvas ref={canvas} class="lane-ribbon" role="img" aria-label={describe(track)} style={{ height: `${height}px` }} />
    </div>
  );
}

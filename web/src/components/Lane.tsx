import type { Track } from "../model/analysis.ts";
import { view, type View } from "../store.ts";
import { Ribbon } from "./Ribbon.tsx";

interface Props {
  readonly track: Track;
  readonly width: number;
  /** What is shown of the timeline; that of the page where nothing else is said. */
  readonly shown?: View;
}

export function Lane({ track, width, shown }: Props) {
  return (
    <div class="lane">
      <span class="lane-name small soft" aria-hidden="true">{track.modality}</span>
      <Ribbon track={track} width={width} height={track.modality === "fused" ? 22 : 10} view={shown ?? view.value} />
    </div>
  );
}

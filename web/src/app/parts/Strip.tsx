// What was perceived, at a glance: one thin ribbon a person, or the word for a photograph.
import { useEffect, useState } from "preact/hooks";
import { Emotion } from "../../components/Emotion.tsx";
import { Ribbon } from "../../components/Ribbon.tsx";
import { top } from "../../model/affects.ts";
import type { Track } from "../../model/analysis.ts";
import { parseAnalysis } from "../../model/parse.ts";
import { buildTimeline } from "../../model/timeline.ts";
import { getAnalysis, type Job } from "../api.ts";
import { mainTrack } from "../compare.ts";

const WIDTH = 168;
const HEIGHT = 22;
const MOST_PERSONS = 3;
/** Analyses of longer recordings are large; a glance is not worth fetching them. */
const LONGEST: Record<string, number> = { audio: 900, video: 900, chat: 20_000, transcript: 20_000, text: 20_000 };

interface Glance {
  readonly end: number;
  readonly tracks: readonly Track[];
}

const known = new Map<string, Promise<Glance>>();

async function load(id: string): Promise<Glance> {
  const { persons, end, moves } = buildTimeline(parseAnalysis(await getAnalysis(id)));
  const tracks = persons.slice(0, MOST_PERSONS).map(mainTrack).filter((track) => track !== null);
  return { end: moves ? end : 0, tracks };
}

function useGlance(job: Job): Glance | null {
  const [glance, setGlance] = useState<Glance | null>(null);
  useEffect(() => {
    let wanted = true;
    if ((job.progress.total ?? 0) > (LONGEST[job.kind ?? ""] ?? 0) && job.kind !== "image") return undefined;
    const asked = known.get(job.id) ?? load(job.id);
    known.set(job.id, asked);
    asked.then((found) => { if (wanted) setGlance(found); }, () => known.delete(job.id));
    return () => { wanted = false; };
  }, [job.id]);
  return glance;
}

export function Strip({ job }: { readonly job: Job }) {
  const glance = useGlance(job);
  if (!glance || glance.tracks.length === 0) return <span class="strip" />;
  if (glance.end === 0) {
    const labels = glance.tracks.map((track) => track.affects[0] && top(track.affects[0])?.label).filter((label) => label !== undefined);
    return <span class="strip words small">{labels.map((label, index) => <Emotion key={index} label={label} />)}</span>;
  }
  const height = Math.floor((HEIGHT - 2 * (glance.tracks.length - 1)) / glance.tracks.length);
  return <span class="strip">{glance.tracks.map((track) => <Ribbon key={track.person} track={track} width={WIDTH} height={height} view={{ from: 0, to: glance.end }} />)}</span>;
}

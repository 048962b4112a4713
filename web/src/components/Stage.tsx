// What was analysed, to look at, listen to or read.
import { useEffect, useMemo } from "preact/hooks";
import { analysis, media, timeline } from "../store.ts";
import { mediaUrl } from "../source.ts";
import { Card } from "./Card.tsx";
import { Photo } from "./Photo.tsx";
import { Player } from "./Player.tsx";
import { Transcript } from "./Transcript.tsx";
import { Waveform } from "./Waveform.tsx";

const TITLES: Record<string, string> = { text: "The text", chat: "The conversation", transcript: "The transcript", audio: "The recording", video: "The video", image: "The picture" };

function Absent({ note }: { readonly note: string }) {
  return <p class="absent soft small">{note || "The media is not inside this report. The figures stand on their own."}</p>;
}

export function Stage() {
  const { source, turns } = analysis.value;
  const given = media.value;
  const url = useMemo(() => mediaUrl(given), [given]);
  useEffect(() => () => {
    if (url?.startsWith("blob:")) URL.revokeObjectURL(url);
  }, [url]);
  const isMedia = ["audio", "video", "image"].includes(source.kind);
  const hasWords = turns.some((turn) => turn.text);
  const nothing = !isMedia && !hasWords;
  return (
    <Card id="stage" title={TITLES[source.kind] ?? "The source"} className="stage">
      {isMedia && !url && <Absent note={given.kind === "none" ? given.note : ""} />}
      {url && source.kind === "image" && <Photo url={url} />}
      {url && (source.kind === "video" || source.kind === "audio") && <Player url={url} sort={source.kind} />}
      {url && given.kind !== "reference" && ["audio", "video"].includes(source.kind) && <Waveform media={given} />}
      {given.kind === "reference" && <p class="absent soft small">{given.note}</p>}
      {hasWords && <Transcript />}
      {nothing && <Absent note={timeline.value.persons.length > 0 ? "The words are not part of this analysis." : "There are no words here."} />}
    </Card>
  );
}

// At the end: what was read, as a whole, and the choice to keep it or not.
import { useEffect, useState } from "preact/hooks";
import { Card } from "../../components/Card.tsx";
import { Moments } from "../../components/Moments.tsx";
import { Plane } from "../../components/Plane.tsx";
import { Timeline } from "../../components/Timeline.tsx";
import { Warnings } from "../../components/Warnings.tsx";
import type { Analysis } from "../../model/analysis.ts";
import { length, percent, personName, words } from "../../model/format.ts";
import { colour } from "../../model/labels.ts";
import { moods, type Person } from "../../model/timeline.ts";
import { show, timeline } from "../../store.ts";
import { addFile, ApiError } from "../api.ts";
import type { Session } from "../live/session.ts";
import { go } from "../route.ts";

function PersonLine({ one }: { readonly one: Person }) {
  const track = one.fused ?? one.tracks[0];
  const shares = track ? moods(track).slice(0, 3) : [];
  const parts = one.tracks.filter(({ modality }) => modality !== "fused").map(({ modality }) => modality);
  return (
    <li class="live-person">
      <strong>{personName(one.name)}</strong> <span class="soft small">read from {parts.join(" and ") || "the whole"}</span>
      <ul class="moods small">
        {shares.map(({ label, share }) => <li key={label}><span class="dot" style={{ background: colour(label) }} aria-hidden="true" />{words(label)} <span class="soft number">{percent(share)}</span></li>)}
      </ul>
    </li>
  );
}

const size = (bytes: number): string => (bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

/** Uploads the recording as a job like any other file, and opens it. */
function Keep({ file, onThrow }: { readonly file: File; readonly onThrow: () => void }) {
  const [sent, setSent] = useState<number | null>(null);
  const [trouble, setTrouble] = useState("");
  const keep = async (): Promise<void> => {
    setSent(0);
    setTrouble("");
    try {
      const job = await addFile(file, { modalities: null, open_only: false }, { onSent: setSent });
      go("analyze", job.id);
    } catch (error) {
      setSent(null);
      setTrouble(error instanceof ApiError ? error.message : String(error));
    }
  };
  return (
    <div class="live-keeping-it">
      <p>The recording ({size(file.size)}) is in this page only. Keep it, and it is analysed once more as a file, with player and exports; or throw it away.</p>
      {trouble && <p class="trouble" role="alert">{trouble}</p>}
      <div class="live-begin">
        <button type="button" class="button primary" disabled={sent !== null} onClick={() => { void keep(); }}>{sent === null ? "Keep as an analysis" : `Sending ${percent(sent)}`}</button>
        <button type="button" class="button" disabled={sent !== null} onClick={onThrow}>Throw it away</button>
      </div>
    </div>
  );
}

export function LiveOutcome({ session, onAgain }: { readonly session: Session; readonly onAgain: () => void }) {
  const analysis: Analysis | null = session.analysis.value;
  const file = session.file.value;
  // The parts of the report read the shared store, so it must hold this analysis before they are drawn.
  const [shown, setShown] = useState<Analysis | null>(null);
  useEffect(() => {
    if (!analysis) return;
    show(analysis, { kind: "none", note: "" });
    setShown(analysis);
  }, [analysis]);
  const persons = shown ? timeline.value.persons : [];
  return (
    <>
      <div class="live-head">
        <h1>Live: what was read</h1>
        <button type="button" class="button" onClick={onAgain}>Start again</button>
      </div>
      {session.trouble.value && <p class="notice bad live-notice" role="alert">{session.trouble.value}</p>}
      <div class="live-ends">
        <Card id="live-summary" title="In short" aside={shown && <span class="soft small">{length(timeline.value.end, "seconds")}</span>}>
          {persons.length > 0 ? <ul class="rows">{persons.map((one) => <PersonLine key={one.name} one={one} />)}</ul> : <p class="soft">{analysis ? "Nobody was perceived: no voice and no face came clearly enough." : "There is no analysis of this stream."}</p>}
        </Card>
        <Card id="live-keep" title={file ? "Keep it?" : "Nothing is kept"}>
          {file ? <Keep file={file} onThrow={() => { session.file.value = null; }} /> : <p>Camera and microphone are off, and mien has forgotten sound and pictures. What you see here is gone once you leave this page.</p>}
        </Card>
      </div>
      {persons.length > 0 && (
        <>
          <Warnings />
          <Timeline />
          <div class="live-ends">
            <Moments />
            <Plane />
          </div>
        </>
      )}
    </>
  );
}

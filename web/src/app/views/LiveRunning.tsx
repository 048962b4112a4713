// While it runs: what is seen and heard, what is read, and the buttons that pause and stop it.
import { Card } from "../../components/Card.tsx";
import { place, plural } from "../../model/format.ts";
import { Curves } from "../live/Curves.tsx";
import { Now } from "../live/Now.tsx";
import type { Session } from "../live/session.ts";
import { Stage } from "../live/Stage.tsx";
import { named } from "../live/words.ts";

const STATE: Record<string, string> = { opening: "Connecting", live: "Live", paused: "Paused", ending: "Concluding" };

function Controls({ session }: { readonly session: Session }) {
  const phase = session.phase.value;
  const paused = phase === "paused";
  return (
    <div class="live-controls">
      <span class={`live-state ${phase}`}><span class="live-light" aria-hidden="true" />{STATE[phase] ?? ""}</span>
      <span class="number live-time">{place(session.now.value, "seconds", false)}</span>
      {session.recording.value && <span class="badge live-rec">recording in this page</span>}
      <span class="live-buttons">
        <button type="button" class="button" disabled={phase === "opening" || phase === "ending"} onClick={() => (paused ? session.resume() : session.pause())}>{paused ? "Go on" : "Pause"}</button>
        <button type="button" class="button primary" disabled={phase === "ending"} onClick={() => { void session.stop(); }}>Stop</button>
      </span>
    </div>
  );
}

/** How far answers lie behind, and what was left out to keep up. */
function Keeping({ session }: { readonly session: Session }) {
  const delay = session.delay.value;
  const { pictures, sound } = session.left.value;
  const parts = [
    ...(delay === null ? [] : [`Answers come ${delay < 0.1 ? "within 0.1" : delay.toFixed(1)} s ${delay < 0.1 ? "of" : "after"} what they speak of.`]),
    ...(pictures > 0 ? [`${plural(pictures, "picture")} left out to keep up.`] : []),
    ...(sound > 0 ? [`Some sound was left out: it comes faster than it can be read.`] : []),
  ];
  return <p class="small soft number live-keeping">{parts.join(" ") || "Nothing read yet."}</p>;
}

export function LiveRunning({ session }: { readonly session: Session }) {
  const ending = session.phase.value === "ending";
  return (
    <>
      <div class="live-head">
        <h1>Live</h1>
        <Controls session={session} />
      </div>
      {session.broken.value && <p class="notice bad live-notice" role="alert">{session.broken.value}</p>}
      {session.notes.value.length > 0 && (
        <details class="live-notes small">
          <summary>{plural(session.notes.value.length, "note")}</summary>
          <ul class="bullets">{session.notes.value.map((note) => <li key={note}>{note}</li>)}</ul>
        </details>
      )}
      {ending ? (
        <p class="waiting soft" role="status">Camera and microphone are off. The last answers are being concluded…</p>
      ) : (
        <>
          <div class="top">
            <Card id="live-stage" title={named(session.devices.value) === "microphone" ? "The voice" : "The camera"}>
              <Stage session={session} />
              <Keeping session={session} />
            </Card>
            <Now session={session} />
          </div>
          <Curves session={session} />
        </>
      )}
    </>
  );
}

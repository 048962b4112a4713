// Before anything is switched on: what is read, where it goes, and what is kept.
import { useState } from "preact/hooks";
import type { Session } from "../live/session.ts";
import { named, type Devices } from "../live/words.ts";

const BOTH: Devices = { microphone: true, camera: true };
const SOUND: Devices = { microphone: true, camera: false };
const SIGHT: Devices = { microphone: false, camera: true };

/** "this machine", or the name of the one that serves the page. */
function machine(): string {
  const host = location.hostname;
  return ["127.0.0.1", "localhost", "[::1]"].includes(host) ? "this machine" : host;
}

function Terms() {
  return (
    <dl class="live-terms">
      <div>
        <dt>What is read</dt>
        <dd>How a voice sounds and who speaks; where faces are and what they seem to express. Words are not recognised.</dd>
      </div>
      <div>
        <dt>Where it goes</dt>
        <dd>To mien on {machine()}, and nowhere else. There it is read at once and forgotten.</dd>
      </div>
      <div>
        <dt>What is kept</dt>
        <dd>Nothing, unless you turn recording on here and choose to keep it at the end.</dd>
      </div>
      <div>
        <dt>Whom it may show</dt>
        <dd>Only people who know of it and agree. Not for watching anyone at work or in education, and not for deciding about anyone.</dd>
      </div>
    </dl>
  );
}

function Begin({ session, keep }: { readonly session: Session; readonly keep: boolean }) {
  const asking = session.phase.value === "asking";
  const start = (devices: Devices): void => { void session.start(devices, keep); };
  if (asking) return <p class="live-asking" role="status">Your browser now asks whether this page may use {named(session.devices.value)}. Please answer it.</p>;
  return (
    <div class="live-begin">
      <button type="button" class="button primary" onClick={() => start(BOTH)}>Start camera and microphone</button>
      <button type="button" class="button" onClick={() => start(SOUND)}>Microphone only</button>
      <button type="button" class="button" onClick={() => start(SIGHT)}>Camera only</button>
    </div>
  );
}

/** A drawing of the page while it runs. */
function Sketch() {
  const bars = [["var(--emotion-joy)", 74], ["var(--emotion-neutral)", 38], ["var(--emotion-surprise)", 17], ["var(--emotion-sadness)", 7]] as const;
  return (
    <figure class="card live-sketch" aria-hidden="true">
      <svg viewBox="0 0 320 250">
        <rect class="sunken" width="178" height="118" rx="9" />
        <g class="someone"><path d="M44 118q4-38 45-38t45 38z" /><circle cx="89" cy="56" r="26" /></g>
        <g class="features"><circle cx="80" cy="53" r="2.6" /><circle cx="98" cy="53" r="2.6" /><path d="M78 65q11 9 22 0" /></g>
        <rect class="box" x="58" y="25" width="62" height="64" rx="7" />
        {bars.map(([fill, width], index) => (
          <g key={index}><rect class="sunken" x="196" y={16 + 28 * index} width="124" height="9" rx="4.5" /><rect x="196" y={16 + 28 * index} width={1.24 * width} height="9" rx="4.5" style={{ fill }} /></g>
        ))}
        <path class="grid" d="M0 152H320M0 196H320M0 240H320" />
        <path class="one" d="M0 205C26 204 36 176 62 178S98 214 124 208 160 160 190 163 222 184 240 180" />
        <path class="one pale" d="M240 180C258 176 270 168 288 172" />
        <path class="two" d="M0 182C30 186 44 214 74 213S118 190 142 193 190 222 216 218 236 206 246 205" />
        <path class="two pale" d="M246 205C262 202 272 208 288 204" />
      </svg>
      <figcaption class="small soft">Solid curves are settled; pale ones may still change.</figcaption>
    </figure>
  );
}

export function LiveConsent({ session }: { readonly session: Session }) {
  const [keep, setKeep] = useState(false);
  return (
    <>
      <div class="live-title">
        <h1>Live</h1>
        <p class="lede">See what a voice and a face express while it happens: as curves, as shares of emotions, and as an analysis at the end.</p>
      </div>
      {session.trouble.value && <p class="notice bad live-notice" role="alert">{session.trouble.value}</p>}
      <div class="live-welcome">
      <section class="card live-consent" aria-labelledby="live-consent-title">
        <h2 id="live-consent-title">Before you begin</h2>
        <Terms />
        <label class="live-keep">
          <input type="checkbox" checked={keep} onChange={(event) => setKeep(event.currentTarget.checked)} />
          <span><strong>Record, so that I can keep it.</strong> <span class="soft">The recording stays in this page until you decide at the end.</span></span>
        </label>
        <Begin session={session} keep={keep} />
        <p class="small soft">What you see is an estimate of what is expressed, not of what someone feels, and it errs. You can pause or stop at any time.</p>
      </section>
      <Sketch />
      </div>
    </>
  );
}

import "uplot/dist/uPlot.min.css";
import "../live/live.css";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Session } from "../live/session.ts";
import { announce } from "../state.ts";
import { LiveConsent } from "./LiveConsent.tsx";
import { LiveOutcome } from "./LiveOutcome.tsx";
import { LiveRunning } from "./LiveRunning.tsx";

const SAID: Record<string, string> = {
  asking: "The browser asks whether this page may use the devices.",
  live: "Live.",
  paused: "Paused.",
  ending: "Ended. Camera and microphone are off.",
  done: "Done.",
};

/** Camera and microphone, read as they come in. */
export function Live() {
  const [round, setRound] = useState(0);
  const session = useMemo(() => new Session(), [round]);
  const phase = session.phase.value;
  useEffect(() => () => session.leave(), [session]);
  useEffect(() => {
    const words = SAID[phase];
    if (words) announce(words);
  }, [phase]);
  return (
    <div class="page">
      {phase === "idle" || phase === "asking" ? <LiveConsent session={session} /> : phase === "done" ? <LiveOutcome session={session} onAgain={() => setRound(round + 1)} /> : <LiveRunning session={session} />}
    </div>
  );
}

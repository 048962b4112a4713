// Type or paste a conversation: how each turn seems, and who moves whom.
import "uplot/dist/uPlot.min.css";
import "../live/live.css";
import "../talk/talk.css";
import { useEffect, useRef, useState } from "preact/hooks";
import { Card } from "../../components/Card.tsx";
import { plural } from "../../model/format.ts";
import { addText, ApiError } from "../api.ts";
import { go } from "../route.ts";
import { Bubble } from "../talk/Bubble.tsx";
import { Composer, Paste } from "../talk/Composer.tsx";
import { Course } from "../talk/Course.tsx";
import { EXAMPLE } from "../talk/example.ts";
import { Pull } from "../talk/Pull.tsx";
import { busy, trouble, turns } from "../talk/store.ts";
import { paste, speakers } from "../talk/turns.ts";

function Begin() {
  return (
    <div class="talk-begin">
      <Card id="talk-paste" title="Paste a conversation">
        <Paste onDone={() => undefined} />
      </Card>
      <Card id="talk-type" title="Or type it, turn by turn">
        <Composer />
        <p class="small soft gap">Nothing at hand? <button type="button" class="link" onClick={() => { turns.value = paste(EXAMPLE) ?? []; }}>Try a made-up conversation</button>.</p>
      </Card>
    </div>
  );
}

function Actions() {
  const [sending, setSending] = useState(false);
  const [sure, setSure] = useState(false);
  const save = async (): Promise<void> => {
    setSending(true);
    try {
      const job = await addText({ turns: turns.value.map(({ speaker, text }) => ({ speaker, text })) }, { modalities: null, open_only: false });
      go("analyze", job.id);
    } catch (error) {
      trouble.value = error instanceof ApiError ? error.message : String(error);
      setSending(false);
    }
  };
  return (
    <div class="talk-buttons">
      {sure ? (
        <>
          <button type="button" class="button danger" onClick={() => { turns.value = []; }}>Yes, clear all</button>
          <button type="button" class="button" onClick={() => setSure(false)}>No</button>
        </>
      ) : (
        <button type="button" class="button" onClick={() => setSure(true)}>Clear</button>
      )}
      <button type="button" class="button primary" disabled={sending} onClick={() => { void save(); }}>Save and export</button>
    </div>
  );
}

/** The turns, in a box that scrolls; it follows what is added at its end. */
function List() {
  const box = useRef<HTMLDivElement>(null);
  const all = turns.value;
  const before = useRef(all.length);
  useEffect(() => {
    if (box.current && all.length === before.current + 1) box.current.scrollTop = box.current.scrollHeight;
    before.current = all.length;
  }, [all.length]);
  return (
    <div ref={box} class="talk-list" role="region" aria-label="Turns" tabIndex={0}>
      <ol class="talk-turns">{all.map((turn, index) => <Bubble key={turn.id} turn={turn} number={index + 1} />)}</ol>
    </div>
  );
}

function Talk() {
  const [pasting, setPasting] = useState(false);
  const all = turns.value;
  return (
    <div class="talk-columns">
      <Card id="talk-turns" title={`${plural(all.length, "turn")}, ${plural(speakers(all).length, "speaker")}`} aside={<span class="small soft" role="status">{busy.value ? "Reading…" : ""}</span>}>
        <List />
        <div class="talk-more">
          {pasting ? <Paste onDone={() => setPasting(false)} /> : <Composer />}
          <button type="button" class="link small" onClick={() => setPasting(!pasting)}>{pasting ? "Type turn by turn instead" : "Paste more lines"}</button>
        </div>
      </Card>
      <div class="talk-side">
        <Course />
        <Pull />
      </div>
    </div>
  );
}

export function Conversation() {
  const some = turns.value.length > 0;
  return (
    <div class="page">
      <div class="live-head">
        <div class="live-title">
          <h1>Conversation</h1>
          {!some && <p class="lede">How each turn seems, which words speak for it, and who moves whom. The words are read by mien as you type, and not kept unless you save them.</p>}
        </div>
        {some && <Actions />}
      </div>
      {trouble.value && <p class="notice bad live-notice" role="alert">{trouble.value}</p>}
      {some ? <Talk /> : <Begin />}
    </div>
  );
}

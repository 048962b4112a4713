// One turn: who, what, how it seems, and the buttons that change it.
import { useEffect, useRef, useState } from "preact/hooks";
import { Words } from "../../components/Words.tsx";
import { certainty, DOUBTFUL, ranked, top } from "../../model/affects.ts";
import type { Affect } from "../../model/analysis.ts";
import { percent, signed, words } from "../../model/format.ts";
import { colour, family } from "../../model/labels.ts";
import { fresh, type Heard } from "./answer.ts";
import { answer, turns } from "./store.ts";
import { edit, remove, speakers, type Turn } from "./turns.ts";

const SHOWN = 3;
/** Below this share a label is not worth its place. */
const LEAST = 0.05;

function Moods({ affect }: { readonly affect: Affect }) {
  const shares = ranked(affect).slice(0, SHOWN).filter(({ p }, index) => index === 0 || p >= LEAST);
  const { valence } = affect;
  const unsure = affect.confidence !== null && affect.confidence < DOUBTFUL;
  return (
    <ul class="talk-moods small" aria-label="How it seems">
      {shares.map(({ label, p }, index) => (
        <li key={label} class={index === 0 ? "first" : ""}>
          <span class="talk-bar" aria-hidden="true"><span style={{ width: `${100 * p}%`, background: colour(label) }} /></span>
          {index === 0 && unsure ? `perhaps ${words(label)}` : words(label)} <span class="number">{percent(p)}</span>
        </li>
      ))}
      {valence && <li class="number talk-valence">valence {signed(valence.mean)} <span class="soft">± {valence.std.toFixed(2)}</span></li>}
    </ul>
  );
}

/** The words, each sentence tinted by what it seems; of one alone, the bubble is. */
function Sentences({ heard }: { readonly heard: Heard }) {
  const several = heard.sentences.filter(({ affect }) => affect).length > 1;
  return (
    <>
      {heard.sentences.map(({ words: piece, affect }, index) => {
        const best = affect && top(affect);
        if (!affect || !best) return piece.text;
        const tinted = several && best.label !== "neutral";
        return <span key={index} class={tinted ? `talk-sentence family-${family(best.label)}` : ""} title={`${words(best.label)} ${percent(best.p)}`}><Words turn={piece} affects={[affect]} /></span>;
      })}
    </>
  );
}

function Editor({ turn, onDone }: { readonly turn: Turn; readonly onDone: () => void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const name = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const save = (): void => {
    turns.value = edit(turns.value, turn.id, name.current?.value ?? turn.speaker, field.current?.value ?? turn.text);
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") onDone();
    else if (event.key === "Enter" && !event.shiftKey && event.target === field.current) save();
    else return;
    event.preventDefault();
  };
  return (
    <form class="talk-edit" onSubmit={(event) => { event.preventDefault(); save(); }} onKeyDown={onKeyDown}>
      <label class="field"><span>Speaker</span><input ref={name} value={turn.speaker} maxLength={40} /></label>
      <label class="field"><span>Words</span><textarea ref={field} rows={3} defaultValue={turn.text} maxLength={4000} /></label>
      <div class="talk-buttons">
        <button type="submit" class="button primary">Save</button>
        <button type="button" class="button" onClick={onDone}>Cancel</button>
      </div>
    </form>
  );
}

interface ToolsProps {
  readonly turn: Turn;
  readonly number: number;
  /** Whether the turn was just edited, so that the focus comes back here. */
  readonly back: boolean;
  readonly onEdit: () => void;
}

function Tools({ turn, number, back, onEdit }: ToolsProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (back) button.current?.focus();
  }, []);
  const drop = (event: Event): void => {
    // The button goes with its turn; the list keeps the focus.
    (event.currentTarget as HTMLElement).closest<HTMLElement>(".talk-list")?.focus();
    turns.value = remove(turns.value, turn.id);
  };
  const what = `turn ${number} of ${turn.speaker}`;
  return (
    <span class="talk-tools">
      <button ref={button} type="button" class="link small" aria-label={`Edit ${what}`} onClick={onEdit}>Edit</button>
      <button type="button" class="link small" aria-label={`Delete ${what}`} onClick={drop}>Delete</button>
    </span>
  );
}

export function Bubble({ turn, number }: { readonly turn: Turn; readonly number: number }) {
  const [editing, setEditing] = useState(false);
  const [edited, setEdited] = useState(false);
  const edits = (on: boolean): void => {
    setEditing(on);
    setEdited(true);
  };
  const place = speakers(turns.value).indexOf(turn.speaker);
  const heard = answer.value.heard.get(turn.id);
  const known = fresh(turn, heard);
  const affect = known ? heard.affect : null;
  const best = affect && top(affect);
  const tint = affect ? Math.round((best?.label === "neutral" ? 0.5 : 1) * (8 + 26 * certainty(affect))) : 0;
  return (
    <li class={`talk-turn ${place % 2 === 1 ? "right" : ""} ${best ? `family-${family(best.label)}` : ""}`} style={{ "--who": `var(--person-${place % 6})`, "--tint": `${tint}%` }}>
      <div class="talk-head small"><strong>{turn.speaker}</strong><span class="soft number">{number}</span>{!editing && <Tools turn={turn} number={number} back={edited} onEdit={() => edits(true)} />}</div>
      {editing ? <Editor turn={turn} onDone={() => edits(false)} /> : <p class="talk-words">{known ? <Sentences heard={heard} /> : turn.text}</p>}
      {!editing && (affect ? <Moods affect={affect} /> : <p class="small soft">{known ? "Nothing could be read from these words." : "…"}</p>)}
    </li>
  );
}

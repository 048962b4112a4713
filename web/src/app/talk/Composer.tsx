// Where turns come from: typed one by one, or pasted as a log.
import { useRef, useState } from "preact/hooks";
import { turns } from "./store.ts";
import { add, next, paste, speakers } from "./turns.ts";

const OTHER = "\u0000";

/** Who speaks: one of those who did, or someone new. */
function Speaker({ value, onChange }: { readonly value: string; readonly onChange: (name: string) => void }) {
  const known = speakers(turns.value);
  const fresh = value === OTHER || known.length === 0;
  return (
    <div class="talk-who">
      {known.length > 0 && (
        <label class="field">
          <span>Speaker</span>
          <select value={fresh ? OTHER : value} onChange={(event) => onChange(event.currentTarget.value)}>
            {known.map((name) => <option key={name} value={name}>{name}</option>)}
            <option value={OTHER}>Someone new…</option>
          </select>
        </label>
      )}
      {fresh && <label class="field"><span>{known.length > 0 ? "Name" : "Speaker"}</span><input name="speaker" maxLength={40} placeholder="Name" autocomplete="off" /></label>}
    </div>
  );
}

export function Composer() {
  const [chosen, setChosen] = useState<string | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const value = chosen ?? next(turns.value);
  const send = (): void => {
    const words = field.current?.value ?? "";
    const typed = form.current?.querySelector<HTMLInputElement>("input[name=speaker]")?.value ?? "";
    // Pasted into the field for one turn, a whole log is still a log.
    const log = words.includes("\n") ? paste(words) : null;
    if (log) turns.value = [...turns.value, ...log];
    else turns.value = add(turns.value, value === OTHER || value === "" ? typed : value, words);
    if (field.current && words.trim()) field.current.value = "";
    setChosen(null);
    field.current?.focus();
  };
  return (
    <form ref={form} class="talk-composer" onSubmit={(event) => { event.preventDefault(); send(); }}>
      <Speaker value={value} onChange={setChosen} />
      <label class="field talk-say">
        <span>What they say</span>
        <textarea ref={field} rows={2} maxLength={20000} placeholder="Type, and press Enter" onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }} />
      </label>
      <button type="submit" class="button primary">Add</button>
    </form>
  );
}

/** A log, pasted: each line with its speaker. */
export function Paste({ onDone }: { readonly onDone: () => void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [trouble, setTrouble] = useState("");
  const read = (): void => {
    const found = paste(field.current?.value ?? "");
    if (!found) return setTrouble("Each line needs its speaker, as in “Ann: How are you?”.");
    turns.value = [...turns.value, ...found];
    onDone();
  };
  return (
    <form class="talk-paste" onSubmit={(event) => { event.preventDefault(); read(); }}>
      <label class="field">
        <span>A conversation, each line with its speaker</span>
        <textarea ref={field} rows={6} placeholder={"Ann: How was the exam?\nBen: Better than I feared!"} aria-invalid={trouble !== ""} aria-describedby="talk-paste-trouble" />
      </label>
      <p id="talk-paste-trouble" class="trouble small" role="alert">{trouble}</p>
      <div class="talk-buttons"><button type="submit" class="button primary">Read it</button></div>
    </form>
  );
}

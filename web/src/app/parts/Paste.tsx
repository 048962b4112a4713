// Where words are typed or pasted; a chat is known by the names before its lines.
import { useState } from "preact/hooks";
import { plural } from "../../model/format.ts";
import { readChat } from "../chat.ts";
import { sendWords, told } from "../jobs.ts";
import { go } from "../route.ts";
import { jobOptions } from "./Options.tsx";

const LETTER =
  "The train was late again, and I stood on the platform with cold hands and a melted cake.\n\nThen the doors opened and there she was, waving with both arms. I forgot the cake, the cold, all of it. We laughed until the conductor asked us to move along.\n\nShe leaves on Sunday. I am trying not to think about Sunday.";
const CHAT =
  "Noor: Did the parcel come?\nJonas: It came. The vase is in four pieces.\nNoor: Oh no. That was my grandmother's!\nJonas: I know. I am so sorry, I should have gone to fetch it myself.\nNoor: I could scream at them.\nJonas: Let me try to mend it. I have glue and a whole evening.\nNoor: You would do that? Thank you. Really.";

function outcome(text: string): string {
  const turns = readChat(text);
  if (text.trim() === "") return "Lines such as “Noor: Hello” are read as a chat.";
  if (!turns) return `A text of ${plural(text.trim().split(/\s+/).length, "word")}.`;
  return `A chat: ${plural(turns.length, "turn")}, ${plural(new Set(turns.map((turn) => turn.speaker)).size, "speaker")}.`;
}

export function Paste() {
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const send = async (): Promise<void> => {
    const turns = readChat(text);
    setBusy(true);
    setTrouble("");
    try {
      const job = await sendWords(turns ? { turns } : { text }, jobOptions());
      go("analyze", job.id);
    } catch (error) {
      setTrouble(told(error));
    }
    setBusy(false);
  };
  return (
    <div class="paste">
      <label class="paste-label" for="words">Or paste a text or a chat</label>
      <textarea id="words" rows={7} value={text} placeholder={"Dear diary, …\n\nor\n\nNoor: Did the parcel come?\nJonas: It came. The vase is in four pieces."}
        onInput={(event) => setText(event.currentTarget.value)} aria-describedby="words-are" />
      <div class="paste-foot">
        <p id="words-are" class="small soft" aria-live="polite">{outcome(text)}</p>
        <span class="paste-tools">
          {text === "" ? (
            <span class="small soft">Try <button type="button" class="link" onClick={() => setText(LETTER)}>a letter</button> or <button type="button" class="link" onClick={() => setText(CHAT)}>a chat</button></span>
          ) : (
            <button type="button" class="link small" onClick={() => setText("")}>Clear</button>
          )}
          <button type="button" class="button primary" disabled={busy || text.trim() === ""} onClick={() => { void send(); }}>Analyze</button>
        </span>
      </div>
      {trouble && <p class="trouble small" role="alert">{trouble}</p>}
    </div>
  );
}

// The conversation of this visit: it stays while one looks at other views, and goes when the page goes.
import { batch, effect, signal } from "@preact/signals";
import { ApiError, converse } from "../api.ts";
import { announce } from "../state.ts";
import { answerOf, NOTHING, type Answer } from "./answer.ts";
import { MOST, type Turn } from "./turns.ts";

export const turns = signal<readonly Turn[]>([]);
export const answer = signal<Answer>(NOTHING);
export const busy = signal(false);
export const trouble = signal("");

/** Milliseconds of quiet before the words are read. */
const QUIET = 450;
let timer: ReturnType<typeof setTimeout> | undefined;
let again = false;

/** Reads the turns as they are now; one question at a time, and the last one counts. */
async function ask(): Promise<void> {
  if (busy.value) {
    again = true;
    return;
  }
  const sent = turns.value;
  if (sent.length === 0) return void batch(() => { answer.value = NOTHING; trouble.value = ""; });
  busy.value = true;
  try {
    const said = await converse(sent.map(({ speaker, text }) => ({ speaker, text })));
    batch(() => {
      answer.value = answerOf(sent, said.analysis, said.influence);
      trouble.value = sent.length >= MOST ? `Only the first ${MOST} turns are read here.` : "";
    });
    announce(`${sent.length} turns read.`);
  } catch (error) {
    trouble.value = error instanceof ApiError ? error.message : String(error);
  }
  busy.value = false;
  if (again) {
    again = false;
    void ask();
  }
}

effect(() => {
  void turns.value;
  clearTimeout(timer);
  timer = setTimeout(() => { void ask(); }, QUIET);
});

// The words: a text with tinted sentences, a chat as bubbles, a transcript with times. One tab stop; arrow keys choose.
import { computed } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { certainty, top } from "../model/affects.ts";
import type { Affect, Turn } from "../model/analysis.ts";
import { percent, personName, place, words } from "../model/format.ts";
import { family } from "../model/labels.ts";
import { affectAt, type Person } from "../model/timeline.ts";
import { analysis, cursor, media, seek, selected, timeline } from "../store.ts";
import { Words } from "./Words.tsx";

export type Look = "prose" | "chat" | "script";

interface Line {
  readonly turn: Turn;
  readonly affect: Affect | null;
  readonly person: Person | null;
  /** What stands between this turn and the one before. */
  readonly gap: string;
}

function lineOf(turn: Turn, gap: string): Line {
  const { persons } = timeline.value;
  const who = persons.find((one) => one.name === turn.speaker) ?? (turn.speaker === null && persons.length === 1 ? persons[0] : undefined) ?? null;
  const middle = (turn.span.start + turn.span.end) / 2;
  const track = who?.tracks.find((candidate) => candidate.modality === "text") ?? who?.fused;
  return { turn, affect: turn.affect ?? (track ? affectAt(track, middle) : null), person: who, gap };
}

function linesOf(turns: readonly Turn[], content: string | null): Line[] {
  const letters = content === null ? null : Array.from(content);
  let end = 0;
  return turns.filter((turn) => turn.text).map((turn) => {
    const between = letters && turn.span.unit === "characters" ? letters.slice(end, turn.span.start).join("") : " ";
    end = turn.span.end;
    return lineOf(turn, between);
  });
}

/** Breaks prose into paragraphs, where it has empty lines, and at the latest after 40 sentences. */
function paragraphs(lines: readonly Line[]): Line[][] {
  const made: Line[][] = [];
  for (const line of lines) {
    const last = made.at(-1);
    if (!last || /\n\s*\n/.test(line.gap) || last.length >= 40) made.push([line]);
    else last.push(line);
  }
  return made;
}

function describe(line: Line): string {
  const best = line.affect && top(line.affect);
  return best ? `${words(best.label)} ${percent(best.p)}` : "nothing read";
}

function choose(line: Line): void {
  if (line.person) selected.value = line.person.name;
  seek(line.turn.span.start);
}

function Sentence({ line, id, look, active }: { readonly line: Line; readonly id: string; readonly look: Look; readonly active: boolean }) {
  const { turn, affect } = line;
  const best = affect && top(affect);
  const tint = affect ? Math.round(8 + 30 * certainty(affect)) : 0;
  const side = look === "chat" && (line.person?.index ?? 0) % 2 === 1 ? "right" : "";
  return (
    <div role="option" id={id} aria-selected={active} class={`sentence ${side} ${best ? `family-${family(best.label)}` : ""}`}
      style={{ "--tint": `${best?.label === "neutral" ? Math.round(tint / 2) : tint}%`, "--who": `var(--person-${(line.person?.index ?? 0) % 6})` }}
      title={describe(line)} onClick={() => choose(line)}>
      {look !== "prose" && (
        <span class="sentence-head small">
          {turn.speaker && <strong>{personName(turn.speaker)}</strong>}
          {turn.span.unit === "seconds" && <span class="soft number">{place(turn.span.start, "seconds", false)}</span>}
          <span class="soft sentence-mood"><span class="dot" aria-hidden="true" />{describe(line)}</span>
        </span>
      )}
      <span class="sentence-words">{active && affect ? <Words turn={turn} affects={[affect]} /> : turn.text}</span>
      {look === "prose" && <span class="hidden"> ({describe(line)})</span>}
    </div>
  );
}

function lineAt(lines: readonly Line[], at: number): number {
  return lines.findLastIndex(({ turn: { span } }) => span.start <= at && (at < span.end || span.end === span.start));
}

/** Keeps the chosen sentence in sight without moving the page. */
function reveal(box: HTMLElement, id: string): void {
  const item = document.getElementById(id);
  if (!item) return;
  const inner = item.getBoundingClientRect();
  const outer = box.getBoundingClientRect();
  if (inner.top < outer.top) box.scrollTop -= outer.top - inner.top + 24;
  else if (inner.bottom > outer.bottom) box.scrollTop += inner.bottom - outer.bottom + 24;
}

export function Transcript() {
  const { turns, source } = analysis.value;
  const content = media.value.kind === "text" ? media.value.content : null;
  const lines = useMemo(() => linesOf(turns, content), [turns, content]);
  const look: Look = source.unit === "characters" && !turns.some((turn) => turn.speaker) ? "prose" : source.kind === "chat" ? "chat" : "script";
  const groups = useMemo(() => (look === "prose" ? paragraphs(lines) : lines.map((line) => [line])), [lines, look]);
  const box = useRef<HTMLDivElement>(null);
  // A signal of its own: the words are drawn anew when the sentence changes, not with every tick of the cursor.
  const current = useMemo(() => computed(() => lineAt(lines, cursor.value)), [lines]);
  const active = current.value;
  useEffect(() => {
    if (box.current && active >= 0) reveal(box.current, `turn-${active}`);
  }, [active]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = lines.length - 1;
    const near = active >= 0 ? active : lines.findLastIndex((line) => line.turn.span.start <= cursor.value);
    const goals: Record<string, number> = { ArrowDown: near + 1, ArrowRight: near + 1, ArrowUp: near - 1, ArrowLeft: near - 1, Home: 0, End: last };
    const goal = goals[event.key];
    if (goal === undefined) return;
    const line = lines[Math.min(last, Math.max(0, goal))];
    if (line) choose(line);
    event.preventDefault();
    event.stopPropagation();
  };
  let index = -1;
  return (
    <div ref={box} class={`transcript ${look}`} role="listbox" tabIndex={0} aria-label="Words, one choice a sentence or turn"
      aria-activedescendant={active >= 0 ? `turn-${active}` : undefined} onKeyDown={onKeyDown}>
      {groups.map((group, number) => (
        <div key={number} class="paragraph" role="presentation">
          {group.map((line) => {
            index += 1;
            return <Sentence key={index} line={line} id={`turn-${index}`} look={look} active={index === active} />;
          })}
        </div>
      ))}
    </div>
  );
}

// The words: a text with tinted sentences, a chat as bubbles, a transcript with times. One tab stop; arrow keys choose.
import { computed } from "@preact/signals";
import { Fragment } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { certainty, top } from "../model/affects.ts";
import { percent, personName, place, words } from "../model/format.ts";
import { family } from "../model/labels.ts";
import { lookOf, paragraphsOf, type Line, type Look } from "../model/lines.ts";
import { analysis, cursor, seek, selected, timeline } from "../store.ts";
import { Words } from "./Words.tsx";

function describe(line: Line): string {
  const best = line.affect && top(line.affect);
  return best ? `${words(best.label)} ${percent(best.p)}` : "nothing read";
}

function choose(line: Line): void {
  if (line.person) selected.value = line.person.name;
  seek(line.turn.span.start);
}

function tint(line: Line): number {
  if (!line.affect) return 0;
  const strong = Math.round(8 + 30 * certainty(line.affect));
  return top(line.affect)?.label === "neutral" ? Math.round(strong / 2) : strong;
}

interface SentenceProps {
  readonly line: Line;
  readonly id: string;
  readonly look: Look;
  readonly active: boolean;
}

function Head({ line }: { readonly line: Line }) {
  const { turn } = line;
  return (
    <span class="sentence-head small">
      {turn.speaker && <strong>{personName(turn.speaker)}</strong>}
      {turn.span.unit === "seconds" && <span class="soft number">{place(turn.span.start, "seconds", false)}</span>}
      {line.affect && <span class="soft sentence-mood"><span class="dot" aria-hidden="true" />{describe(line)}</span>}
    </span>
  );
}

function Sentence({ line, id, look, active }: SentenceProps) {
  const { turn, affect, person } = line;
  const best = affect && top(affect);
  const side = look === "chat" && (person?.index ?? 0) % 2 === 1 ? "right" : "";
  return (
    <div role="option" id={id} aria-selected={active} class={`sentence ${side} ${best ? `family-${family(best.label)}` : ""}`}
      style={{ "--tint": `${tint(line)}%`, "--who": `var(--person-${(person?.index ?? 0) % 6})` }} title={describe(line)} onClick={() => choose(line)}>
      {look !== "prose" && <Head line={line} />}
      <span class="sentence-words">{active && affect ? <Words turn={turn} affects={[affect]} /> : turn.text}</span>
      {look === "prose" && <span class="hidden"> ({describe(line)})</span>}
    </div>
  );
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

function lineAt(lines: readonly Line[], at: number): number {
  return lines.findLastIndex(({ turn: { span } }) => span.start <= at && (at < span.end || span.end === span.start));
}

/** The line that a key leads to, or null where the key is none of ours. */
function goal(key: string, lines: readonly Line[], active: number): Line | null {
  const near = active >= 0 ? active : lines.findLastIndex((line) => line.turn.span.start <= cursor.value);
  const goals: Record<string, number> = {
    ArrowDown: near + 1, ArrowRight: near + 1, ArrowUp: near - 1, ArrowLeft: near - 1, Home: 0, End: lines.length - 1,
  };
  const wanted = goals[key];
  return wanted === undefined ? null : (lines[Math.min(lines.length - 1, Math.max(0, wanted))] ?? null);
}

export function Transcript() {
  const whole = analysis.value;
  const { persons } = timeline.value;
  const look = lookOf(whole);
  const groups = useMemo(() => paragraphsOf(whole, persons), [whole, persons]);
  const lines = useMemo(() => groups.flat(), [groups]);
  const box = useRef<HTMLDivElement>(null);
  // A signal of its own: the words are drawn anew when the sentence changes, not with every tick of the cursor.
  const current = useMemo(() => computed(() => lineAt(lines, cursor.value)), [lines]);
  const active = current.value;
  useEffect(() => {
    if (box.current && active >= 0) reveal(box.current, `turn-${active}`);
  }, [active]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const line = goal(event.key, lines, active);
    if (!line) return;
    choose(line);
    event.preventDefault();
    event.stopPropagation();
  };
  let index = -1;
  return (
    <div ref={box} class={`transcript ${look} ${groups.length > 300 ? "many" : ""}`} role="listbox" tabIndex={0} aria-label="Words, one choice a sentence or turn"
      aria-activedescendant={active >= 0 ? `turn-${active}` : undefined} onKeyDown={onKeyDown}>
      {groups.map((group, number) => (
        <div key={number} class="paragraph" role="presentation">
          {group.map((line) => {
            index += 1;
            return (
              <Fragment key={index}>
                {look === "prose" && line !== group[0] ? " " : null}
                <Sentence line={line} id={`turn-${index}`} look={look} active={index === active} />
              </Fragment>
            );
          })}
        </div>
      ))}
    </div>
  );
}

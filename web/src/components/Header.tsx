import { basename, length, percent, personName, plural, words } from "../model/format.ts";
import { analysis, timeline } from "../store.ts";
import { DOUBTFUL } from "../model/affects.ts";
import { conflicts, moods, sureness, type Mood } from "../model/timeline.ts";
import { Mark } from "./Mark.tsx";
import { ThemeChoice } from "./ThemeChoice.tsx";

/** Who and what, in one line: "2 people · speech, text · 30 s". */
function facts(): string[] {
  const { persons, modalities, end, unit, moves } = timeline.value;
  const perceived = modalities.filter((modality) => modality !== "fused");
  const length_ = moves || end > 0 ? [length(end, unit)] : [];
  if (persons.length === 0) return [...length_, "nothing perceived"];
  const who = persons.length <= 2 ? persons.map((person) => personName(person.name)).join(" and ") : plural(persons.length, "person", "people");
  return [...length_, who, `read from ${perceived.join(", ") || "the fused timeline"}`];
}

/** A mean state as the terminal tells it, too. */
function usual({ label, share }: Mood, sure: boolean | null | undefined): string {
  const often = timeline.value.moves ? "mostly " : "";
  return sure ? `${often}${words(label)} (${percent(share)})` : `${often}unsure, ${words(label)} at best (${percent(share)})`;
}

/** The outcome in a sentence for each of the first persons. */
function lede(): string {
  const { persons } = timeline.value;
  const said = persons.slice(0, 3).map((person) => {
    const track = person.fused ?? person.tracks[0];
    const first = track && moods(track)[0];
    const clashes = track ? conflicts(track) : 0;
    const whole = first ? usual(first, track && sureness(track) >= DOUBTFUL) : "dimensions only";
    return `${personName(person.name)}: ${whole}${clashes > 0 ? `, ${plural(clashes, "conflict")} between modalities` : ""}.`;
  });
  const more = persons.length - said.length;
  return [...said, ...(more > 0 ? [`And ${plural(more, "person", "people")} more.`] : [])].join(" ");
}

/** The name of what was analysed, what was found in it, and the outcome. */
export function Title() {
  const { source } = analysis.value;
  const name = basename(source.name);
  document.title = `${name} · mien`;
  return (
    <>
      <h1 tabIndex={-1}>{name}</h1>
      <p class="facts soft">
        <span class="badge">{source.kind}</span>
        {facts().map((fact) => <span key={fact}>{fact}</span>)}
      </p>
      {timeline.value.persons.length > 0 && <p class="lede">{lede()}</p>}
    </>
  );
}

export function Header() {
  return (
    <header class="head">
      <div class="head-row">
        <Mark />
        <ThemeChoice />
      </div>
      <Title />
    </header>
  );
}

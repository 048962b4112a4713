// What holds now for one person: the distribution, the dimensions, and which modalities speak.
import { useEffect, useRef, useState } from "preact/hooks";
import { Card } from "../../components/Card.tsx";
import { Bars, Headline, Scale } from "../../components/Now.tsx";
import { Segments } from "../../components/Segments.tsx";
import { top } from "../../model/affects.ts";
import { percent, personName, words } from "../../model/format.ts";
import { family } from "../../model/labels.ts";
import { announce } from "../state.ts";
import { latest, type Bit } from "./course.ts";
import { modalitiesOf } from "./Curves.tsx";
import type { Session } from "./session.ts";

/** Seconds between two things that are said aloud. */
const RARELY = 15;

/** Says the state of the chosen person when it has changed, and not often. */
function useVoice(person: string, bit: Bit | null, now: number): void {
  const before = useRef({ label: "", at: Number.NEGATIVE_INFINITY });
  const best = bit?.final ? top(bit.affect) : null;
  useEffect(() => {
    if (!best || best.label === before.current.label || now - before.current.at < RARELY) return;
    before.current = { label: best.label, at: now };
    announce(`${personName(person)}: ${words(best.label)}, ${percent(best.p)}`);
  }, [best?.label, Math.floor(now)]);
}

/** Whoever was read last. */
function newest(session: Session): string {
  const lines = session.course.lines();
  const ends = lines.map((line) => line.bits.at(-1)?.end ?? 0);
  return lines[ends.indexOf(Math.max(...ends))]?.person ?? "";
}

/** Seconds for which whoever is shown stays, once another is read and they are not. */
const STAYS = 2;

function speaking(session: Session, person: string): boolean {
  const ends = session.course.lines().filter((line) => line.person === person).map((line) => line.bits.at(-1)?.end ?? 0);
  return Math.max(...ends, Number.NEGATIVE_INFINITY) >= session.course.end - STAYS;
}

function Choice({ persons, value, onChange }: { readonly persons: readonly string[]; readonly value: string; readonly onChange: (name: string) => void }) {
  if (persons.length < 2) return <p class="person-name">{personName(value)}</p>;
  const choices = persons.slice(-4).map((name) => ({ value: name, label: personName(name) }));
  return <Segments label="Person" choices={choices} value={value} onChange={onChange} />;
}

function Parts({ session, person }: { readonly session: Session; readonly person: string }) {
  const rows = modalitiesOf(session).filter((modality) => modality !== "fused").map((modality) => ({ modality, bit: latest(session.course.line(person, modality), session.now.value) }));
  const known = rows.filter(({ bit }) => bit !== null);
  if (known.length === 0) return null;
  return (
    <ul class="live-parts small">
      {known.map(({ modality, bit }) => {
        const best = bit && top(bit.affect);
        return best && (
          <li key={modality} class={`family-${family(best.label)}`}>
            <span class="soft">{modality}</span><span class="dot" aria-hidden="true" />{words(best.label)} <span class="soft number">{percent(best.p)}</span>
          </li>
        );
      })}
    </ul>
  );
}

export function Now({ session }: { readonly session: Session }) {
  const [chosen, setChosen] = useState("");
  void session.tick.value;
  const now = session.now.value;
  const persons = session.course.persons();
  const shown = useRef("");
  const person = persons.includes(chosen) ? chosen : speaking(session, shown.current) ? shown.current : newest(session);
  shown.current = person;
  const line = modalitiesOf(session).map((modality) => session.course.line(person, modality)).find((one) => latest(one, now) !== null) ?? null;
  const bit = latest(line, now);
  useVoice(person, bit, now);
  return (
    <Card id="live-now" title="Now" className="live-now" aside={bit && <span class={`badge ${bit.final ? "" : "live-open"}`}>{bit.final ? "final" : "may still change"}</span>}>
      {person && <Choice persons={persons} value={person} onChange={setChosen} />}
      {bit ? (
        <div class="now-body">
          <Headline affect={bit.affect} />
          <Bars affect={bit.affect} />
          <dl class="scales">{(["valence", "arousal"] as const).map((name) => <Scale key={name} name={name} affect={bit.affect} />)}</dl>
          <Parts session={session} person={person} />
        </div>
      ) : (
        <p class="soft live-quiet">{person ? `Nothing is read from ${personName(person)} just now.` : quiet(session)}</p>
      )}
    </Card>
  );
}

function quiet(session: Session): string {
  const { microphone, camera } = session.devices.value;
  if (session.phase.value === "opening") return "Waiting for the server.";
  return microphone && camera ? "Speak, or look into the camera." : microphone ? "Speak: the first answer comes within a second or two of speech." : "Look into the camera.";
}

// Valence and arousal of everyone over the last minute.
import { useEffect, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import { Card } from "../../components/Card.tsx";
import { Segments } from "../../components/Segments.tsx";
import { useWidth } from "../../components/useWidth.ts";
import { capital, personName, signed } from "../../model/format.ts";
import type { Modality } from "../../model/analysis.ts";
import { dark } from "../../store.ts";
import { latest } from "./course.ts";
import { build, columns, type Measure } from "./plot.ts";
import type { Session } from "./session.ts";
import { windowAt } from "./window.ts";

const HIGH = 118;
const TIMES = 20;

interface CurveProps {
  readonly session: Session;
  readonly measure: Measure;
  readonly modality: Modality;
  readonly width: number;
  readonly times: boolean;
}

/** What the curves say last, for those who do not see them. */
function said(session: Session, measure: Measure, modality: Modality): string {
  const parts = session.course.lines(modality).map((line) => {
    const bit = latest(line, session.now.value);
    const value = bit?.affect[measure]?.mean;
    return `${personName(line.person)} ${value === undefined ? "nothing now" : signed(value)}`;
  });
  return `${capital(measure)} over the last minute: ${parts.join(", ") || "nothing yet"}`;
}

function Curve({ session, measure, modality, width, times }: CurveProps) {
  const root = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const shown = session.course.lines(modality).map((line) => line.person);
  const key = shown.join("|");
  const isDark = dark.value;
  const tick = session.tick.value;
  const height = HIGH + (times ? TIMES : 0);
  useEffect(() => {
    if (!root.current || width < 60) return undefined;
    const lines = shown.map((name) => ({ name, colour: `--person-${session.course.place(name) % 6}` }));
    const made = build(root.current, lines, { width, height, times }, () => windowAt(session.now.value));
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [key, width, isDark, times]);
  useEffect(() => {
    const lines = session.course.lines(modality);
    if (plot.current && lines.length * 2 + 1 === plot.current.series.length) plot.current.setData(columns(lines, measure));
  }, [tick, modality, measure, key, width, isDark]);
  return (
    <figure class="live-curve">
      <figcaption class="small"><strong>{capital(measure)}</strong> <span class="soft">{measure === "valence" ? "unpleasant below, pleasant above" : "calm below, activated above"}</span></figcaption>
      <div ref={root} style={{ height: `${height}px` }} role="img" aria-label={said(session, measure, modality)} />
    </figure>
  );
}

const ORDER: readonly Modality[] = ["fused", "speech", "face", "text"];

/** The modalities that have said something, fused first. */
export function modalitiesOf(session: Session): Modality[] {
  const there = new Set(session.course.lines().map((line) => line.modality));
  return ORDER.filter((modality) => there.has(modality));
}

export function Curves({ session }: { readonly session: Session }) {
  const [box, width] = useWidth();
  const [chosen, setChosen] = useState<Modality>("fused");
  void session.tick.value;
  const choices = modalitiesOf(session);
  const modality = choices.includes(chosen) ? chosen : (choices[0] ?? "fused");
  const persons = session.course.persons();
  return (
    <Card id="live-curves" title="The last minute" aside={choices.length > 1 && <Segments label="Read from" choices={choices.map((value) => ({ value, label: capital(value) }))} value={modality} onChange={setChosen} />}>
      <div ref={box} class="live-curves">
        <Curve session={session} measure="valence" modality={modality} width={width} times={false} />
        <Curve session={session} measure="arousal" modality={modality} width={width} times={true} />
      </div>
      <ul class="legend small">
        {persons.map((name) => (
          <li key={name}><span class="live-swatch" style={{ background: `var(--person-${session.course.place(name) % 6})` }} aria-hidden="true" />{personName(name)}</li>
        ))}
        {persons.length > 0 && <li class="soft"><span class="live-swatch pale" aria-hidden="true" />pale and dashed: may still change</li>}
        {persons.length === 0 && <li class="soft">Curves begin with the first voice or face.</li>}
      </ul>
    </Card>
  );
}

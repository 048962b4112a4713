// Ribbons and curves of two people on one axis, and what holds at one point of it.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { leading, type Curve } from "../../charts/curves.ts";
import { line, type Pick } from "../../charts/points.ts";
import { buildPlot } from "../../charts/plot.ts";
import { Card } from "../../components/Card.tsx";
import { Lane } from "../../components/Lane.tsx";
import { useWidth } from "../../components/useWidth.ts";
import { top } from "../../model/affects.ts";
import { DIMENSIONS, type DimensionName } from "../../model/analysis.ts";
import { capital, percent, personName, place, signed, ticks, words } from "../../model/format.ts";
import { affectAt, type Person } from "../../model/timeline.ts";
import { dark } from "../../store.ts";
import { mainTrack, scaledPerson, type Axis, type Side } from "../compare.ts";

interface Props {
  readonly pair: readonly [Side, Side];
  readonly persons: readonly [Person, Person];
  readonly axis: Axis;
}

const isDimension = (name: string): name is DimensionName => (DIMENSIONS as readonly string[]).includes(name);

function pickOf(measure: string): Pick {
  if (isDimension(measure)) return (affect) => affect[measure] && { value: affect[measure].mean, std: affect[measure].std };
  return (affect) => {
    const p = affect.categories?.probs[measure];
    return p === undefined ? null : { value: p, std: 0 };
  };
}

function curvesFor(persons: readonly Person[], names: readonly string[], measure: string, end: number): Curve[] {
  const curves = persons.map((person, index) => {
    const track = mainTrack(person);
    const drawn = track ? line(track, pickOf(measure), 0, end) : { points: [], smooth: false, dots: false };
    return { ...drawn, name: names[index] ?? "", token: `--person-${index}`, width: 2.5, dash: index === 1 ? [7, 4] : [], band: isDimension(measure) };
  });
  return curves.filter((curve) => curve.points.length > 0);
}

function Plot({ curves, width, gutter, end, measure }: { readonly curves: readonly Curve[]; readonly width: number; readonly gutter: number; readonly end: number; readonly measure: string }) {
  const root = useRef<HTMLDivElement>(null);
  const isDark = dark.value;
  useEffect(() => {
    if (!root.current || width < 40 || curves.length === 0) return undefined;
    const plot = buildPlot(root.current, curves, { width, height: 180, gutter, from: 0, to: end, measure: isDimension(measure) ? measure : "categories" });
    return () => plot.destroy();
  }, [curves, width, gutter, end, measure, isDark]);
  if (curves.length === 0) return <p class="chart-empty soft small">Neither of the two has {words(measure)}.</p>;
  return <div ref={root} class="chart-plot tall" role="img" aria-label={`${capital(words(measure))} of ${curves.map((curve) => curve.name).join(" and ")} over the same axis`} />;
}

function reading(person: Person, at: number): string {
  const track = mainTrack(person);
  const affect = track && affectAt(track, at);
  const best = affect && top(affect);
  if (!affect) return "nothing read here";
  const where = affect.valence ? `, valence ${signed(affect.valence.mean)}` : "";
  return `${best ? `${words(best.label)} ${percent(best.p)}` : "dimensions only"}${where}`;
}

/** Both on one axis: as they are, or each as a share of its own length. */
function useAxis({ pair, persons, axis }: Props) {
  const [first, second] = pair;
  const ends = [first.timeline.end || 1, second.timeline.end || 1] as const;
  const end = axis === "time" ? Math.max(...ends) : 1;
  const [one, other] = persons;
  const moved = useMemo(() => (axis === "time" ? [one, other] : [scaledPerson(one, 1 / ends[0]), scaledPerson(other, 1 / ends[1])]), [one, other, axis, ends[0], ends[1]]);
  const say = (at: number): string => (axis === "share" ? percent(at) : place(at, first.timeline.unit, false));
  return { end, moved, say };
}

export function Aligned(props: Props) {
  const { pair, persons, axis } = props;
  const [box, width] = useWidth();
  const gutter = width < 560 ? 42 : 64;
  const { end, moved, say } = useAxis(props);
  const [measure, setMeasure] = useState("valence");
  const [at, setAt] = useState(0);
  useEffect(() => setAt(0), [end]);
  const names = persons.map((person, index) => `${personName(person.name)} in ${pair[index]?.name ?? ""}`);
  const curves = useMemo(() => curvesFor(moved, names, measure, end), [moved, measure, end, names.join()]);
  const labels = useMemo(() => [...new Set(moved.flatMap((person) => { const track = mainTrack(person); return track ? leading(track) : []; }))], [moved]);
  const whole = { from: 0, to: end };
  const point = (event: PointerEvent): void => {
    const down = event.type === "pointerdown" ? event.button === 0 : event.buttons === 1;
    if (!down || !(event.target as Element).closest(".lane-ribbon, .chart-plot, .axis")) return;
    const { left, width: wide } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    setAt(end * Math.min(1, Math.max(0, (event.clientX - left - gutter) / (wide - gutter))));
  };
  const marks = ticks(0, axis === "share" ? 100 : end, (width - gutter) / 90).map((mark) => (axis === "share" ? mark / 100 : mark));
  return (
    <Card id="aligned" title="Side by side" aside={
      <label class="taxonomy"><span class="small soft">Curves</span>
        <select class="control" value={measure} onChange={(event) => setMeasure(event.currentTarget.value)}>
          <optgroup label="Dimensions">{DIMENSIONS.map((name) => <option key={name} value={name}>{capital(name)}</option>)}</optgroup>
          <optgroup label="Categories">{labels.map((label) => <option key={label} value={label}>{capital(words(label))}</option>)}</optgroup>
        </select>
      </label>}>
      <div class="tracks aligned" ref={box} style={{ "--gutter": `${gutter}px` }} onPointerDown={point} onPointerMove={point}>
        <div class="axis" aria-hidden="true">{marks.map((mark) => <span key={mark} class={`tick number ${mark > 0.95 * end ? "last" : ""}`} style={{ left: `${(100 * mark) / end}%` }}>{say(mark)}</span>)}</div>
        {moved.map((person, index) => (
          <section key={index} class={`aligned-side side-${index}`} aria-label={names[index]}>
            <h3><span class="side-mark" aria-hidden="true" />{names[index]}<span class="small soft number aligned-now">{reading(person, at)}</span></h3>
            {person.tracks.map((track) => track.affects.length > 0 && <Lane key={track.modality} track={track} width={width - gutter} shown={whole} />)}
          </section>
        ))}
        <Plot curves={curves} width={width} gutter={gutter} end={end} measure={measure} />
        <div class="playhead" aria-hidden="true" style={{ left: `calc(${gutter}px + ${at / end} * (100% - ${gutter}px))` }} />
        <label class="point"><span class="hidden">Point of the axis</span>
          <input type="range" min={0} max={end} step={end / 200} value={at} aria-valuetext={`${say(at)}. ${names.map((name, index) => `${name}: ${reading(moved[index] as Person, at)}`).join("; ")}`} onInput={(event) => setAt(event.currentTarget.valueAsNumber)} />
        </label>
      </div>
      <p class="small soft gap">Solid line: first. Dashed line: second. Bands are the spread that each answer leaves open. {axis === "share" ? "Each recording is stretched to its own length." : ""}</p>
    </Card>
  );
}

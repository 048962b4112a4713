// Valence turn by turn, one line for each speaker.
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { token } from "../../charts/canvas.ts";
import { Card } from "../../components/Card.tsx";
import { signed } from "../../model/format.ts";
import { dark } from "../../store.ts";
import { useWidth } from "../../components/useWidth.ts";
import { rows, type Row } from "./answer.ts";
import { answer, turns } from "./store.ts";

const HEIGHT = 190;

function build(root: HTMLElement, data: readonly Row[], width: number): uPlot {
  const count = data[0]?.values.length ?? 0;
  const common = { stroke: token("--ink-soft"), font: `12px ${token("--font")}`, ticks: { show: false }, grid: { stroke: token("--line"), width: 1 } };
  const every = Math.max(1, Math.ceil(count / (width / 44)));
  const options: uPlot.Options = {
    width, height: HEIGHT, padding: [8, 10, 0, 0], legend: { show: false }, cursor: { show: false },
    scales: { x: { time: false, range: () => [0.5, Math.max(2, count) + 0.5] }, y: { range: () => [-1.05, 1.05] } },
    axes: [
      { ...common, size: 26, splits: () => Array.from({ length: count }, (_, index) => index + 1).filter((at) => at === 1 || at % every === 0), values: (_plot, splits) => splits.map(String) },
      { ...common, size: 34, splits: () => [-1, 0, 1], values: (_plot, splits) => splits.map((value) => String(value).replace("-", "\u2212")) },
    ],
    series: [{}, ...data.map((row, index) => {
      const stroke = token(`--person-${index % 6}`);
      return { label: row.speaker, stroke, width: 2.2, spanGaps: true, points: { show: true, size: 7, fill: stroke, width: 0 }, dash: index % 2 === 1 ? [6, 3] : [] };
    })],
  };
  const at = Array.from({ length: count }, (_, index) => index + 1);
  return new uPlot(options, [at, ...data.map((row) => [...row.values])] as uPlot.AlignedData, root);
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value): value is number => value !== null);
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
}

export function Course() {
  const [box, width] = useWidth();
  const root = useRef<HTMLDivElement>(null);
  const data = rows(turns.value, answer.value);
  const isDark = dark.value;
  useEffect(() => {
    if (!root.current || width < 60) return undefined;
    const plot = build(root.current, data, width);
    return () => plot.destroy();
  }, [turns.value, answer.value, width, isDark]);
  const means = data.map((row) => ({ speaker: row.speaker, mean: mean(row.values) }));
  return (
    <Card id="talk-course" title="Valence, turn by turn" aside={<span class="small soft">unpleasant −1, pleasant 1</span>}>
      <div ref={box}>
        <div ref={root} style={{ height: `${HEIGHT}px` }} role="img" aria-label={`Valence turn by turn. Means: ${means.map((one) => `${one.speaker} ${one.mean === null ? "unknown" : signed(one.mean)}`).join(", ")}`} />
      </div>
      <ul class="legend small">
        {means.map((one, index) => (
          <li key={one.speaker}><svg width="24" height="8" aria-hidden="true"><line x1="1" x2="23" y1="4" y2="4" stroke-width="2.5" style={{ stroke: `var(--person-${index % 6})`, strokeDasharray: index % 2 === 1 ? "6 3" : "" }} /></svg>{one.speaker} <span class="soft number">{one.mean === null ? "" : `mean ${signed(one.mean)}`}</span></li>
        ))}
      </ul>
    </Card>
  );
}

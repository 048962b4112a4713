// The running curves: one colour a person, the last minute, final answers full and partial ones pale.
import uPlot from "uplot";
import { token, withAlpha } from "../../charts/canvas.ts";
import { place, ticks } from "../../model/format.ts";
import { trace, type Line } from "./course.ts";

export type Measure = "valence" | "arousal";

export interface Size {
  readonly width: number;
  readonly height: number;
  /** Whether the times stand below. */
  readonly times: boolean;
}

function seriesOf(person: string, colour: string): uPlot.Series[] {
  const common = { label: person, points: { show: false }, spanGaps: false };
  return [
    { ...common, stroke: colour, width: 2.5 },
    { ...common, label: `${person}, not final`, stroke: withAlpha(colour, 0.5), width: 2, dash: [4, 3] },
  ];
}

function axes(size: Size, range: () => [number, number]): uPlot.Axis[] {
  const font = `12px ${token("--font")}`;
  const grid = { stroke: token("--line"), width: 1 };
  const common = { stroke: token("--ink-soft"), font, ticks: { show: false }, grid };
  return [
    {
      ...common,
      size: size.times ? 24 : 4,
      splits: () => ticks(...range(), size.width / 110),
      values: (_plot, splits) => splits.map((at) => (size.times ? place(at, "seconds", false) : "")),
    },
    { ...common, size: 34, splits: () => [-1, 0, 1], values: (_plot, splits) => splits.map((value) => String(value).replace("-", "\u2212")) },
  ];
}

/** The columns of a plot: per line what is final, and what is not. */
export function columns(lines: readonly Line[], measure: Measure): uPlot.AlignedData {
  const tables = lines.flatMap((line) => [true, false].map((final) => {
    const { at, values } = trace(line, measure, final);
    return [at, values] as unknown as uPlot.AlignedData;
  }));
  // Mode 2 keeps a break of one curve where another has a point.
  return tables.length > 0 ? (uPlot.join(tables, tables.map((table) => table.map(() => 2))) as uPlot.AlignedData) : [[]];
}

/** Builds an empty plot for some persons; `range` says which stretch of time it shows. */
export function build(root: HTMLElement, persons: readonly { readonly name: string; readonly colour: string }[], size: Size, range: () => [number, number]): uPlot {
  const settings: uPlot.Options = {
    width: size.width,
    height: size.height,
    padding: [8, 20, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false, range: () => range() }, y: { range: () => [-1.05, 1.05] } },
    axes: axes(size, range),
    series: [{}, ...persons.flatMap(({ name, colour }) => seriesOf(name, token(colour)))],
  };
  return new uPlot(settings, [[], ...persons.flatMap(() => [[], []])] as unknown as uPlot.AlignedData, root);
}

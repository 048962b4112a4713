// The uPlot chart of one person: lines whose opacity is the confidence, and a band for the spread.
import uPlot from "uplot";
import { ticks } from "../model/format.ts";
import type { Measure } from "../store.ts";
import { token, withAlpha } from "./canvas.ts";
import { columns, type Curve } from "./curves.ts";
import type { Point } from "./points.ts";

export interface PlotOptions {
  readonly width: number;
  readonly height: number;
  readonly gutter: number;
  readonly from: number;
  readonly to: number;
  readonly measure: Measure;
}

const FAINTEST = 0.22;
const STOPS = 240;
const straight = (uPlot.paths.linear as () => uPlot.Series.PathBuilder)();
const smooth = (uPlot.paths.spline as () => uPlot.Series.PathBuilder)();

/** A stroke that is the paler the less sure its curve is at that point of time. */
function fading(plot: uPlot, curve: readonly Point[], hex: string, strength: number): CanvasGradient | string {
  const { left, width } = plot.bbox;
  const { min, max } = plot.scales.x as { min?: number; max?: number };
  const known = curve.filter((point) => point.value !== null);
  if (min === undefined || max === undefined || max <= min || known.length === 0 || !Number.isFinite(left)) return withAlpha(hex, strength);
  const gradient = plot.ctx.createLinearGradient(left, 0, left + width, 0);
  const every = Math.ceil(known.length / STOPS);
  for (let index = 0; index < known.length; index += every) {
    const point = known[index] as Point;
    const share = (point.at - min) / (max - min);
    if (share < 0 || share > 1) continue;
    gradient.addColorStop(share, withAlpha(hex, strength * (FAINTEST + (1 - FAINTEST) * point.sure)));
  }
  return gradient;
}

function seriesOf(curve: Curve): uPlot.Series[] {
  const hex = token(curve.token);
  const line: uPlot.Series = {
    label: curve.name,
    stroke: (plot) => fading(plot, curve.points, hex, curve.dots ? 0.4 : 1),
    width: curve.dots ? 1 : curve.width,
    points: curve.dots ? { show: true, size: 7, width: 0, fill: (plot) => fading(plot, curve.points, hex, 1) } : { show: false },
    paths: curve.smooth ? smooth : straight,
    ...(curve.dash.length > 0 ? { dash: [...curve.dash] } : {}),
  };
  if (!curve.band) return [line];
  const edge: uPlot.Series = { label: `${curve.name} spread`, stroke: "transparent", width: 0, points: { show: false }, paths: curve.smooth ? smooth : straight };
  return [line, edge, { ...edge }];
}

function bandsOf(curves: readonly Curve[]): uPlot.Band[] {
  const bands: uPlot.Band[] = [];
  let index = 1;
  for (const curve of curves) {
    if (curve.band) bands.push({ series: [index + 1, index + 2], fill: (plot) => fading(plot, curve.points, token(curve.token), 0.2) as string });
    index += curve.band ? 3 : 1;
  }
  return bands;
}

function axes(options: PlotOptions): uPlot.Axis[] {
  const font = `12px ${token("--font")}`;
  const common = { stroke: token("--ink-soft"), font, ticks: { show: false } };
  const grid = { stroke: token("--line"), width: 1 };
  const isShare = options.measure === "categories";
  return [
    // The slider above names the times; here their lines are enough.
    { ...common, size: 4, grid, splits: () => ticks(options.from, options.to, options.width / 90), values: () => [] },
    {
      ...common,
      size: options.gutter,
      grid,
      splits: () => (isShare ? [0, 0.5, 1] : [-1, 0, 1]),
      values: (_plot, splits) => splits.map((value) => (isShare ? `${Math.round(100 * value)}%` : String(value).replace("-", "\u2212"))),
    },
  ];
}

/** Builds the chart in `root`. */
export function buildPlot(root: HTMLElement, curves: readonly Curve[], options: PlotOptions): uPlot {
  const range: uPlot.Range.MinMax = options.measure === "categories" ? [0, 1.02] : [-1.05, 1.05];
  const settings: uPlot.Options = {
    width: options.width,
    height: options.height,
    padding: [8, 0, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false, range: () => [options.from, options.to] }, y: { range: () => range } },
    axes: axes(options),
    series: [{}, ...curves.flatMap(seriesOf)],
    bands: bandsOf(curves),
  };
  return new uPlot(settings, columns(curves), root);
}

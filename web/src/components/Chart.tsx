import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { curvesOf, type Curve } from "../charts/curves.ts";
import { buildPlot } from "../charts/plot.ts";
import { personName } from "../model/format.ts";
import type { Person } from "../model/timeline.ts";
import { dark, measure, modality, view } from "../store.ts";

interface Props {
  readonly person: Person;
  readonly width: number;
  readonly gutter: number;
  /** Whether to draw the curves, or the lanes alone. */
  readonly open: boolean;
  /** The lanes above the curves, and what lies over both. */
  readonly children: ComponentChildren;
}

function Legend({ curves }: { readonly curves: readonly Curve[] }) {
  return (
    <ul class="legend small" aria-hidden="true">
      {(curves.some((curve) => curve.band) ? curves.toReversed() : curves).map((curve) => (
        <li key={curve.name}>
          <svg width="20" height="8" aria-hidden="true">
            <line x1="1" x2="19" y1="4" y2="4" style={{ stroke: `var(${curve.token})`, strokeDasharray: curve.dash.join(" ") }} stroke-width={curve.width + 0.5} />
          </svg>
          {curve.name}
        </li>
      ))}
    </ul>
  );
}

/** The curves of one person over what the timeline shows. */
export function Chart({ person, width, gutter, open, children }: Props) {
  const root = useRef<HTMLDivElement>(null);
  const { from, to } = view.value;
  const kind = measure.value;
  const chosen = modality.value;
  const isDark = dark.value;
  const curves = useMemo(() => (open ? curvesOf(person, kind, chosen, from, to) : []), [open, person, kind, chosen, from, to]);
  useEffect(() => {
    if (!root.current || width < 40 || curves.length === 0) return undefined;
    const plot = buildPlot(root.current, curves, { width, height: 136, gutter, from, to, measure: kind });
    return () => plot.destroy();
  }, [curves, width, gutter, from, to, kind, isDark]);
  const said = `${personName(person.name)}: ${kind === "categories" ? `${chosen}, ${curves.map((curve) => curve.name).join(", ")}` : `${kind} by modality`} over time`;
  return (
    <div class="chart">
      <div class="plots">
        {children}
        {!open ? null : curves.length > 0 ? <div ref={root} class="chart-plot" role="img" aria-label={said} /> : <p class="chart-empty soft small">No {kind} from {chosen} for {personName(person.name)}.</p>}
      </div>
      {curves.length > 0 && <Legend curves={curves} />}
    </div>
  );
}

// The ways of two people through valence and arousal, one over the other.
import { useMemo } from "preact/hooks";
import { Card } from "../../components/Card.tsx";
import { Field, Path, pathOf, reachOf } from "../../components/plane-parts.tsx";
import { quadrant } from "../../model/affects.ts";
import { personName, signed } from "../../model/format.ts";
import type { Person } from "../../model/timeline.ts";
import { average, mainTrack, type Side } from "../compare.ts";

interface Props {
  readonly pair: readonly [Side, Side];
  readonly persons: readonly [Person, Person];
}

const HALF = 100;

export function TwoPaths({ pair, persons }: Props) {
  const tracks = useMemo(() => persons.map(mainTrack).filter((track) => track !== null), [persons]);
  const reach = useMemo(() => reachOf(tracks), [tracks]);
  const means = tracks.map((track) => ({ valence: average(track, "valence"), arousal: average(track, "arousal") }));
  return (
    <Card id="paths" title="Valence and arousal" aside={<span class="small soft">dots are means</span>}>
      <svg class="plane" viewBox="-106 -106 212 212" role="img" aria-label={`Paths of ${persons.map((one) => personName(one.name)).join(" and ")}`}>
        <Field reach={reach} />
        {tracks.map((track, index) => <g key={index} style={{ color: `var(--person-${index})`, strokeDasharray: index === 1 ? "3.5 2.5" : "none" }}><Path steps={pathOf(track)} reach={reach} /></g>)}
        {means.map((mean, index) => mean.valence !== null && mean.arousal !== null && (
          <circle key={index} class="here" style={{ color: `var(--person-${index})` }} cx={(HALF * mean.valence) / reach} cy={(-HALF * mean.arousal) / reach} r="6.5" />
        ))}
      </svg>
      <ul class="path-legend small">
        {means.map((mean, index) => (
          <li key={index} class={`side-${index}`}><span class="side-mark" aria-hidden="true" /><span>{personName(persons[index]?.name ?? "")} <span class="soft">in {pair[index]?.name}</span>
            <span class="block soft number">{mean.valence === null || mean.arousal === null ? "no dimensions" : `${quadrant(mean.valence, mean.arousal)} (${signed(mean.valence)}, ${signed(mean.arousal)})`}</span></span></li>
        ))}
      </ul>
    </Card>
  );
}

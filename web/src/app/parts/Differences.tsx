// What differs, person by person, in a sentence and in numbers.
import { useMemo } from "preact/hooks";
import { Card } from "../../components/Card.tsx";
import type { Dimension } from "../../model/analysis.ts";
import { percent, personName, signed, words } from "../../model/format.ts";
import { colour } from "../../model/labels.ts";
import type { Mood } from "../../model/timeline.ts";
import { apart, differenceOf, pairsOf, summaryOf, type Pairing, type Side, type Summary } from "../compare.ts";

function Share({ share, label, side }: { readonly share: number; readonly label: string; readonly side: 0 | 1 }) {
  return (
    <span class="pair-bar">
      <span class="bar-track" aria-hidden="true"><span class={`bar-fill ${side === 1 ? "second" : ""}`} style={{ width: `${100 * share}%`, background: colour(label) }} /></span>
      <span class="number bar-value">{percent(share)}</span>
    </span>
  );
}

function Moods({ before, after }: { readonly before: readonly Mood[]; readonly after: readonly Mood[] }) {
  const find = (moods: readonly Mood[], label: string): number => moods.find((mood) => mood.label === label)?.share ?? 0;
  const labels = [...new Set([...before, ...after].sort((one, other) => other.share - one.share).map((mood) => mood.label))].slice(0, 5);
  return <>{labels.map((label) => <tr key={label}><th scope="row">{words(label)}</th><td><Share share={find(before, label)} label={label} side={0} /></td><td><Share share={find(after, label)} label={label} side={1} /></td></tr>)}</>;
}

function Value({ value }: { readonly value: Dimension | null }) {
  return <td class="number">{value === null ? "–" : <>{signed(value.mean)} <span class="soft">± {value.std.toFixed(2)}</span></>}</td>;
}

function Both({ pair, before, after }: { readonly pair: readonly [Side, Side]; readonly before: Summary; readonly after: Summary }) {
  const distance = apart(before.moods, after.moods);
  return (
    <section class="difference" aria-label={personName(after.person.name)}>
      <p>{differenceOf(before, after)}</p>
      <table class="sources small">
        <caption class="hidden">Means over the whole length</caption>
        <thead><tr><th scope="col">Mean</th><th scope="col">{personName(before.person.name)}<span class="block soft">{pair[0].name}</span></th><th scope="col">{personName(after.person.name)}<span class="block soft">{pair[1].name}</span></th></tr></thead>
        <tbody>
          <Moods before={before.moods} after={after.moods} />
          <tr><th scope="row">valence</th><Value value={before.valence} /><Value value={after.valence} /></tr>
          <tr><th scope="row">arousal</th><Value value={before.arousal} /><Value value={after.arousal} /></tr>
          <tr><th scope="row">conflicts</th><td class="number">{before.conflicts}</td><td class="number">{after.conflicts}</td></tr>
        </tbody>
      </table>
      <p class="small soft gap">{distance === null ? "The two were read in unlike label sets, so that their categories cannot be set against one another." : `${percent(distance)} of the mean distribution over the categories lies elsewhere.`}</p>
    </section>
  );
}

export function Differences({ pair, chosen }: { readonly pair: readonly [Side, Side]; readonly chosen: Pairing }) {
  const { one: first, other: second } = chosen;
  const pairs = useMemo(() => {
    const found = pairsOf(pair[0].timeline, pair[1].timeline, { one: first, other: second });
    return found.map(({ one, other }) => ({ one: one && summaryOf(one), other: other && summaryOf(other) }));
  }, [pair, first, second]);
  return (
    <Card id="differences" title="What differs">
      {pairs.length === 0 && <p class="soft small">Nobody was read in either.</p>}
      {pairs.map(({ one, other }, index) => {
        if (one && other) return <Both key={index} pair={pair} before={one} after={other} />;
        const lone = one ?? other;
        return lone && <p key={index} class="soft small gap">{personName(lone.person.name)} is only in the {one ? "first" : "second"}.</p>;
      })}
    </Card>
  );
}

// What holds at the cursor, for one person: the categories, the dimensions, and what each modality says.
import type { Affect, DimensionName, Track } from "../model/analysis.ts";
import { DIMENSIONS } from "../model/analysis.ts";
import { certainty, conflict, ranked, top, UNCLEAR, DOUBTFUL } from "../model/affects.ts";
import { capital, percent, personName, place, signed, words } from "../model/format.ts";
import { colour, family } from "../model/labels.ts";
import { shareOf } from "../model/reasons.ts";
import { affectAt, affectWithin, type Person } from "../model/timeline.ts";
import { analysis, cursor, person, selected, timeline } from "../store.ts";
import { Card } from "./Card.tsx";
import { PersonTabs } from "./PersonTabs.tsx";

export function Headline({ affect }: { readonly affect: Affect }) {
  const best = top(affect);
  const sure = affect.confidence;
  const unclear = sure !== null && sure < UNCLEAR;
  const name = best ? words(best.label) : affect.labels.join(", ") || "dimensions only";
  return (
    <div class={`headline family-${best && !unclear ? family(best.label) : "other"}`}>
      <p class="headline-label">{unclear ? "unclear" : sure !== null && sure < DOUBTFUL ? `perhaps ${name}` : name}</p>
      {sure !== null && (
        <p class="small soft number">
          {unclear && best ? `perhaps ${name}; ` : ""}confidence {percent(sure)}
        </p>
      )}
    </div>
  );
}

export function Bars({ affect }: { readonly affect: Affect }) {
  const shares = ranked(affect).slice(0, 5);
  if (shares.length === 0) return null;
  return (
    <dl class="bars" aria-label="Most probable categories">
      {shares.map(({ label, p }) => (
        <div key={label} class={`bar family-${family(label)}`}>
          <dt>{words(label)}</dt>
          <dd>
            <span class="bar-track" aria-hidden="true">
              <span class="bar-fill" style={{ width: `${100 * p}%`, background: colour(label) }} />
            </span>
            <span class="number bar-value">{percent(p)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

const ENDS: Record<DimensionName, readonly [string, string]> = {
  valence: ["unpleasant", "pleasant"],
  arousal: ["calm", "activated"],
  dominance: ["yielding", "in control"],
};

export function Scale({ name, affect }: { readonly name: DimensionName; readonly affect: Affect }) {
  const value = affect[name];
  const [low, high] = ENDS[name];
  const at = (number: number): number => 50 + 50 * Math.min(1, Math.max(-1, number));
  return (
    <div class="scale">
      <dt>{capital(name)}</dt>
      <dd>
        <span class="scale-track" aria-hidden="true">
          {value && (
            <>
              <span
                class="scale-spread"
                style={{ left: `${at(value.mean - value.std)}%`, width: `${at(value.mean + value.std) - at(value.mean - value.std)}%` }}
              />
              <span class="scale-mean" style={{ left: `${at(value.mean)}%` }} />
            </>
          )}
        </span>
        <span class="scale-ends small soft" aria-hidden="true"><span>{low}</span><span>{high}</span></span>
      </dd>
      <dd class="number scale-value">{value ? <>{signed(value.mean)} <span class="soft small">± {value.std.toFixed(2)}</span></> : <span class="soft">unknown</span>}</dd>
    </div>
  );
}

interface SourceProps {
  readonly track: Track;
  readonly affect: Affect | null;
  readonly share: number | null;
}

function Source({ track, affect, share }: SourceProps) {
  const best = affect && top(affect);
  return (
    <tr>
      <th scope="row">{track.modality}</th>
      {best ? (
        <td class={`emotion family-${family(best.label)}`}><span class="dot" aria-hidden="true" />{words(best.label)} <span class="soft number">{percent(best.p)}</span></td>
      ) : (
        <td class="soft">{affect ? "dimensions only" : "nothing here"}</td>
      )}
      <td class="number soft">{affect && affect.confidence !== null ? percent(certainty(affect)) : "–"}</td>
      <td class="number soft">{share === null ? "–" : percent(share)}</td>
    </tr>
  );
}

function Sources({ tracks, fused, at }: { readonly tracks: readonly Track[]; readonly fused: Affect | null; readonly at: number }) {
  return (
    <table class="sources small">
      <caption class="hidden">What each modality says</caption>
      <thead>
        <tr><th scope="col">Read from</th><th scope="col">Says</th><th scope="col">Sure</th><th scope="col">Counts</th></tr>
      </thead>
      <tbody>
        {tracks.map((track) => {
          const share = fused && shareOf(fused, track.modality);
          const affect = affectWithin(track, at, share === null ? null : (fused?.span ?? null));
          return <Source key={track.modality} track={track} affect={affect} share={share} />;
        })}
      </tbody>
    </table>
  );
}

/** Nothing was perceived at all: say so, and what was looked for. */
function Nothing() {
  const { source, models } = analysis.value;
  return (
    <Card id="now" title="Nothing to perceive" className="now">
      <p>
        {capital(source.kind)} was read without trouble, and no affect was found in it. That is a valid answer: there may be no
        voice, no face or no words here.
      </p>
      {models.length > 0 && <p class="soft small gap">Looked with {models.map((model) => model.name).join(", ")}.</p>}
    </Card>
  );
}

/** Nothing was read from this person here; whoever was read is one click away. */
function Quiet({ one, at }: { readonly one: Person; readonly at: number }) {
  const others = timeline.value.persons.filter((other) => other.tracks.some((track) => affectAt(track, at) !== null));
  return (
    <div class="quiet">
      <p class="soft">Nothing was read from {personName(one.name)} here.</p>
      {others.slice(0, 3).map((other) => (
        <button key={other.name} type="button" class="button" onClick={() => { selected.value = other.name; }}>Show {personName(other.name)}</button>
      ))}
    </div>
  );
}

export function Now() {
  const one = person.value;
  if (!one) return <Nothing />;
  const at = cursor.value;
  const { unit, moves } = timeline.value;
  const main = one.tracks.find((track) => affectAt(track, at)) ?? null;
  const affect = main && affectAt(main, at);
  const clash = affect && conflict(affect);
  const others = one.tracks.filter((track) => track.modality !== "fused" && track.affects.length > 0);
  const when = moves ? <span class="soft number now-time">{place(at, unit)}</span> : null;
  return (
    <Card id="now" title={moves ? "At this point" : "In this picture"} aside={when} className="now">
      <PersonTabs />
      <div class="now-body">
        {affect ? (
          <>
            <Headline affect={affect} />
            {clash && <p class="clash small"><strong>Conflict.</strong> {clash.note || "Two modalities are sure of different things."}</p>}
            <Bars affect={affect} />
            <dl class="scales">{DIMENSIONS.map((name) => <Scale key={name} name={name} affect={affect} />)}</dl>
          </>
        ) : (
          <Quiet one={one} at={at} />
        )}
        {others.length > 0 && <Sources tracks={others} fused={one.fused && affectAt(one.fused, at)} at={at} />}
      </div>
    </Card>
  );
}

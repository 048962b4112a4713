// One model: what it is, how well it does and for whom, what it was made from, and what it is not for.
import { capital } from "../../model/format.ts";
import { byMetric, byTask, figure, meaning, type Card, type Corpus, type Group, type Score } from "../models.ts";
import { Interval } from "./Interval.tsx";

const number = (n: number | null): string => (n === null ? "" : `n = ${n.toLocaleString("en")}`);

function ScoreRow({ score }: { readonly score: Score }) {
  const { label, less = false } = meaning(score.metric);
  const notes = [number(score.n), score.in_corpus ? "" : "another corpus", score.note].filter(Boolean).join(" · ");
  return (
    <li class="score">
      <span class="score-name">{capital(label)}{less && <span class="soft"> (less is better)</span>}<span class="block small soft number">{notes}</span></span>
      <Interval value={score.value} low={score.low} high={score.high} less={less} />
      <span class="number score-figure">{figure(score)}</span>
    </li>
  );
}

function Scores({ scores }: { readonly scores: readonly Score[] }) {
  if (scores.length === 0) return null;
  return (
    <div class="scores">
      <h3>Measured</h3>
      {byTask(scores).map((task) => (
        <section key={task.task} aria-label={task.task}>
          <p class="task small">{task.task}</p>
          <ul>{task.scores.map((score, index) => <ScoreRow key={index} score={score} />)}</ul>
        </section>
      ))}
      <p class="small soft">Mark: the value. Band: its 95 % interval. The scale runs from 0 to 1.</p>
    </div>
  );
}

function Groups({ groups }: { readonly groups: readonly Group[] }) {
  return (
    <div class="scores">
      <h3>By group</h3>
      {groups.length === 0 ? <p class="small soft">Not measured by group of people; expect errors to differ.</p> : byMetric(groups).map(({ key, groups: own }) => (
        <section key={key} aria-label={key}>
          <p class="task small">{own[0]?.task} · {meaning(own[0]?.metric ?? "").label}</p>
          <ul>
            {own.map((group) => (
              <li key={group.name} class="score">
                <span class="score-name">{capital(group.name)}<span class="block small soft number">{number(group.n)}</span></span>
                <Interval value={group.value} low={null} high={null} less={false} />
                <span class="number score-figure">{group.value.toFixed(2)}</span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Data({ trained, base }: { readonly trained: readonly Corpus[]; readonly base: Card["base"] }) {
  return (
    <div class="data">
      <h3>Made from</h3>
      <ul class="rows">
        {trained.map((corpus) => (
          <li key={corpus.corpus} class="row">
            <span><strong>{corpus.corpus}</strong><span class="block small soft">{corpus.licence}. {capital(corpus.note)}</span></span>
            <span class={`badge ${corpus.commercial ? "open" : "research"}`}>{corpus.commercial ? "commercial use" : "no commercial use"}</span>
          </li>
        ))}
        {base.map((one) => (
          <li key={one.name} class="row"><span><strong>{one.name}</strong> <span class="soft small">base</span><span class="block small soft">{one.licence}. {capital(one.note)}</span></span></li>
        ))}
      </ul>
    </div>
  );
}

function Lines({ title, lines }: { readonly title: string; readonly lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <div>
      <h3>{title}</h3>
      <ul class="bullets small">{lines.map((line) => <li key={line}>{capital(line)}</li>)}</ul>
    </div>
  );
}

export function ModelCard({ card }: { readonly card: Card }) {
  const id = `model-${card.name}`;
  return (
    <article class="card model" aria-labelledby={id}>
      <header class="model-head">
        <h2 id={id}>{card.name} <span class="soft number">{card.version}</span></h2>
        <span class="model-badges"><span class="badge">{card.modality}</span><span class={`badge ${card.line}`}>{card.line}</span><span class="badge">{card.licence}</span>{card.chosen && <span class="badge">reads {card.modality} here</span>}</span>
        <p>{capital(card.summary)}</p>
        {card.taxonomies.length > 0 && <p class="small soft">Answers in {card.taxonomies.join(", ")}.</p>}
      </header>
      <div class="model-parts">
        <Scores scores={card.scores} />
        <div class="model-side">
          <Groups groups={card.groups} />
          <Data trained={card.trained_on} base={card.base} />
        </div>
        <details class="model-limits">
          <summary>Limits, and what it must not be used for</summary>
          <div class="model-lines">
            <Lines title="Not for" lines={card.not_for} />
            <Lines title="Limits" lines={card.limits} />
          </div>
        </details>
      </div>
    </article>
  );
}

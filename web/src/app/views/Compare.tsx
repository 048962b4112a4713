// Two analyses side by side: one axis, one plane, and the differences in words.
import { useEffect, useMemo, useState } from "preact/hooks";
import { Segments } from "../../components/Segments.tsx";
import { basename, personName } from "../../model/format.ts";
import { parseAnalysis } from "../../model/parse.ts";
import type { Person } from "../../model/timeline.ts";
import { getAnalysis, getJob, listJobs, type Job } from "../api.ts";
import { axesOf, sideOf, type Axis, type Side } from "../compare.ts";
import { told } from "../jobs.ts";
import { Aligned } from "../parts/Aligned.tsx";
import { Differences } from "../parts/Differences.tsx";
import { Icon } from "../parts/Icon.tsx";
import { TwoPaths } from "../parts/TwoPaths.tsx";
import { go, hrefOf, type Route } from "../route.ts";
import "uplot/dist/uPlot.min.css";
import "../styles/result.css";
import "../styles/compare.css";

type Pair = readonly [Side, Side];

async function load(id: string): Promise<Side> {
  const [job, document] = await Promise.all([getJob(id), getAnalysis(id)]);
  return sideOf(id, basename(job.name), parseAnalysis(document));
}

function usePair(ids: readonly [string, string]): Pair | string | null {
  const [found, setFound] = useState<Pair | string | null>(null);
  useEffect(() => {
    let wanted = true;
    Promise.all([load(ids[0]), load(ids[1])]).then(
      (pair) => { if (wanted) setFound(pair); },
      (error: unknown) => { if (wanted) setFound(told(error)); },
    );
    return () => { wanted = false; };
  }, [ids[0], ids[1]]);
  return found;
}

interface ChoiceProps {
  readonly side: Side;
  readonly order: 0 | 1;
  readonly jobs: readonly Job[];
  readonly person: Person | null;
  readonly onSide: (id: string) => void;
  readonly onPerson: (name: string) => void;
}

/** Which analysis, and who in it. */
function Choice({ side, order, jobs, person, onSide, onPerson }: ChoiceProps) {
  const { persons } = side.timeline;
  return (
    <fieldset class={`side-choice side-${order}`}>
      <legend class="small soft"><span class="side-mark" aria-hidden="true" />{order === 0 ? "First" : "Second"}</legend>
      <label class="field"><span class="hidden">Analysis</span>
        <select class="control" value={side.id} onChange={(event) => onSide(event.currentTarget.value)}>
          {jobs.map((job) => <option key={job.id} value={job.id}>{basename(job.name)}</option>)}
          {!jobs.some((job) => job.id === side.id) && <option value={side.id}>{side.name}</option>}
        </select>
      </label>
      {persons.length > 1 ? (
        <label class="field"><span class="hidden">Person</span>
          <select class="control" value={person?.name ?? ""} onChange={(event) => onPerson(event.currentTarget.value)}>
            {persons.map((one) => <option key={one.name} value={one.name}>{personName(one.name)}</option>)}
          </select>
        </label>
      ) : <p class="side-person">{person ? personName(person.name) : "nobody was read"}</p>}
    </fieldset>
  );
}

function useDone(): readonly Job[] {
  const [jobs, setJobs] = useState<readonly Job[]>([]);
  useEffect(() => { listJobs().then((found) => setJobs(found.filter((job) => job.state === "done")), () => setJobs([])); }, []);
  return jobs;
}

const AXES: Record<Axis, string> = { time: "By time", share: "By share of length" };

function Compared({ pair }: { readonly pair: Pair }) {
  const [first, second] = pair;
  const jobs = useDone();
  const axes = axesOf(first, second);
  const [axis, setAxis] = useState<Axis>(axes[0] ?? "share");
  const [names, setNames] = useState<readonly [string, string]>(["", ""]);
  const chosen = useMemo(() => pair.map((side, index) => side.timeline.persons.find((one) => one.name === names[index]) ?? side.timeline.persons[0] ?? null), [pair, names]);
  const [one = null, other = null] = chosen;
  const moves = first.timeline.moves && second.timeline.moves;
  return (
    <>
      <div class="compare-head">
        <Choice side={first} order={0} jobs={jobs} person={one} onSide={(id) => go("compare", id, second.id)} onPerson={(name) => setNames([name, names[1]])} />
        <Choice side={second} order={1} jobs={jobs} person={other} onSide={(id) => go("compare", first.id, id)} onPerson={(name) => setNames([names[0], name])} />
        {axes.length > 1 && moves && <Segments label="How to align" choices={axes.map((value) => ({ value, label: AXES[value] }))} value={axis} onChange={setAxis} />}
      </div>
      {moves && one && other && <Aligned pair={pair} persons={[one, other]} axis={axes.includes(axis) ? axis : "share"} />}
      <div class="compare-low">
        <Differences pair={pair} chosen={{ one, other }} />
        {one && other && <TwoPaths pair={pair} persons={[one, other]} />}
      </div>
    </>
  );
}

export function Compare({ route }: { readonly route: Route }) {
  const found = usePair(route.view === "compare" ? route.ids : ["", ""]);
  const title = found && typeof found !== "string" ? `${found[0].name} and ${found[1].name}` : "Compare";
  useEffect(() => { document.title = `${title} · mien`; }, [title]);
  if (found === null) return <p class="loading soft" role="status">Opening…</p>;
  return (
    <div class="page">
      <div class="result-head">
        <a class="back small" href={hrefOf("analyze")}><Icon name="back" size={15} />All analyses</a>
        <h1>{title}</h1>
      </div>
      {typeof found === "string" ? <p class="trouble" role="alert">{found}</p> : <Compared pair={found} />}
    </div>
  );
}

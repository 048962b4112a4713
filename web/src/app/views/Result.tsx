// One analysis: what the report shows, with the recording from the server, and what can be done with it.
import { useEffect, useRef, useState } from "preact/hooks";
import { Body } from "../../components/Body.tsx";
import { Title } from "../../components/Header.tsx";
import { onKey } from "../../keys.ts";
import { percent, sentence } from "../../model/format.ts";
import { parseAnalysis } from "../../model/parse.ts";
import { restate, show } from "../../store.ts";
import { getAnalysis, getJob, listJobs, watchJob, type Job } from "../api.ts";
import { isOpen, remove, told } from "../jobs.ts";
import { DeleteButton } from "../parts/Confirm.tsx";
import { ExportMenu } from "../parts/ExportMenu.tsx";
import { Icon } from "../parts/Icon.tsx";
import { Progress, shareOf } from "../parts/JobList.tsx";
import { Menu } from "../parts/Menu.tsx";
import { TaxonomyChoice } from "../parts/TaxonomyChoice.tsx";
import { go, hrefOf, type Route } from "../route.ts";
import { announce } from "../state.ts";
import "uplot/dist/uPlot.min.css";
import "../styles/result.css";

function Back() {
  return <a class="back small" href={hrefOf("analyze")}><Icon name="back" size={15} />All analyses</a>;
}

/** Another analysis to lay beside this one. */
function CompareMenu({ id }: { readonly id: string }) {
  const [others, setOthers] = useState<readonly Job[]>([]);
  useEffect(() => {
    listJobs().then((found) => setOthers(found.filter((job) => job.state === "done" && job.id !== id)), () => setOthers([]));
  }, [id]);
  if (others.length === 0) return null;
  return (
    <Menu name="Compare with" label={<><Icon name="pair" size={16} />Compare</>}>
      {others.slice(0, 12).map((job) => (
        <button key={job.id} type="button" onClick={() => go("compare", id, job.id)}><span>{job.name}</span><span class="soft small">{job.kind}</span></button>
      ))}
    </Menu>
  );
}

function Waiting({ job }: { readonly job: Job }) {
  const share = shareOf(job);
  return (
    <section class="card narrow" aria-labelledby="wait-title">
      <h1 id="wait-title">{job.name}</h1>
      <p class="soft" role="status">{job.state === "waiting" ? "Waiting for its turn." : `Being read${share === null ? "" : `, ${percent(share)}`}.`}</p>
      <Progress label={`${job.name} is being read`} share={job.state === "waiting" ? 0 : share} />
      <p class="small soft gap">You can leave this page; the server goes on.</p>
    </section>
  );
}

function Failed({ title, text, onAgain }: { readonly title: string; readonly text: string; readonly onAgain?: () => void }) {
  return (
    <section class="card narrow" aria-labelledby="failed-title">
      <h1 id="failed-title">{title}</h1>
      <p class="trouble" role="alert">{sentence(text)}</p>
      <p class="gap failed-ways">{onAgain && <button type="button" class="button" onClick={onAgain}>Try again</button>}<Back /></p>
    </section>
  );
}

type Found = { readonly job: Job; readonly ready: boolean } | { readonly trouble: string } | null;

/** The job, followed until it is done, and then its analysis put into the store. */
function useJob(id: string, round: number): Found {
  const [found, setFound] = useState<Found>(null);
  const done = useRef(false);
  useEffect(() => {
    let stop = (): void => {};
    let wanted = true;
    const open = async (job: Job): Promise<void> => {
      done.current = true;
      const document = await getAnalysis(id);
      if (!wanted) return;
      show(parseAnalysis(document), job.links.media ? { kind: "served", href: job.links.media } : { kind: "none", note: "The recording is no longer here. The figures stand on their own." });
      setFound({ job, ready: true });
    };
    const fail = (error: unknown): void => { if (wanted) setFound({ trouble: told(error) }); };
    const see = (job: Job): void => {
      if (!wanted || done.current) return;
      if (job.state === "done") open(job).catch(fail);
      else setFound({ job, ready: false });
    };
    done.current = false;
    setFound(null);
    getJob(id).then((job) => {
      see(job);
      if (wanted && isOpen(job)) stop = watchJob(id, see, () => { getJob(id).then(see, fail); });
    }, fail);
    return () => {
      wanted = false;
      stop();
    };
  }, [id, round]);
  return found;
}

function Actions({ job }: { readonly job: Job }) {
  const [taxonomy, setTaxonomy] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const change = async (next: string | null): Promise<void> => {
    const before = taxonomy;
    setTaxonomy(next);
    setBusy(true);
    setTrouble("");
    try {
      restate(parseAnalysis(await getAnalysis(job.id, next)));
      announce(next ? `Labels of ${next}.` : "Labels as perceived.");
    } catch (error) {
      setTaxonomy(before);
      setTrouble(told(error));
    }
    setBusy(false);
  };
  return (
    <div class="actions no-print">
      <div class="actions-row">
        <TaxonomyChoice value={taxonomy} busy={busy} onChange={(next) => { void change(next); }} />
        <ExportMenu id={job.id} name={job.name} taxonomy={taxonomy} onTrouble={setTrouble} />
        <CompareMenu id={job.id} />
        <DeleteButton name={job.name} wide onDelete={() => remove(job).then(() => go("analyze"))} />
      </div>
      {trouble && <p class="trouble small" role="alert">{trouble}</p>}
    </div>
  );
}

export function Result({ route }: { readonly route: Route }) {
  const [round, setRound] = useState(0);
  const found = useJob(route.view === "result" ? route.id : "", round);
  useEffect(() => {
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  if (found === null) return <p class="loading soft" role="status">Opening…</p>;
  if ("trouble" in found) return <div class="page"><Failed title="This analysis cannot be shown" text={found.trouble} onAgain={() => setRound(round + 1)} /></div>;
  if (found.job.state === "failed") return <div class="page"><Failed title={found.job.name} text={found.job.error ?? "It could not be read."} /></div>;
  if (!found.ready) return <div class="page"><Waiting job={found.job} /></div>;
  return (
    <div class="page result">
      <div class="result-head">
        <Back />
        <div class="result-title"><Title /></div>
        <Actions job={found.job} />
      </div>
      <Body />
    </div>
  );
}

// What was given to this server: on its way, ready, or failed.
import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { capital, percent, sentence } from "../../model/format.ts";
import type { Job } from "../api.ts";
import { complete, dismiss, isOpen, jobs, more, remove, trouble, uploads, type Upload } from "../jobs.ts";
import { go, hrefOf } from "../route.ts";
import { ago, kept } from "../when.ts";
import { DeleteButton } from "./Confirm.tsx";
import { Icon } from "./Icon.tsx";
import { Strip } from "./Strip.tsx";

/** The analyses that are to be set side by side, at most two. */
const picked = signal<readonly string[]>([]);

/** Only so many rows show what was perceived; each of them is a request. */
const MOST_GLANCES = 12;

function pick(id: string): void {
  picked.value = picked.value.includes(id) ? picked.value.filter((one) => one !== id) : [...picked.value.slice(-1), id];
}

function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

export function Progress({ label, share }: { readonly label: string; readonly share: number | null }) {
  const known = share === null ? {} : { "aria-valuenow": Math.round(100 * share) };
  return (
    <span class={`progress ${share === null ? "unknown" : ""}`} role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} {...known}>
      <span style={{ width: share === null ? "100%" : `${100 * Math.min(1, share)}%` }} />
    </span>
  );
}

export const shareOf = ({ progress: { done, total } }: Job): number | null => (total ? Math.min(1, done / total) : null);

function state(job: Job, now: number): string {
  const share = shareOf(job);
  if (job.state === "waiting") return "waiting for its turn";
  if (job.state === "running") return share === null ? "being read" : `being read, ${percent(share)}`;
  return [ago(job.created, now), kept(job.expires, now)].filter(Boolean).join(" · ");
}

function Row({ job, now, glance }: { readonly job: Job; readonly now: number; readonly glance: boolean }) {
  const ready = job.state === "done";
  return (
    <li class={`job ${job.state}`}>
      <label class="job-pick" title={ready ? "Choose for comparing" : undefined}>
        <input type="checkbox" aria-label={`Compare ${job.name}`} disabled={!ready} checked={picked.value.includes(job.id)} onChange={() => pick(job.id)} />
      </label>
      <span class="job-sign"><Icon name={job.kind ?? "analysis"} /></span>
      <div class="job-main">
        {ready || isOpen(job) ? <a class="job-name" href={hrefOf("analyze", job.id)}>{job.name}</a> : <span class="job-name">{job.name}</span>}
        <span class="small soft number">{job.kind ? `${capital(job.kind)} · ` : ""}{job.state === "failed" ? `failed ${ago(job.created, now)}` : state(job, now)}</span>
        {job.state === "running" && <Progress label={`${job.name} is being read`} share={shareOf(job)} />}
        {job.state === "failed" && <span class="trouble small">{sentence(job.error ?? "it could not be read")}</span>}
      </div>
      {ready && glance && <Strip job={job} />}
      <DeleteButton name={job.name} onDelete={() => remove(job)} />
    </li>
  );
}

function Sending({ upload }: { readonly upload: Upload }) {
  return (
    <li class="job sending">
      <span class="job-pick" />
      <span class="job-sign"><Icon name="upload" /></span>
      <div class="job-main">
        <span class="job-name">{upload.name}</span>
        {upload.error ? <span class="trouble small" role="alert">{upload.error}</span> : <span class="small soft number">being sent, {percent(upload.share)}</span>}
        {!upload.error && <Progress label={`${upload.name} is being sent`} share={upload.share} />}
      </div>
      {upload.error && <button type="button" class="button" onClick={() => dismiss(upload.key)}>Dismiss</button>}
    </li>
  );
}

function Empty() {
  return (
    <div class="empty">
      <svg viewBox="0 0 220 60" width="220" height="60" aria-hidden="true" fill="none" stroke-linecap="round">
        <path d="M6 42c18 0 20-26 40-26s22 30 44 30 20-36 42-36 22 26 42 26 18-10 40-10" stroke="var(--accent)" stroke-width="2" opacity=".75" />
        <path d="M6 30c22 0 26 16 48 16s24-22 46-22 26 12 46 12 24-18 68-18" stroke="var(--line-strong)" stroke-width="1.5" stroke-dasharray="3 5" opacity=".7" />
      </svg>
      <p class="empty-title">Nothing here yet</p>
      <p class="soft small">What you give to mien appears here, stays on this machine, and can be deleted with everything that belongs to it.</p>
    </div>
  );
}

function CompareBar({ ready }: { readonly ready: number }) {
  const chosen = picked.value.filter((id) => jobs.value?.some((job) => job.id === id && job.state === "done"));
  if (ready < 2) return null;
  return (
    <span class="compare-bar">
      <span class="small soft" aria-live="polite">{chosen.length === 0 ? "Choose two to compare" : `${chosen.length} of 2 chosen`}</span>
      <button type="button" class="button" disabled={chosen.length !== 2} onClick={() => go("compare", chosen[0] ?? "", chosen[1] ?? "")}><Icon name="pair" size={16} />Compare</button>
    </span>
  );
}

export function JobList() {
  const now = useNow();
  const known = jobs.value;
  const count = (known?.length ?? 0) + uploads.value.length;
  return (
    <section class="card jobs" aria-labelledby="jobs-title">
      <div class="card-head">
        <h2 id="jobs-title">Analyses</h2>
        <CompareBar ready={(known ?? []).filter((job) => job.state === "done").length} />
      </div>
      {trouble.value && <p class="trouble" role="alert">{trouble.value}</p>}
      {known === null && count === 0 ? <p class="soft small" role="status">Asking the server…</p> : count === 0 ? <Empty /> : (
        <ul class="job-list">
          {uploads.value.map((upload) => <Sending key={upload.key} upload={upload} />)}
          {(known ?? []).map((job, index) => <Row key={job.id} job={job} now={now} glance={index < MOST_GLANCES} />)}
        </ul>
      )}
      {!complete.value && <p class="older"><button type="button" class="button" onClick={() => { void more(); }}>Show older</button></p>}
    </section>
  );
}

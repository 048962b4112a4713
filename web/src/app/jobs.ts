// The jobs of this server as the page knows them: sent, followed, deleted.
import { signal } from "@preact/signals";
import { sentence } from "../model/format.ts";
import { addFile, addText, ApiError, deleteJob, listJobs, PAGE, watchJob, type Job, type JobOptions, type Said } from "./api.ts";
import type { Pair } from "./files.ts";
import { announce, info } from "./state.ts";

export const jobs = signal<readonly Job[] | null>(null);
export const trouble = signal("");
/** Whether the list holds all that the server has. */
export const complete = signal(true);

export interface Upload {
  readonly key: number;
  readonly name: string;
  readonly share: number;
  readonly error: string;
}

export const uploads = signal<readonly Upload[]>([]);
let keys = 0;

/** A browser keeps few connections to one server, for all tabs together; the rest of the jobs is asked for now and then. */
const MOST_WATCHED = 2;
const EVERY = 4000;
const watched = new Map<string, () => void>();
let later: ReturnType<typeof setTimeout> | undefined;

export const isOpen = (job: Job): boolean => job.state === "waiting" || job.state === "running";
export const told = (error: unknown): string => sentence(error instanceof Error ? error.message : String(error));

function put(job: Job): void {
  const known = jobs.value ?? [];
  jobs.value = known.some((one) => one.id === job.id) ? known.map((one) => (one.id === job.id ? job : one)) : [job, ...known];
}

function onJob(job: Job): void {
  put(job);
  if (isOpen(job)) return;
  announce(job.state === "done" ? `${job.name} is ready.` : `${job.name} failed. ${job.error ?? ""}`);
  watched.delete(job.id);
  follow();
}

function onGone(id: string): void {
  watched.delete(id);
  clearTimeout(later);
  later = setTimeout(() => { void refresh(); }, EVERY / 2);
}

/** Follows the oldest unfinished jobs, and asks for the others from time to time. */
function follow(): void {
  const open = (jobs.value ?? []).filter(isOpen).toReversed();
  const first = [...open.filter((job) => job.state === "running"), ...open.filter((job) => job.state === "waiting")];
  for (const job of first) {
    if (watched.size >= MOST_WATCHED) break;
    if (!watched.has(job.id)) watched.set(job.id, watchJob(job.id, onJob, () => onGone(job.id)));
  }
  clearTimeout(later);
  if (first.some((job) => !watched.has(job.id))) later = setTimeout(() => { void refresh(); }, EVERY);
}

/** Adds the next older page to the list. */
export async function more(): Promise<void> {
  const known = jobs.value ?? [];
  try {
    const page = await listJobs(known.at(-1)?.id);
    jobs.value = [...known, ...page.filter((job) => !known.some((one) => one.id === job.id))];
    complete.value = page.length < PAGE;
    announce(`${page.length} older analyses.`);
  } catch (error) {
    trouble.value = told(error);
  }
}

export async function refresh(): Promise<void> {
  try {
    const page = await listJobs();
    const last = page.at(-1);
    // Older ones that were asked for stay, as far as one page and its list are concerned.
    const older = page.length === PAGE && last ? (jobs.value ?? []).filter((job) => job.created < last.created) : [];
    jobs.value = [...page, ...older];
    complete.value = page.length < PAGE || (complete.value && older.length > 0);
    trouble.value = "";
    for (const [id, stop] of watched) {
      if (jobs.value.some((job) => job.id === id && isOpen(job))) continue;
      stop();
      watched.delete(id);
    }
    follow();
  } catch (error) {
    if (error instanceof ApiError && (error.status === 0 || error.status === 401)) return;
    trouble.value = told(error);
  }
}

/** Stops following; called when no view shows the list. */
export function rest(): void {
  for (const stop of watched.values()) stop();
  watched.clear();
  clearTimeout(later);
}

function change(key: number, parts: Partial<Upload>): void {
  uploads.value = uploads.value.map((upload) => (upload.key === key ? { ...upload, ...parts } : upload));
}

export function dismiss(key: number): void {
  uploads.value = uploads.value.filter((upload) => upload.key !== key);
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toLocaleString("en", { maximumFractionDigits: 1 })} MB`;

/** What the server would refuse unread, told before it is sent. */
export function tooLarge(file: { readonly name: string; readonly size: number }, most: number | undefined): string {
  return most !== undefined && file.size > most ? `${file.name} has ${megabytes(file.size)}; this server takes up to ${megabytes(most)}.` : "";
}

async function send(key: number, pair: Pair<File>, options: JobOptions): Promise<void> {
  try {
    const refusal = tooLarge(pair.file, info.value?.limits.upload_bytes);
    if (refusal) throw new ApiError(refusal, 413);
    const job = await addFile(pair.file, options, { transcript: pair.transcript, onSent: (share) => change(key, { share }) });
    dismiss(key);
    put(job);
    follow();
  } catch (error) {
    change(key, { error: told(error) });
    announce(`${pair.file.name} was not taken. ${told(error)}`);
  }
}

/** Sends files one after the other. */
export async function sendFiles(pairs: readonly Pair<File>[], options: JobOptions): Promise<void> {
  const queued = pairs.map((pair) => ({ pair, key: (keys += 1) }));
  uploads.value = [...uploads.value, ...queued.map(({ pair, key }) => ({ key, name: pair.file.name, share: 0, error: "" }))];
  announce(pairs.length === 1 ? `Sending ${pairs[0]?.file.name ?? ""}.` : `Sending ${pairs.length} files.`);
  for (const { pair, key } of queued) await send(key, pair, options);
}

/** Sends a text or a chat; returns the job, so that the page can go to it. */
export async function sendWords(words: { readonly text: string } | { readonly turns: readonly Said[] }, options: JobOptions): Promise<Job> {
  const job = await addText(words, options);
  put(job);
  follow();
  return job;
}

export async function remove(job: Job): Promise<void> {
  await deleteJob(job.id);
  watched.get(job.id)?.();
  watched.delete(job.id);
  jobs.value = (jobs.value ?? []).filter((one) => one.id !== job.id);
  announce(`${job.name} was deleted.`);
}

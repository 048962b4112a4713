// All that the page asks of its own server, and nothing else: REST with problem+json errors, and the progress of jobs.

/** What the server said went wrong: one sentence, and the status. */
export class ApiError extends Error {
  constructor(message: string, readonly status: number) {
    super(message);
  }
}

export interface JobOptions {
  readonly modalities: readonly string[] | null;
  readonly open_only: boolean;
}

export type JobState = "waiting" | "running" | "done" | "failed";

export interface Job {
  readonly id: string;
  readonly name: string;
  readonly kind: string | null;
  readonly state: JobState;
  readonly progress: { readonly done: number; readonly total: number | null };
  readonly error: string | null;
  readonly created: string;
  readonly started: string | null;
  readonly finished: string | null;
  readonly expires: string | null;
  readonly options: JobOptions;
  readonly links: { readonly media: string | null; readonly exports: Readonly<Record<string, string>> } & Readonly<Record<string, unknown>>;
}

export interface Format {
  readonly name: string;
  readonly ending: string;
  readonly label: string;
  readonly available: boolean;
}

export interface Info {
  readonly version: string;
  readonly limits: Readonly<Record<string, number>>;
  readonly formats: readonly Format[];
  readonly modalities: readonly string[];
  readonly token_needed: boolean;
}

export interface Influence {
  readonly from: string;
  readonly to: string;
  readonly n: number;
  readonly shift: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly note: string;
}

export interface Said {
  readonly speaker: string;
  readonly text: string;
}

/** Called when the server wants a token, and when it cannot be reached; the shell sets both. */
export const hooks = { onToken: (): void => {}, onReach: (_reached: boolean): void => {} };

const GONE = "The server does not answer. Is mien serve still running?";

async function problem(response: Response): Promise<ApiError> {
  const said = (await response.json().catch(() => ({}))) as { detail?: unknown; title?: unknown };
  const text = [said.detail, said.title].find((part) => typeof part === "string" && part !== "");
  return new ApiError(String(text ?? `The server answered ${response.status} ${response.statusText}.`), response.status);
}

/** One request; throws ApiError with the server's own sentence. */
export async function request(path: string, options: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    hooks.onReach(false);
    throw new ApiError(GONE, 0);
  }
  hooks.onReach(true);
  if (response.status === 401) hooks.onToken();
  if (!response.ok) throw await problem(response);
  return response;
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await request(path, signal ? { signal } : {})).json()) as T;
}

export async function postJson<T>(path: string, body: unknown): Promise<T> {
  const response = await request(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  return (response.status === 204 ? null : await response.json()) as T;
}

const jobPath = (id: string, ...rest: readonly string[]): string => ["/v1/jobs", id, ...rest].map((part, index) => (index ? encodeURIComponent(part) : part)).join("/");
const query = (taxonomy: string | null): string => (taxonomy ? `?taxonomy=${encodeURIComponent(taxonomy)}` : "");

export const getInfo = (): Promise<Info> => getJson<Info>("/v1/info");
export const openSession = (token: string): Promise<null> => postJson<null>("/v1/session", { token });
export const getJob = (id: string): Promise<Job> => getJson<Job>(jobPath(id));
export const deleteJob = (id: string): Promise<Response> => request(jobPath(id), { method: "DELETE" });
export const getAnalysis = (id: string, taxonomy: string | null = null): Promise<unknown> => getJson<unknown>(jobPath(id, "analysis") + query(taxonomy));
export const exportHref = (id: string, format: string, taxonomy: string | null = null): string => jobPath(id, "exports", format) + query(taxonomy);

/** The server may answer with a bare list or with `{"jobs": [...]}`. */
function listed<T>(answer: unknown, name: string): T[] {
  const found = Array.isArray(answer) ? answer : (answer as Record<string, unknown> | null)?.[name];
  return Array.isArray(found) ? (found as T[]) : [];
}

/** How many jobs one answer holds. */
export const PAGE = 100;
export async function listJobs(before?: string): Promise<Job[]> {
  return listed<Job>(await getJson(`/v1/jobs?limit=${PAGE}${before ? `&before=${encodeURIComponent(before)}` : ""}`), "jobs");
}
export const listModels = async (): Promise<unknown[]> => listed<unknown>(await getJson("/v1/models"), "models");
export const listTaxonomies = async (): Promise<unknown[]> => listed<unknown>(await getJson("/v1/taxonomies"), "taxonomies");

/** Words have one modality, so of the options only the line of models matters. */
export const addText = (words: { readonly text: string } | { readonly turns: readonly Said[] }, options: JobOptions): Promise<Job> =>
  postJson<Job>("/v1/jobs", { ...words, open_only: options.open_only });

/** What was said, and who moves whom; answered at once. */
export const converse = (turns: readonly Said[]): Promise<{ readonly analysis: unknown; readonly influence: readonly Influence[] }> =>
  postJson("/v1/conversations", { turns });

/** Sends a file, telling how much of it has gone; fetch cannot tell that. */
export function addFile(file: Blob & { readonly name?: string }, options: JobOptions, more: { readonly transcript?: File | undefined; readonly onSent?: (share: number) => void } = {}): Promise<Job> {
  const form = new FormData();
  form.append("file", file, file.name ?? "recording");
  if (more.transcript) form.append("transcript", more.transcript, more.transcript.name);
  if (options.modalities) form.append("modalities", options.modalities.join(","));
  form.append("open_only", String(options.open_only));
  return new Promise((resolve, reject) => {
    const sender = new XMLHttpRequest();
    sender.open("POST", "/v1/jobs");
    sender.upload.onprogress = (event) => { if (event.lengthComputable) more.onSent?.(event.loaded / event.total); };
    sender.onerror = () => { hooks.onReach(false); reject(new ApiError(GONE, 0)); };
    sender.onload = () => {
      hooks.onReach(true);
      if (sender.status === 401) hooks.onToken();
      const answer = new Response(sender.responseText || null, { status: sender.status, statusText: sender.statusText });
      if (sender.status >= 200 && sender.status < 300) void answer.json().then(resolve as (job: unknown) => void, reject);
      else void problem(answer).then(reject);
    };
    sender.send(form);
  });
}

/** Follows a job until it is done or failed, or gone because somebody deleted it; returns what ends that. */
export function watchJob(id: string, onJob: (job: Job) => void, onGone: () => void): () => void {
  const source = new EventSource(jobPath(id, "events"));
  source.addEventListener("job", (event) => {
    const job = JSON.parse((event as MessageEvent<string>).data) as Job;
    if (job.state === "done" || job.state === "failed") source.close();
    onJob(job);
  });
  const gone = (): void => {
    source.close();
    onGone();
  };
  source.addEventListener("gone", gone);
  // The browser connects again by itself, unless the server refused: then it is closed for good.
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) gone();
    else void request("/v1/info").catch(() => {});
  };
  return () => source.close();
}

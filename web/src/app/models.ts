// The cards of the models, as the server tells them, and how their scores are read.

export interface Score {
  readonly task: string;
  readonly metric: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number | null;
  readonly in_corpus: boolean;
  readonly note: string;
}

export interface Group {
  readonly name: string;
  readonly metric: string;
  readonly value: number;
  readonly n: number;
  readonly task: string;
  readonly note: string;
}

export interface Corpus {
  readonly corpus: string;
  readonly licence: string;
  readonly commercial: boolean;
  readonly note: string;
}

export interface Card {
  readonly name: string;
  readonly version: string;
  readonly modality: string;
  readonly line: string;
  readonly licence: string;
  readonly summary: string;
  readonly taxonomies: readonly string[];
  readonly not_for: readonly string[];
  readonly limits: readonly string[];
  readonly base: readonly { readonly name: string; readonly licence: string; readonly note: string }[];
  readonly trained_on: readonly Corpus[];
  readonly scores: readonly Score[];
  readonly groups: readonly Group[];
  /** Whether who runs the server named it, so that it reads in place of the default of its modality. */
  readonly chosen: boolean;
}

const LISTS = ["taxonomies", "not_for", "limits", "base", "trained_on", "scores", "groups"] as const;

/** Parts that a card lacks are empty. */
export function readCard(raw: unknown): Card {
  const given = (typeof raw === "object" && raw !== null ? raw : {}) as Record<string, unknown>;
  const lists = Object.fromEntries(LISTS.map((name) => [name, Array.isArray(given[name]) ? given[name] : []]));
  const texts = Object.fromEntries(["name", "version", "modality", "line", "licence", "summary"].map((name) => [name, String(given[name] ?? "")]));
  return { ...texts, ...lists, chosen: given["chosen"] === true } as unknown as Card;
}

interface Meaning {
  readonly label: string;
  /** Whether less is better. */
  readonly less?: boolean;
}

const METRICS: Record<string, Meaning> = {
  accuracy: { label: "accuracy" },
  uar: { label: "unweighted recall" },
  macro_f1: { label: "macro F1" },
  micro_f1: { label: "micro F1" },
  top_accuracy: { label: "top label right" },
  recall: { label: "found" },
  count_right: { label: "number of voices right" },
  r_valence: { label: "correlation, valence" },
  r_arousal: { label: "correlation, arousal" },
  r_dominance: { label: "correlation, dominance" },
  ece: { label: "calibration error", less: true },
  confidence_ece: { label: "calibration error of the confidence", less: true },
  false_per_negative: { label: "false faces a picture without one", less: true },
  point_error: { label: "error of points, of the face's width", less: true },
  diarization_error: { label: "time given to the wrong voice", less: true },
};

export const meaning = (metric: string): Meaning => METRICS[metric] ?? { label: metric.replaceAll("_", " ") };

/** A value as a card prints it, with its interval where it has one. */
export function figure({ value, low, high }: Pick<Score, "value" | "low" | "high">): string {
  const digits = Math.abs(value) < 0.1 ? 3 : 2;
  const interval = low === null || high === null ? "" : ` [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;
  return `${value.toFixed(digits)}${interval}`;
}

export interface Task {
  readonly task: string;
  readonly scores: readonly Score[];
}

/** The scores by task, in the order of the card. */
export function byTask(scores: readonly Score[]): Task[] {
  const tasks = [...new Set(scores.map((score) => score.task))];
  return tasks.map((task) => ({ task, scores: scores.filter((score) => score.task === task) }));
}

/** Groups of one task and metric, so that they can be set against one another. */
export function byMetric(groups: readonly Group[]): { readonly key: string; readonly groups: readonly Group[] }[] {
  const keys = [...new Set(groups.map((group) => `${group.task} ${group.metric}`.trim()))];
  return keys.map((key) => ({ key, groups: groups.filter((group) => `${group.task} ${group.metric}`.trim() === key) }));
}

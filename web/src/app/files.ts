// What a file is by its name, and which words belong to which recording.

export type Kind = "text" | "chat" | "transcript" | "audio" | "video" | "image" | "analysis";

const ENDINGS: Record<Kind, string> = {
  text: "txt md",
  chat: "csv jsonl",
  transcript: "srt vtt",
  audio: "wav flac mp3 m4a ogg opus",
  video: "mp4 m4v mkv webm mov",
  image: "png jpg jpeg webp",
  analysis: "json",
};

const KIND = new Map<string, Kind>();
for (const [kind, endings] of Object.entries(ENDINGS)) for (const ending of endings.split(" ")) KIND.set(ending, kind as Kind);

/** What the file picker offers. */
export const ACCEPT = [...KIND.keys()].filter((ending) => ending !== "json").map((ending) => `.${ending}`).join(",");

const split = (name: string): readonly [string, string] => {
  const at = name.lastIndexOf(".");
  return at > 0 ? [name.slice(0, at), name.slice(at + 1).toLowerCase()] : [name, ""];
};

export const kindOf = (name: string): Kind | null => KIND.get(split(name)[1]) ?? null;

/** The order in which words are looked for beside a recording, as the command line looks for them. */
const WORDS = ["srt", "vtt", "csv", "jsonl", "txt"];

export interface Pair<T> {
  readonly file: T;
  readonly transcript: T | undefined;
}

/** Joins `talk.srt` to `talk.mp4` where both were given; everything else stands alone. */
export function pairFiles<T extends { readonly name: string }>(files: readonly T[]): Pair<T>[] {
  const recordings = files.filter((file) => ["audio", "video"].includes(kindOf(file.name) ?? ""));
  const taken = new Map<T, T>();
  for (const recording of recordings) {
    const [stem] = split(recording.name);
    const beside = WORDS.map((ending) => files.find((file) => split(file.name)[0] === stem && split(file.name)[1] === ending)).find((file) => file !== undefined);
    if (beside && ![...taken.values()].includes(beside)) taken.set(recording, beside);
  }
  const words = new Set(taken.values());
  return files.filter((file) => !words.has(file)).map((file) => ({ file, transcript: taken.get(file) }));
}

import { describe, expect, test } from "vitest";
import { readChat } from "../src/app/chat.ts";
import { apart, average, axesOf, differenceOf, pairsOf, scaled, sideOf, summaryOf } from "../src/app/compare.ts";
import { kindOf, pairFiles } from "../src/app/files.ts";
import { tooLarge } from "../src/app/jobs.ts";
import { byTask, figure, meaning, readCard } from "../src/app/models.ts";
import { fileName } from "../src/app/parts/ExportMenu.tsx";
import { hrefOf, parseRoute } from "../src/app/route.ts";
import { ago, kept } from "../src/app/when.ts";
import { sentence } from "../src/model/format.ts";
import { peaks } from "../src/model/peaks.ts";
import { affect, analysis, seconds, track } from "./helpers.ts";

const named = (...names: string[]) => names.map((name) => ({ name }));

describe("addresses", () => {
  test("name a view, an analysis, or two", () => {
    expect(parseRoute("#/models")).toEqual({ view: "models" });
    expect(parseRoute("#/analyze/a-B_9")).toEqual({ view: "result", id: "a-B_9" });
    expect(parseRoute("#/compare/a/b")).toEqual({ view: "compare", ids: ["a", "b"] });
  });
  test("that are unknown or broken lead to the start", () => {
    for (const hash of ["", "#", "#/", "#/nowhere", "#/compare/a", "#/compare/%E0%A4%A"]) expect(parseRoute(hash).view).toBe("analyze");
  });
  test("survive what an id may hold", () => {
    expect(parseRoute(hrefOf("analyze", "a/b?c#d"))).toEqual({ view: "result", id: "a/b?c#d" });
  });
});

describe("files", () => {
  test("are known by their ending, whatever its case", () => {
    expect(kindOf("Clip.MP4")).toBe("video");
    expect(kindOf("archive.tar.gz")).toBeNull();
    expect(kindOf(".srt")).toBeNull();
  });
  test("a transcript goes with the recording of its name", () => {
    const [talk, rest] = pairFiles(named("talk.mp4", "talk.vtt", "other.srt"));
    expect(talk?.transcript?.name).toBe("talk.vtt");
    expect(rest).toEqual({ file: { name: "other.srt" }, transcript: undefined });
  });
  test("subtitles come before chat logs, and serve one recording only", () => {
    const pairs = pairFiles(named("a.txt", "a.srt", "a.wav", "a.mp4"));
    expect(pairs.map(({ file, transcript }) => [file.name, transcript?.name])).toEqual([["a.txt", undefined], ["a.wav", "a.srt"], ["a.mp4", undefined]]);
  });
});

describe("pasted words", () => {
  test("with names before the lines are a chat, and lines without one go on", () => {
    const turns = readChat("Ada: Hello\n\nBen K.: Good morning: you are early\nand so am I\nAda: Yes");
    expect(turns).toEqual([
      { speaker: "Ada", text: "Hello" },
      { speaker: "Ben K.", text: "Good morning: you are early\nand so am I" },
      { speaker: "Ada", text: "Yes" },
    ]);
  });
  test("with times as messengers write them", () => {
    expect(readChat("[21.11.26, 09:12] Ada: Hello\n[21.11.26, 09:13] Ben: Hi")?.map((turn) => turn.speaker)).toEqual(["Ada", "Ben"]);
    expect(readChat("21/11/2026, 09:12 - Ada: Hello\n21/11/2026, 09:13 - Ben: Hi")?.map((turn) => turn.speaker)).toEqual(["Ada", "Ben"]);
  });
  test("that only hold a colon are a text", () => {
    expect(readChat("Dear Lena,\n\nI have one wish: come back.")).toBeNull();
    expect(readChat("One thing: I am glad.")).toBeNull();
    expect(readChat("")).toBeNull();
  });
});

describe("times", () => {
  const now = Date.parse("2026-01-02T12:00:00Z");
  test("are told roughly", () => {
    expect(ago("2026-01-02T11:59:55Z", now)).toBe("just now");
    expect(ago("2026-01-02T11:55:00Z", now)).toBe("5 min ago");
    expect(ago("2025-12-30T12:00:00Z", now)).toBe("3 days ago");
  });
  test("of deletion, where there is one", () => {
    expect(kept("2026-01-03T11:00:00Z", now)).toBe("kept for 23 h");
    expect(kept("2026-01-02T11:00:00Z", now)).toBe("about to be deleted");
    expect(kept(null, now)).toBe("");
  });
});

describe("a comparison", () => {
  const joy = affect(seconds(0, 2), { joy: 0.7, sadness: 0.2, neutral: 0.1 }, { valence: { mean: 0.6, std: 0.1 } });
  const sadness = affect(seconds(2, 4), { joy: 0.1, sadness: 0.9 }, { valence: { mean: -0.4, std: 0.1 } });
  const first = sideOf("1", "one.wav", analysis({ fused: [track("Ada", "fused", [joy]), track("Ben", "fused", [sadness])] }));
  const second = sideOf("2", "two.wav", analysis({ fused: [track("Ben", "fused", [joy]), track("Cy", "fused", [sadness])] }));
  const summary = (side: typeof first, name: string) => summaryOf(side.timeline.persons.find((one) => one.name === name)!);

  test("pairs people by name, then in order, after the two who are looked at", () => {
    const names = (pairs: ReturnType<typeof pairsOf>) => pairs.map(({ one, other }) => [one?.name, other?.name]);
    expect(names(pairsOf(first.timeline, second.timeline))).toEqual([["Ada", "Cy"], ["Ben", "Ben"]]);
    const chosen = { one: first.timeline.persons[0] ?? null, other: second.timeline.persons[0] ?? null };
    expect(names(pairsOf(first.timeline, second.timeline, chosen))).toEqual([["Ada", "Ben"], ["Ben", "Cy"]]);
  });
  test("says who is more pleasant, and by how much", () => {
    expect(differenceOf(summary(first, "Ben"), summary(second, "Ben"))).toBe(
      "In the second, Ben seems more pleasant (valence +1.00); sadness falls from 90 % to 20 %.",
    );
    expect(differenceOf(summary(first, "Ada"), summary(second, "Ben"))).toBe("Ben, beside Ada, seems much the same on the whole.");
  });
  test("tells a shift of categories alone, and both dimensions together", () => {
    const before = { ...summary(first, "Ben"), valence: null };
    expect(differenceOf(before, summary(second, "Ben"))).toBe("From the first Ben to the second, sadness falls from 90 % to 20 %.");
    const calm = { ...summary(first, "Ada"), arousal: { mean: 0.5, std: 0.5 } };
    const other = { ...calm, valence: { mean: 0, std: 0.1 }, arousal: { mean: -0.1, std: 0.4 } };
    expect(differenceOf(calm, other)).toBe("In the second, Ada seems less pleasant (valence \u22120.60) and calmer (arousal \u22120.60, within the spread).");
  });
  test("weighs means by length", () => {
    const long = affect(seconds(0, 3), {}, { valence: { mean: 1, std: 0 } });
    const short = affect(seconds(3, 4), {}, { valence: { mean: -1, std: 0 } });
    expect(average(track("Ada", "fused", [long, short]), "valence")).toBeCloseTo(0.5);
    expect(average(track("Ada", "fused", [long]), "arousal")).toBeNull();
  });
  test("measures how far two distributions lie apart, of the same labels only", () => {
    expect(apart(summary(first, "Ada").moods, summary(second, "Ben").moods)).toBeCloseTo(0);
    expect(apart(summary(first, "Ada").moods, summary(first, "Ben").moods)).toBeCloseTo(0.7);
    expect(apart([{ label: "joy", share: 1 }], [{ label: "happy", share: 1 }])).toBeNull();
  });
  test("of seconds and characters goes by share of length", () => {
    const text = sideOf("3", "three.txt", analysis({}, "characters"));
    expect(axesOf(first, text)).toEqual(["share"]);
    expect(axesOf(first, second)).toEqual(["time", "share"]);
    expect(scaled(track("Ada", "fused", [sadness]), 0.25).affects[0]?.span).toEqual(seconds(0.5, 1));
  });
});

describe("cards", () => {
  test("that lack a part are read all the same", () => {
    expect(readCard({ name: "text-affect" })).toMatchObject({ name: "text-affect", scores: [], not_for: [], licence: "" });
    expect(readCard(null).name).toBe("");
    expect([readCard({ chosen: true }), readCard({})].map((card) => card.chosen)).toEqual([true, false]);
  });
  test("give scores with their interval, small ones with three digits", () => {
    expect(figure({ value: 0.5284, low: 0.5001, high: 0.5507 })).toBe("0.53 [0.50, 0.55]");
    expect(figure({ value: 0.0197, low: null, high: null })).toBe("0.020");
    expect(meaning("ece").less).toBe(true);
    expect(meaning("new_metric")).toEqual({ label: "new metric" });
    const score = { metric: "uar", value: 1, low: null, high: null, n: 1, in_corpus: true, note: "" };
    expect(byTask([{ ...score, task: "a" }, { ...score, task: "b" }, { ...score, task: "a" }]).map((task) => task.scores.length)).toEqual([2, 1]);
  });
});

test("a waveform keeps the loudest of each stretch", () => {
  expect([...peaks(new Float32Array([0, 0.25, -0.5, 0.1, 0, 0]), 3)]).toEqual([0.5, 1, 0]);
  expect([...peaks(new Float32Array(4), 2)]).toEqual([0, 0]);
});

test("an export keeps the name that the server gives it", () => {
  expect(fileName('attachment; filename="talk.eaf"', "x")).toBe("talk.eaf");
  expect(fileName("attachment; filename*=UTF-8''g%C3%A9n%C3%A9ral.csv", "x")).toBe("général.csv");
  expect(fileName(null, "talk.mp4.csv")).toBe("talk.mp4.csv");
});

test("a file that the server would refuse is told of before it is sent", () => {
  expect(tooLarge({ name: "a.mp4", size: 3e9 }, 2e9)).toBe("a.mp4 has 3,000 MB; this server takes up to 2,000 MB.");
  expect(tooLarge({ name: "a.mp4", size: 2e9 }, 2e9)).toBe("");
  expect(tooLarge({ name: "a.mp4", size: 2e9 }, undefined)).toBe("");
});

test("what the server says becomes a sentence, but the name of a file stays", () => {
  expect(sentence("the token is wrong")).toBe("The token is wrong.");
  expect(sentence("holiday.mp4 is a PDF")).toBe("holiday.mp4 is a PDF.");
  expect(sentence("Is it there?")).toBe("Is it there?");
  expect(sentence("")).toBe("");
});

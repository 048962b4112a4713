import { describe, expect, it } from "vitest";
import { answerOf, clear, fresh, rows } from "../src/app/talk/answer.ts";
import { together } from "../src/model/together.ts";
import { EXAMPLE } from "../src/app/talk/example.ts";
import { add, edit, MOST, next, paste, remove, speakers, type Turn } from "../src/app/talk/turns.ts";

const said = (turns: readonly Turn[] | null): string[] | undefined => turns?.map(({ speaker, text }) => `${speaker}|${text}`);

describe("turns", () => {
  it("are added, changed and taken out", () => {
    const two = add(add([], "Ann", " Hello "), "Ben", "Hi");
    expect(said(two)).toEqual(["Ann|Hello", "Ben|Hi"]);
    const [first, second] = two as [Turn, Turn];
    expect(said(edit(two, first.id, "Cy", "Bye"))).toEqual(["Cy|Bye", "Ben|Hi"]);
    expect(said(edit(two, second.id, "Ben", "  "))).toEqual(["Ann|Hello"]);
    expect(said(remove(two, first.id))).toEqual(["Ben|Hi"]);
    expect(first.id).not.toBe(second.id);
  });

  it("need words, and a name if only a stand-in", () => {
    expect(add([], "Ann", "  ")).toEqual([]);
    expect(said(add([], " ", "Hi"))).toEqual(["Someone|Hi"]);
  });

  it("guess who speaks next", () => {
    const two = add(add([], "Ann", "a"), "Ben", "b");
    expect([next([]), next(add([], "Ann", "a")), next(two), next(add(two, "Cy", "c"))]).toEqual(["", "Ann", "Ann", "Ben"]);
    expect(speakers(add(two, "Ann", "c"))).toEqual(["Ann", "Ben"]);
  });

  it("stay within what is answered at once", () => {
    const many = paste(Array.from({ length: MOST + 20 }, (_, index) => `${index % 2 ? "Ann" : "Ben"}: ${index}`).join("\n"));
    expect(many?.length).toBe(MOST);
    expect(add(many ?? [], "Ann", "more").length).toBe(MOST);
  });
});

describe("pasting", () => {
  it("reads lines that name their speaker", () => {
    expect(said(paste("Ann: Hello\nBen: Hi: there\n\nAnn: Bye"))).toEqual(["Ann|Hello", "Ben|Hi: there", "Ann|Bye"]);
    expect(said(paste("Ann: Hello"))).toEqual(["Ann|Hello"]);
  });

  it("says nothing of what names nobody", () => {
    expect(paste("It rained.\nWe stayed.")).toBeNull();
    expect(paste(" \n ")).toBeNull();
  });

  it("reads its own example", () => {
    const turns = paste(EXAMPLE);
    expect(turns?.length).toBe(30);
    expect(speakers(turns ?? [])).toEqual(["Mara", "Jon"]);
  });
});

describe("answers", () => {
  const sent = add(add([], "Ann", "Good"), "Ben", "Bad");
  const affect = (start: number, end: number, mean: number) => ({ valence: { mean, std: 0.1 }, span: { start, end, unit: "characters" } });
  const document = {
    format: "mien.analysis", version: 1, source: { name: "c", kind: "chat", unit: "characters", duration: 8 },
    turns: [{ speaker: "Ann", span: { start: 0, end: 4 }, text: "Good" }, { speaker: "Ben", span: { start: 5, end: 8 }, text: "Bad" }],
    tracks: [{ person: "Ann", modality: "text", affects: [affect(0, 4, 0.5)] }, { person: "Ben", modality: "text", affects: [affect(5, 8, -0.5)] }],
    fused: [{ person: "Ann", modality: "fused", affects: [affect(0, 4, 0.5)] }, { person: "Ben", modality: "fused", affects: [affect(5, 8, -0.5)] }],
  };
  const answer = answerOf(sent, document, []);

  it("lie beside their turns", () => {
    expect(sent.map((turn) => answer.heard.get(turn.id)?.affect?.valence?.mean)).toEqual([0.5, -0.5]);
    expect(rows(sent, answer)).toEqual([{ speaker: "Ann", values: [0.5, null] }, { speaker: "Ben", values: [null, -0.5] }]);
  });

  it("cut a turn into its sentences and mark the words that count", () => {
    const word = { source: "word", weight: 0.4, note: "Bad", span: { start: 5, end: 8 } };
    const probs = { anger: 0.7, neutral: 0.3 };
    const read = [
      { ...affect(0, 4, 0.2), categories: { taxonomy: "t", probs: { anger: 0.1, neutral: 0.9 } }, evidence: [{ ...word, note: "Fine", span: { start: 0, end: 4 } }] },
      { ...affect(5, 8, -0.6), categories: { taxonomy: "t", probs }, evidence: [word, { ...word, weight: 0.01 }] },
    ];
    const one = add([], "Ann", "Fine Bad");
    const whole = { ...document, turns: [{ speaker: "Ann", span: { start: 0, end: 8 }, text: "Fine Bad" }], tracks: [{ person: "Ann", modality: "text", affects: read }] };
    const heard = answerOf(one, whole, []).heard.get(one[0]!.id);
    expect(heard?.sentences.map(({ words, affect: own }) => [words.text, own?.evidence.map((item) => item.weight)])).toEqual([["Fine", []], [" ", undefined], ["Bad", [0.4]]]);
    expect(heard?.affect?.categories?.probs.anger).toBeCloseTo((4 * 0.1 + 3 * 0.7) / 7);
    expect(heard?.affect?.valence?.mean).toBeCloseTo((4 * 0.2 - 3 * 0.6) / 7);
    expect(heard?.affect?.valence?.std).toBeGreaterThan(0.3);
  });

  it("are nothing where nothing was read", () => {
    expect(together([])).toBeNull();
  });

  it("are old once their turn has changed", () => {
    const [first] = sent as [Turn];
    expect(fresh(first, answer.heard.get(first.id))).toBe(true);
    expect(fresh({ ...first, text: "Worse" }, answer.heard.get(first.id))).toBe(false);
    expect(fresh(first, undefined)).toBe(false);
  });

  it("are clear where the interval leaves out none", () => {
    const pair = { from: "a", to: "b", n: 9, shift: 0.5, note: "" };
    expect([[0.1, 0.9], [-0.9, -0.1], [-0.1, 0.9]].map(([lower, upper]) => clear({ ...pair, lower: lower!, upper: upper! }))).toEqual([true, true, false]);
    expect(clear({ ...pair, lower: null, upper: null })).toBe(false);
  });
});

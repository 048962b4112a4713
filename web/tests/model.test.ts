import { describe, expect, it } from "vitest";
import { points } from "./points.ts";
import { length, percent, personName, place, signed, ticks } from "../src/model/format.ts";
import { family } from "../src/model/labels.ts";
import { lookOf, paragraphsOf } from "../src/model/lines.ts";
import { FormatError, parseAnalysis } from "../src/model/parse.ts";
import { reasonsAt, shareOf } from "../src/model/reasons.ts";
import { affectAt, affectWithin, buildTimeline, conflicts, moods, neighbour, sample, sureness } from "../src/model/timeline.ts";
import { part, pieces, slice } from "../src/model/words.ts";
import type { Turn } from "../src/model/analysis.ts";
import { affect, analysis, characters, reason, seconds, track } from "./helpers.ts";

describe("parsing", () => {
  it("refuses other documents and later versions", () => {
    expect(() => parseAnalysis({ format: "other" })).toThrow(FormatError);
    expect(() => parseAnalysis({ format: "mien.analysis", version: 2 })).toThrow(/version 2/);
  });

  it("fills what is missing with nothing", () => {
    const made = parseAnalysis({ format: "mien.analysis", version: 1, source: { name: "x", kind: "text", unit: "characters" } });
    expect(made.tracks).toEqual([]);
    expect(buildTimeline(made)).toMatchObject({ end: 0, moves: false, persons: [] });
  });

  it("reads the shape of a series", () => {
    const series = [{ name: "box", start: 0, rate: 2, shape: [2, 2], values: [0, 10, 4, 20] }];
    const made = parseAnalysis({ format: "mien.analysis", version: 1, tracks: [{ person: "a", modality: "face", affects: [], series }] });
    const box = made.tracks[0]?.series[0];
    expect(box?.parts).toBe(2);
    expect(box && sample(box, 0.25)).toEqual([2, 15]);
    expect(box && sample(box, 9)).toBeNull();
  });
});

describe("the timeline", () => {
  const one = track("ann", "fused", [affect(seconds(0, 1), { joy: 0.9, anger: 0.1 }), affect(seconds(2, 3), { joy: 0.2, anger: 0.8 })]);

  it("finds the affect at a point and none in a gap", () => {
    expect(affectAt(one, 0.5)).toBe(one.affects[0]);
    expect(affectAt(one, 1.5)).toBeNull();
    expect(affectAt(one, 3)).toBe(one.affects[1]);
  });

  it("finds what a modality says within a step, where it says nothing at the very point", () => {
    expect(affectWithin(one, 1.5, seconds(1.2, 2.5))).toBe(one.affects[1]);
    expect(affectWithin(one, 1.9, seconds(0.5, 1.95))).toBe(one.affects[0]);
    expect(affectWithin(one, 1.5, seconds(1.2, 1.8))).toBeNull();
    expect(affectWithin(one, 1.5, null)).toBeNull();
  });

  it("steps from beginning to beginning", () => {
    expect(neighbour([one], 0, 1)).toBe(2);
    expect(neighbour([one], 2, 1)).toBeNull();
    expect(neighbour([one], 2, -1)).toBe(0);
  });

  it("averages a track by length", () => {
    expect(moods(one)[0]).toEqual({ label: "joy", share: 0.55 });
    expect(sureness(one)).toBeCloseTo(0.8);
  });

  it("puts a joined voice under its face", () => {
    const made = analysis({
      fused: [track("face-1", "fused", one.affects)],
      tracks: [track("face-1", "face", one.affects), track("voice-1", "speech", one.affects)],
      links: [{ voice: "voice-1", face: "face-1", score: 0.9, joined: true }],
    });
    const { persons } = buildTimeline(made);
    expect(persons.map((person) => person.name)).toEqual(["face-1"]);
    expect(persons[0]?.tracks.map((own) => own.modality)).toEqual(["fused", "speech", "face"]);
  });

  it("counts neighbouring conflicts as one", () => {
    const clash = { evidence: [reason("conflict", 0.6)] };
    const spans = [0, 1, 2, 3].map((start) => seconds(start, start + 1));
    const made = spans.map((span, index) => affect(span, { joy: 1 }, index === 2 ? {} : clash));
    expect(conflicts(track("ann", "fused", made))).toBe(2);
  });
});

describe("words", () => {
  const text = "Oh \u{1f389} no! Never mind.";
  const turn: Turn = { speaker: null, span: characters(10, 31), text, affect: null };

  it("counts code points", () => {
    expect(slice(text, 3, 4)).toBe("\u{1f389}");
    expect(part(turn, characters(19, 31)).text).toBe("Never mind.");
  });

  it("marks the words of the evidence, in characters of the source or of the turn", () => {
    const own = affect(turn.span, { joy: 1 }, { evidence: [reason("word", 0.4, { note: "no", span: characters(15, 17) })] });
    expect(pieces(turn, [own]).filter((piece) => piece.weight > 0).map((piece) => piece.text)).toEqual(["no"]);
    const timed: Turn = { ...turn, span: seconds(10, 12) };
    const said = affect(timed.span, { joy: 1 }, { evidence: [reason("word", 0.4, { note: "no", span: characters(5, 7) })] });
    expect(pieces(timed, [said]).filter((piece) => piece.weight > 0).map((piece) => piece.text)).toEqual(["no"]);
  });

  it("cuts a paragraph into its sentences", () => {
    const own = track("writer", "text", [affect(characters(10, 18), { joy: 1 }), affect(characters(19, 31), { anger: 1 })]);
    const made = analysis({ turns: [turn], tracks: [own], source: { name: "a", kind: "text", unit: "characters", duration: 31, width: null, height: null } });
    const [paragraph] = paragraphsOf(made, buildTimeline(made).persons);
    expect(lookOf(made)).toBe("prose");
    expect(paragraph?.map((line) => line.turn.text)).toEqual(["Oh \u{1f389} no!", "Never mind."]);
  });

  it("hears a turn of several sentences as all of them together", () => {
    const calm = affect(characters(0, 10), { neutral: 0.9, anger: 0.1 }, { evidence: [reason("word", 0.2)] });
    const furious = affect(characters(11, 20), { neutral: 0, anger: 1 }, { evidence: [reason("word", 0.7)], confidence: 0.6 });
    const turn: Turn = { speaker: "Ada", span: characters(0, 20), text: "It rained. I shouted", affect: null };
    const made = analysis({ turns: [turn], tracks: [track("Ada", "text", [calm, furious])] }, "characters");
    const heard = paragraphsOf(made, buildTimeline(made).persons)[0]?.[0]?.affect;
    expect(heard?.categories?.probs.anger).toBeCloseTo((10 * 0.1 + 9) / 19);
    expect(heard?.evidence).toHaveLength(2);
    expect(heard?.confidence).toBeCloseTo((10 * 0.8 + 9 * 0.6) / 19);
  });
});

describe("reasons", () => {
  it("keeps remarks and shares apart from reasons", () => {
    const parts = [reason("speech", 0.7, { note: "joy (0.8)" }), reason("conflict", 0.5), reason("conformal", 0.9, { note: "joy" })];
    const fused = affect(seconds(0, 1), { joy: 1 }, { evidence: parts });
    const heard = affect(seconds(0, 1), { joy: 1 }, { evidence: [reason("pitch", 0.2, { note: "higher pitch" })] });
    const made = analysis({ fused: [track("ann", "fused", [fused])], tracks: [track("ann", "speech", [heard])] });
    const [person] = buildTimeline(made).persons;
    expect(person && reasonsAt(person, 0.5).map(({ item }) => item.source)).toEqual(["pitch"]);
    expect(shareOf(fused, "speech")).toBe(0.7);
    expect(shareOf(fused, "face")).toBeNull();
  });
});

describe("curves", () => {
  it("break at gaps, stay under their limit, and become dots where little was read", () => {
    const steady = Array.from({ length: 4000 }, (_, index) => affect(seconds(index, index + 1), { joy: 0.5 }));
    expect(points(track("a", "face", steady), 0, 4000).points.length).toBeLessThan(1000);
    const gap = [...steady.slice(0, 100), ...steady.slice(150, 250)];
    expect(points(track("a", "face", gap), 0, 250).points.filter((point) => point.value === null).length).toBe(1);
    const sparse = [0, 50, 90].map((start) => affect(seconds(start, start + 1), { joy: 0.5 }));
    expect(points(track("a", "text", sparse), 0, 100).dots).toBe(true);
  });
});

describe("format", () => {
  it("writes places, lengths and numbers", () => {
    expect(place(62.45, "seconds")).toBe("1:02.5");
    expect(place(3725, "seconds")).toBe("1:02:05");
    expect(place(128, "characters")).toBe("char 128");
    expect(length(600, "seconds")).toBe("10 min");
    expect(percent(0.555)).toBe("56 %");
    expect(signed(-0.5)).toBe("\u22120.50");
    expect(signed(-0.001)).toBe("0.00");
    expect(personName("face-2")).toBe("Face 2");
    expect(ticks(0, 60, 6)).toEqual([0, 10, 20, 30, 40, 50, 60]);
  });

  it("gives each label a family", () => {
    expect(family("Happiness")).toBe("joy");
    expect(family("annoyance")).toBe("anger");
    expect(family("something new")).toBe("other");
  });
});

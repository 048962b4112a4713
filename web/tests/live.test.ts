import { describe, expect, it } from "vitest";
import { Clock } from "../src/app/live/clock.ts";
import { Course, latest, REMEMBERED, trace } from "../src/app/live/course.ts";
import { Gate, patience, PICTURES_WAIT, SOUND_WAITS } from "../src/app/live/gate.ts";
import { windowAt } from "../src/app/live/window.ts";
import { closed, deviceTrouble, lasting } from "../src/app/live/words.ts";
import { hello, packPicture, packSound, read, type Reading } from "../src/app/live/wire.ts";
import { affect, seconds } from "./helpers.ts";

function reading(start: number, end: number, parts: Partial<Reading> & { valence?: number } = {}): Reading {
  const { valence = 0, ...rest } = parts;
  const dimension = { mean: valence, std: 0.1 };
  return { type: "affect", modality: "speech", person: "voice-1", final: true, box: null, affect: affect(seconds(start, end), { joy: 1 }, { valence: dimension, arousal: dimension }), ...rest };
}

describe("the wire", () => {
  it("says hello for what is on, and nothing of what is off", () => {
    expect(JSON.parse(hello({ rate: 16000, camera: false }))).toEqual({
      type: "hello", version: 1, modalities: ["speech"], audio: { encoding: "pcm16", rate: 16000, channels: 1 }, explain: true,
    });
    expect(JSON.parse(hello({ rate: null, camera: true }))).toMatchObject({ modalities: ["face"], video: { encoding: "jpeg" } });
  });

  it("packs kind, time and payload", () => {
    const view = new DataView(packSound(1.25, Int16Array.of(1, -2)));
    expect([view.getUint8(0), view.getFloat64(1, true), view.getInt16(9, true), view.getInt16(11, true), view.byteLength]).toEqual([1, 1.25, 1, -2, 13]);
    const picture = new DataView(packPicture(0.5, Uint8Array.of(255, 216).buffer));
    expect([picture.getUint8(0), picture.getFloat64(1, true), picture.getUint8(9)]).toEqual([2, 0.5, 255]);
  });

  it("packs only the part of a buffer that the samples are", () => {
    expect(packSound(0, new Int16Array(new ArrayBuffer(40), 8, 3)).byteLength).toBe(15);
  });

  it("reads what the server says", () => {
    const said = { type: "affect", modality: "face", person: "face-1", final: false, affect: { valence: { mean: 0.2, std: 0.1 }, span: { start: 1, end: 2 } }, box: [1, 2, 3, 4] };
    expect(read(JSON.stringify(said))).toMatchObject({ person: "face-1", final: false, box: [1, 2, 3, 4], affect: { valence: { mean: 0.2 }, span: { start: 1, unit: "seconds" } } });
    expect(read(JSON.stringify({ type: "ready", models: [{ name: "a", version: "1" }], notes: ["b"] }))).toEqual({ type: "ready", models: ["a 1"], notes: ["b"] });
    expect(read(JSON.stringify({ type: "error", title: "Too many", detail: "" }))).toEqual({ type: "error", words: "Too many" });
    expect(read(JSON.stringify({ type: "dropped", modality: "face", count: 2, total: 5 }))).toEqual({ type: "dropped", modality: "face", total: 5 });
  });

  it("leaves out what it does not know", () => {
    expect(read('{"type": "weather"}')).toBeNull();
    expect(read('{"type": "affect", "modality": "smell", "affect": {}}')).toBeNull();
    expect(read("null")).toBeNull();
  });
});

describe("the clock", () => {
  it("stands still in a pause", () => {
    const clock = new Clock();
    expect(clock.at(500)).toBe(0);
    clock.begin(1000);
    clock.begin(1500);
    clock.pause(3000);
    clock.pause(3500);
    expect(clock.at(9000)).toBe(2);
    clock.resume(9000);
    expect(clock.at(9500)).toBe(2.5);
  });
});

describe("back-pressure", () => {
  it("leaves out pictures first, then sound, and counts both", () => {
    const gate = new Gate();
    expect([gate.picture(0), gate.picture(PICTURES_WAIT + 1), gate.chunk(PICTURES_WAIT + 1, 0.1), gate.chunk(SOUND_WAITS + 1, 0.1)]).toEqual([true, false, true, false]);
    expect([gate.pictures, gate.sound]).toEqual([1, 0.1]);
  });

  it("waits longer from try to try, and then gives up", () => {
    const waits = [0, 1, 2, 3, 4].map(patience);
    expect(waits.every((wait, index) => wait !== null && (index === 0 || wait > (waits[index - 1] ?? 0)))).toBe(true);
    expect(patience(5)).toBeNull();
  });
});

describe("the course", () => {
  it("replaces partial answers by later ones and by the final one", () => {
    const course = new Course();
    course.add(reading(0, 0.5, { final: false, valence: 0.1 }));
    course.add(reading(0, 1, { final: false, valence: 0.2 }));
    expect(course.line("voice-1", "speech")?.bits).toMatchObject([{ end: 1, final: false }]);
    course.add(reading(0, 1.4, { valence: 0.3 }));
    course.add(reading(1.4, 2, { valence: 0.5 }));
    expect(course.line("voice-1", "speech")?.bits.map((bit) => [bit.end, bit.final])).toEqual([[1.4, true], [2, true]]);
  });

  it("takes back a guess at another voice, but not at another face", () => {
    const course = new Course();
    course.add(reading(0, 1, { final: false, person: "voice-2" }));
    course.add(reading(0, 1.2));
    expect(course.persons()).toEqual(["voice-1"]);
    expect(course.place("voice-1")).toBe(1);
    course.add(reading(0, 1, { final: false, modality: "face", person: "face-2" }));
    course.add(reading(0, 1, { modality: "face", person: "face-1" }));
    expect(course.persons()).toEqual(["voice-1", "face-2", "face-1"]);
  });

  it("takes back partial answers that nothing confirms, and forgets what is long past", () => {
    const course = new Course();
    course.add(reading(0, 1, { final: false, modality: "face", person: "face-9" }));
    course.add(reading(0, 1));
    course.add(reading(9, 10));
    expect(course.persons()).toEqual(["voice-1"]);
    course.add(reading(REMEMBERED + 5, REMEMBERED + 6));
    expect(course.line("voice-1", "speech")?.bits.map((bit) => bit.start)).toEqual([9, REMEMBERED + 5]);
  });

  it("keeps the last known box", () => {
    const course = new Course();
    course.add(reading(0, 1, { modality: "face", person: "face-1", box: [1, 2, 3, 4] }));
    course.add(reading(1, 2, { modality: "face", person: "face-1" }));
    expect(course.line("face-1", "face")?.box).toEqual([1, 2, 3, 4]);
  });

  it("says what holds now, and nothing after a while", () => {
    const course = new Course();
    course.add(reading(0, 1));
    expect(latest(course.line("voice-1", "speech"), 3)?.end).toBe(1);
    expect(latest(course.line("voice-1", "speech"), 9)).toBeNull();
    expect(latest(null, 0)).toBeNull();
  });

  it("ignores what has no time", () => {
    const course = new Course();
    course.add({ ...reading(0, 1), affect: affect(null, { joy: 1 }) });
    expect(course.lines()).toEqual([]);
  });
});

describe("curves", () => {
  it("run through the middle of each answer, from edge to edge, and break at silence", () => {
    const course = new Course();
    for (const [start, end, valence] of [[0, 1, 0.2], [1, 2, 0.4], [6, 7, -0.2]] as const) course.add(reading(start, end, { valence }));
    const { at, values } = trace(course.lines()[0]!, "valence", true);
    expect(values).toEqual([0.2, 0.2, 0.4, 0.4, null, -0.2, -0.2, -0.2]);
    expect(at.map((time) => Math.round(time * 10) / 10)).toEqual([0, 0.5, 1.5, 2, 2, 6, 6.5, 7]);
    expect(at.every((time, index) => index === 0 || time > (at[index - 1] ?? 0))).toBe(true);
  });

  it("lets partial answers go on where the final ones ended", () => {
    const course = new Course();
    course.add(reading(0, 1, { valence: 0.2 }));
    course.add(reading(1, 2, { valence: 0.6, final: false }));
    expect(trace(course.lines()[0]!, "arousal", false)).toEqual({ at: [0.5, 1.5, 2], values: [0.2, 0.6, 0.6] });
  });
});

describe("the window", () => {
  it("grows in steps to a minute and then moves along", () => {
    expect([3, 20, 21, 59, 75].map(windowAt)).toEqual([[0, 20], [0, 20], [0, 40], [0, 60], [15, 75]]);
  });
});

describe("words", () => {
  it("say what happened to a device and what to do", () => {
    expect(deviceTrouble(new DOMException("no", "NotAllowedError"), { microphone: true, camera: true })).toMatch(/^Camera and microphone: .*Allow it/);
    expect(deviceTrouble(new DOMException("no", "NotFoundError"), { microphone: true, camera: false })).toMatch(/^Microphone: None was found/);
    expect(deviceTrouble(new Error("odd"), { microphone: false, camera: true })).toBe("Camera: the browser says odd.");
  });

  it("say why a stream ended, and whether to try again", () => {
    expect(closed(1013, "")).toMatch(/no room/);
    expect(closed(1008, "the hello is missing")).toBe("the hello is missing");
    expect(closed(1006, "")).toMatch(/broke/);
    expect([1006, 1001, 1013, 4408].map(lasting)).toEqual([false, false, true, true]);
  });
});

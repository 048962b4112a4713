import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Wire, type Ears } from "../src/app/live/line.ts";
import type { Message } from "../src/app/live/wire.ts";

class FakeSocket {
  static readonly CLOSING = 2;
  static made: FakeSocket[] = [];
  binaryType = "blob";
  bufferedAmount = 7;
  readyState = 1;
  sent: unknown[] = [];
  onopen = (): void => {};
  onmessage = (_event: { data: string }): void => {};
  onclose = (_event: { code: number; reason: string }): void => {};

  constructor(readonly url: string, readonly protocol: string) {
    FakeSocket.made.push(this);
  }

  send(message: unknown): void {
    this.sent.push(message);
  }

  close(code: number): void {
    this.breaks(code);
  }

  says(message: object): void {
    this.onmessage({ data: JSON.stringify(message) });
  }

  breaks(code: number, reason = ""): void {
    this.readyState = 3;
    this.onclose({ code, reason });
  }
}

function listener(): Ears & { heard: Message[]; breaks: [string, number][]; ends: (string | null)[] } {
  const heard: Message[] = [];
  const breaks: [string, number][] = [];
  const ends: (string | null)[] = [];
  return { heard, breaks, ends, onMessage: (message) => heard.push(message), onBreak: (words, wait) => breaks.push([words, wait]), onEnd: (words) => ends.push(words) };
}

const last = (): FakeSocket => FakeSocket.made.at(-1) as FakeSocket;

beforeEach(() => {
  FakeSocket.made = [];
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("location", { protocol: "http:", host: "127.0.0.1:8000" });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the line to the server", () => {
  it("says hello on the right protocol and sends nothing before the server is ready", () => {
    const wire = new Wire("hello", listener());
    expect([last().url, last().protocol]).toEqual(["ws://127.0.0.1:8000/v1/stream", "mien.v1"]);
    wire.send("early");
    last().onopen();
    last().says({ type: "ready", models: [], notes: [] });
    wire.send("now");
    expect(last().sent).toEqual(["hello", "now"]);
    expect([wire.ready, wire.waiting]).toEqual([true, 7]);
  });

  it("connects again after a break, saying so", () => {
    const ears = listener();
    const wire = new Wire("hello", ears);
    last().says({ type: "ready" });
    last().breaks(1006);
    expect(ears.breaks).toEqual([["The connection to the server broke.", 0.5]]);
    expect(wire.ready).toBe(false);
    vi.advanceTimersByTime(600);
    expect(FakeSocket.made.length).toBe(2);
    last().says({ type: "ready" });
    expect(wire.ready).toBe(true);
  });

  it("gives up after some tries", () => {
    const ears = listener();
    new Wire("hello", ears);
    for (let count = 0; count < 6; count += 1) {
      last().breaks(1006);
      vi.advanceTimersByTime(20_000);
    }
    expect(ears.breaks.length).toBe(5);
    expect(ears.ends).toEqual(["The connection to the server broke."]);
  });

  it("does not repeat what the server refused", () => {
    const ears = listener();
    new Wire("hello", ears);
    last().says({ type: "error", title: "Full", detail: "There is no room." });
    last().breaks(1013);
    vi.advanceTimersByTime(20_000);
    expect([FakeSocket.made.length, ears.ends]).toEqual([1, ["There is no room."]]);
  });

  it("asks for the last answers and ends in peace", () => {
    const ears = listener();
    const wire = new Wire("hello", ears);
    last().says({ type: "ready" });
    wire.end();
    expect(last().sent).toEqual(['{"type":"end"}']);
    last().says({ type: "analysis", analysis: { format: "mien.analysis", version: 1 } });
    last().breaks(1000);
    expect(ears.heard.map((message) => message.type)).toEqual(["ready", "analysis"]);
    expect(ears.ends).toEqual([null]);
  });

  it("says so when the server goes before its last answers", () => {
    const ears = listener();
    const wire = new Wire("hello", ears);
    last().says({ type: "ready" });
    wire.end();
    last().breaks(1006);
    expect(ears.ends).toEqual(["The connection to the server broke."]);
  });

  it("leaves without a word while it still connects", () => {
    const ears = listener();
    const wire = new Wire("hello", ears);
    last().close = () => last().breaks(1006);
    last().readyState = 0;
    wire.drop();
    expect(ears.ends).toEqual([null]);
  });

  it("ends while it waits to connect again", () => {
    const ears = listener();
    const wire = new Wire("hello", ears);
    last().breaks(1006);
    wire.end();
    vi.advanceTimersByTime(20_000);
    expect([FakeSocket.made.length, ears.ends]).toEqual([1, [null]]);
  });
});

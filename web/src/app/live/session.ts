// One live session: devices, the line to the server, the course of answers, and the recording where one is wanted.
import { batch, signal } from "@preact/signals";
import type { Analysis } from "../../model/analysis.ts";
import { listen, look, open, record, release, type Piece, type Recorder, type Tap } from "./capture.ts";
import { Clock } from "./clock.ts";
import { Course } from "./course.ts";
import { Gate } from "./gate.ts";
import { Wire, type Ears } from "./line.ts";
import { deviceTrouble, INSECURE, type Devices } from "./words.ts";
import { hello, packPicture, packSound, type Message, type Reading } from "./wire.ts";

export type Phase = "idle" | "asking" | "opening" | "live" | "paused" | "ending" | "done";

/** Milliseconds between two drawings of what was read. */
const REDRAW = 120;
const SIGN_OF_LIFE = 10_000;
const DELAYS = 15;
const LEVELS = 150;

export class Session {
  readonly phase = signal<Phase>("idle");
  readonly devices = signal<Devices>({ microphone: true, camera: true });
  readonly picture = signal<MediaStream | null>(null);
  /** Why it could not begin, or ended before its time. */
  readonly trouble = signal("");
  /** That the line broke and is tried again. */
  readonly broken = signal("");
  readonly notes = signal<readonly string[]>([]);
  /** Grows when there is something new to draw. */
  readonly tick = signal(0);
  readonly now = signal(0);
  readonly level = signal(-100);
  /** Levels of the last seconds, ten a second. */
  readonly levels: number[] = [];
  /** Seconds from what an answer speaks of to its arrival, the median of the last ones. */
  readonly delay = signal<number | null>(null);
  readonly left = signal({ pictures: 0, sound: 0 });
  readonly analysis = signal<Analysis | null>(null);
  readonly recording = signal(false);
  readonly file = signal<File | null>(null);
  course = new Course();

  #stream: MediaStream | null = null;
  #tap: Tap | null = null;
  #wire: Wire | null = null;
  #recorder: Recorder | null = null;
  #stopLooking: (() => void) | null = null;
  #clock = new Clock();
  #gate = new Gate();
  #soundAt: number | null = null;
  #delays: number[] = [];
  #serverDropped = { pictures: 0, sound: 0 };
  #timers: ReturnType<typeof setInterval>[] = [];
  #over = false;

  /** Asks for the devices and begins; `keep` records from the start. */
  async start(devices: Devices, keep: boolean): Promise<void> {
    batch(() => {
      this.devices.value = devices;
      this.trouble.value = "";
      this.phase.value = "asking";
    });
    if (!globalThis.navigator?.mediaDevices) return this.#fail(INSECURE);
    try {
      const stream = await open(devices);
      if (this.#over) return release(stream);
      this.#stream = stream;
      this.#tap = devices.microphone ? await listen(stream, (piece) => this.#hear(piece)) : null;
    } catch (error) {
      return this.#fail(deviceTrouble(error, devices));
    }
    if (this.#over) return this.#letGo();
    this.recording.value = keep;
    this.picture.value = devices.camera ? this.#stream : null;
    this.phase.value = "opening";
    for (const track of this.#stream.getTracks()) track.onended = () => this.#lost(track.kind);
    this.#wire = new Wire(hello({ rate: this.#tap?.rate ?? null, camera: devices.camera }), this.#ears());
    this.#timers.push(setInterval(() => this.#draw(), REDRAW), setInterval(() => this.#live(), SIGN_OF_LIFE));
  }

  /** Takes pictures from the element that shows them. */
  watch(video: HTMLVideoElement): () => void {
    this.#stopLooking?.();
    this.#stopLooking = look(video, (jpeg, taken) => this.#see(jpeg, taken));
    return () => this.#stopLooking?.();
  }

  pause(): void {
    if (this.phase.value !== "live") return;
    this.#clock.pause(performance.now());
    this.#recorder?.pause();
    this.phase.value = "paused";
  }

  resume(): void {
    if (this.phase.value !== "paused") return;
    this.#clock.resume(performance.now());
    this.#recorder?.resume();
    this.phase.value = "live";
  }

  /** Ends and asks for the whole analysis; camera and microphone go off at once. */
  async stop(): Promise<void> {
    if (this.phase.value === "opening") {
      // Nothing was sent yet, so there is nothing to conclude.
      this.#letGo();
      return this.#wire?.drop();
    }
    if (this.phase.value !== "live" && this.phase.value !== "paused") return;
    this.phase.value = "ending";
    this.#clock.pause(performance.now());
    await this.#keep();
    this.#letGo();
    this.#wire?.end();
  }

  /** Leaves at once; nothing is concluded and nothing kept. */
  leave(): void {
    this.#over = true;
    this.#letGo();
    this.#wire?.drop();
  }

  #ears(): Ears {
    return {
      onMessage: (message) => this.#message(message),
      onBreak: (words, wait) => {
        this.#soundAt = null;
        this.broken.value = `${words} Trying again ${wait < 1 ? "now" : `in ${wait} s`}.`;
      },
      onEnd: (words) => { void this.#ended(words); },
    };
  }

  #message(message: Message): void {
    if (message.type === "ready") this.#ready(message.notes);
    else if (message.type === "affect") this.#reading(message);
    else if (message.type === "warning") this.#note(message.note);
    else if (message.type === "analysis") this.analysis.value = message.analysis;
    else if (message.type === "dropped") this.#serverDropped[message.modality === "face" ? "pictures" : "sound"] = message.total;
  }

  #ready(notes: readonly string[]): void {
    notes.forEach((note) => this.#note(note));
    if (this.broken.value) this.#note("The connection broke and came back. The analysis at the end covers what came after.");
    this.broken.value = "";
    if (this.phase.value !== "opening") return;
    this.#clock.begin(performance.now());
    if (this.recording.value && this.#stream) this.#recorder = record(this.#stream);
    this.phase.value = "live";
  }

  #note(note: string): void {
    if (note && !this.notes.value.includes(note)) this.notes.value = [...this.notes.value, note];
  }

  #reading(reading: Reading): void {
    this.course.add(reading);
    const end = reading.affect.span?.end;
    // What is fused speaks of whole steps of time, which may not be over yet.
    if (end === undefined || reading.modality === "fused" || this.phase.value !== "live") return;
    this.#delays = [...this.#delays.slice(1 - DELAYS), Math.max(0, this.#clock.at(performance.now()) - end)];
  }

  #hear({ samples, level }: Piece): void {
    this.level.value = level;
    this.levels.push(level);
    if (this.levels.length > LEVELS) this.levels.shift();
    const rate = this.#tap?.rate ?? 16000;
    if (this.phase.value !== "live" || !this.#wire?.ready) return;
    const length = samples.length / rate;
    this.#soundAt ??= Math.max(0, this.#clock.at(performance.now()) - length);
    if (this.#gate.chunk(this.#wire.waiting, length)) this.#wire.send(packSound(this.#soundAt, samples));
    this.#soundAt += length;
  }

  #see(jpeg: ArrayBuffer, taken: number): void {
    if (this.phase.value !== "live" || !this.#wire?.ready) return;
    if (this.#gate.picture(this.#wire.waiting)) this.#wire.send(packPicture(Math.max(0, this.#clock.at(taken)), jpeg));
  }

  #draw(): void {
    const sorted = [...this.#delays].sort((one, other) => one - other);
    batch(() => {
      this.now.value = this.#clock.at(performance.now());
      this.delay.value = sorted[Math.floor(sorted.length / 2)] ?? null;
      this.left.value = { pictures: this.#gate.pictures + this.#serverDropped.pictures, sound: this.#gate.sound + this.#serverDropped.sound };
      this.tick.value += 1;
    });
  }

  /** A paused stream is not an idle one. */
  #live(): void {
    if (this.phase.value === "paused") this.#wire?.send(JSON.stringify({ type: "ping" }));
  }

  #lost(kind: string): void {
    this.#note(`The ${kind === "audio" ? "microphone" : "camera"} went away.`);
    if (this.#stream?.getTracks().every((track) => track.readyState === "ended")) void this.stop();
  }

  async #ended(words: string | null): Promise<void> {
    if (this.#over) return;
    await this.#keep();
    this.#letGo();
    this.broken.value = "";
    if (words) this.trouble.value = words;
    else if (!this.analysis.value && this.phase.value === "ending") this.trouble.value = "The stream ended before the server could conclude it.";
    this.#draw();
    this.phase.value = this.phase.value === "opening" ? "idle" : "done";
  }

  async #keep(): Promise<void> {
    const recorder = this.#recorder;
    this.#recorder = null;
    if (recorder) this.file.value = await recorder.end();
  }

  #fail(words: string): void {
    this.#letGo();
    if (this.#over) return;
    this.trouble.value = words;
    this.phase.value = "idle";
  }

  #letGo(): void {
    this.#timers.forEach(clearInterval);
    this.#timers = [];
    this.#stopLooking?.();
    this.#tap?.close();
    this.#tap = null;
    for (const track of this.#stream?.getTracks() ?? []) track.onended = null;
    release(this.#stream);
    this.#stream = null;
    this.picture.value = null;
  }
}

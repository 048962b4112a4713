// The line to the server: one WebSocket, opened again when it breaks.
import { patience } from "./gate.ts";
import { closed, lasting } from "./words.ts";
import { PROTOCOL, read, type Message } from "./wire.ts";

export interface Ears {
  onMessage(message: Message): void;
  /** The line broke; it is tried again in `wait` seconds. */
  onBreak(words: string, wait: number): void;
  /** The line is closed for good, with the reason where it was not we who ended it. */
  onEnd(words: string | null): void;
}

const address = (): string => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/v1/stream`;

export class Wire {
  #socket: WebSocket | null = null;
  #ready = false;
  #ended = false;
  #dropped = false;
  #tries = 0;
  #error = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #hello: string;
  readonly #ears: Ears;

  constructor(hello: string, ears: Ears) {
    this.#hello = hello;
    this.#ears = ears;
    this.#open();
  }

  /** Whether the server listens. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Bytes that wait in the browser to be sent. */
  get waiting(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  send(message: ArrayBuffer | string): void {
    if (this.#ready) this.#socket?.send(message);
  }

  /** Asks for the last answers; the line closes after them. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    if (this.#ready) this.send(JSON.stringify({ type: "end" }));
    else this.drop();
  }

  /** Closes at once, without last answers. */
  drop(): void {
    this.#ended = true;
    this.#dropped = true;
    clearTimeout(this.#timer);
    if (this.#socket && this.#socket.readyState < WebSocket.CLOSING) this.#socket.close(1000);
    else this.#ears.onEnd(null);
  }

  #open(): void {
    const socket = new WebSocket(address(), PROTOCOL);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => socket.send(this.#hello);
    socket.onmessage = (event: MessageEvent<string>) => this.#hear(event.data);
    socket.onclose = (event) => this.#closed(event);
    this.#socket = socket;
  }

  #hear(data: string): void {
    const message = read(data);
    if (!message) return;
    if (message.type === "ready") {
      this.#ready = true;
      this.#tries = 0;
    }
    if (message.type === "error") this.#error = message.words;
    this.#ears.onMessage(message);
  }

  #closed({ code, reason }: CloseEvent): void {
    this.#ready = false;
    if (this.#ended) return this.#ears.onEnd(this.#dropped || code === 1000 || code === 1005 ? null : closed(code, this.#error || reason));
    const words = closed(code, this.#error || reason);
    const wait = lasting(code) || this.#error ? null : patience(this.#tries);
    if (wait === null) return this.#ears.onEnd(words);
    this.#tries += 1;
    this.#ears.onBreak(words, wait);
    this.#timer = setTimeout(() => this.#open(), 1000 * wait);
  }
}

// The time of a stream: it runs from the first sample or picture, and stands still while the stream is paused.

export class Clock {
  #begin: number | null = null;
  #stopped: number | null = null;

  /** Whether time has begun. */
  get begun(): boolean {
    return this.#begin !== null;
  }

  /** Begins at `now` milliseconds; a second beginning changes nothing. */
  begin(now: number): void {
    this.#begin ??= now;
  }

  pause(now: number): void {
    if (this.begun) this.#stopped ??= now;
  }

  resume(now: number): void {
    if (this.#begin !== null && this.#stopped !== null) this.#begin += now - this.#stopped;
    this.#stopped = null;
  }

  /** Seconds since the beginning, pauses left out. */
  at(now: number): number {
    return this.#begin === null ? 0 : ((this.#stopped ?? now) - this.#begin) / 1000;
  }
}

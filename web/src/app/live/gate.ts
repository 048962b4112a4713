// Back-pressure: what waits in the browser to be sent must not grow, so that answers stay those of now.

/** Bytes that may wait before pictures are left out: about a second of them. */
export const PICTURES_WAIT = 256 * 1024;
/** Bytes that may wait before sound is left out, too: half a minute of it. */
export const SOUND_WAITS = 1024 * 1024;

export class Gate {
  pictures = 0;
  sound = 0;

  /** Whether a picture may go; one that may not is counted. */
  picture(waiting: number): boolean {
    if (waiting <= PICTURES_WAIT) return true;
    this.pictures += 1;
    return false;
  }

  /** Whether a piece of sound may go; one that may not is counted by its seconds. */
  chunk(waiting: number, seconds: number): boolean {
    if (waiting <= SOUND_WAITS) return true;
    this.sound += seconds;
    return false;
  }
}

/** Seconds to wait before the next try to connect; `null` where it is time to give up. */
export function patience(tries: number): number | null {
  const steps = [0.5, 1, 2, 4, 8];
  return steps[tries] ?? null;
}

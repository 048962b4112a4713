// Which stretch of time the running curves show.

/** Seconds that fit at most. */
export const SHOWN = 60;
const STEP = 20;

/** From the beginning, in steps that grow to a minute; then the last minute. */
export function windowAt(now: number): [number, number] {
  if (now > SHOWN) return [now - SHOWN, now];
  return [0, Math.max(STEP, Math.ceil(now / STEP) * STEP)];
}

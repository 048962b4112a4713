// Sound as a row of bars.

/** The loudest amplitude in each of `count` equal stretches, the greatest of all being 1. */
export function peaks(samples: Float32Array, count: number): Float32Array {
  const found = new Float32Array(count);
  let most = 1e-4;
  for (let bar = 0; bar < count; bar += 1) {
    const from = Math.floor((bar * samples.length) / count);
    const to = Math.floor(((bar + 1) * samples.length) / count);
    let high = 0;
    for (let index = from; index < to; index += 1) high = Math.max(high, Math.abs(samples[index] ?? 0));
    found[bar] = high;
    most = Math.max(most, high);
  }
  return found.map((value) => value / most);
}

interface Props {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly less: boolean;
}

const at = (share: number): number => 100 * Math.min(1, Math.max(0, share));

/** A value between 0 and 1 as a point, and its interval as a line; the number stands beside it. */
export function Interval({ value, low, high, less }: Props) {
  return (
    <span class={`interval ${less ? "less" : ""}`} aria-hidden="true">
      {low !== null && high !== null && <span class="interval-span" style={{ left: `${at(low)}%`, width: `${Math.max(1, at(high) - at(low))}%` }} />}
      <span class="interval-value" style={{ left: `${at(value)}%` }} />
    </span>
  );
}

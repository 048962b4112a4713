import type { Affect, Turn } from "../model/analysis.ts";
import { signed } from "../model/format.ts";
import { pieces } from "../model/words.ts";

/** A turn's words, with those that carry evidence marked: solid for, dashed against. */
export function Words({ turn, affects }: { readonly turn: Turn; readonly affects: readonly Affect[] }) {
  return (
    <>
      {pieces(turn, affects).map((piece, index) =>
        piece.weight === 0 ? piece.text : (
          <mark key={index} class={piece.weight > 0 ? "for" : "against"} title={`weight ${signed(piece.weight)}`}
            style={{ "--strength": `${Math.round(18 + 50 * Math.min(1, Math.abs(piece.weight)))}%` }}>
            {piece.text}
          </mark>
        ),
      )}
    </>
  );
}

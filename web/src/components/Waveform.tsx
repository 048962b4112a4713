// The sound itself, in the colours of what is perceived in it; a click goes there.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { barsIn, decode, drawWaveform, hues, LONGEST } from "../charts/waveform.ts";
import type { Media } from "../model/analysis.ts";
import { length } from "../model/format.ts";
import { peaks } from "../model/peaks.ts";
import { cursor, dark, person, seek, timeline } from "../store.ts";
import { useWidth } from "./useWidth.ts";

const HEIGHT = 72;

export function Waveform({ media }: { readonly media: Media }) {
  const [box, width] = useWidth();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [samples, setSamples] = useState<Float32Array | null>(null);
  const { end, persons } = timeline.value;
  const chosen = person.value;
  const isDark = dark.value;
  const at = cursor.value;
  useEffect(() => {
    let wanted = true;
    if (end <= LONGEST) void decode(media).then((found) => { if (wanted) setSamples(found); });
    return () => { wanted = false; };
  }, [media]);
  const count = barsIn(width);
  const bars = useMemo(() => samples && peaks(samples, count), [samples, count]);
  // The chosen person first: where two are read at once, it is the one whose colours show.
  const colours = useMemo(() => hues([...persons].sort((one, other) => Number(other === chosen) - Number(one === chosen)), end, count), [persons, chosen, end, count]);
  useEffect(() => {
    if (canvas.current && bars && width > 0) drawWaveform(canvas.current, bars, { width, height: HEIGHT, colours, played: at / (end || 1) });
  }, [bars, colours, width, isDark, at, end]);
  const go = (event: PointerEvent): void => {
    if (event.type === "pointermove" && event.buttons !== 1) return;
    const { left, width: whole } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    seek(((event.clientX - left) / whole) * end);
  };
  return (
    <div ref={box} class={`wave ${samples ? "" : "none"}`}>
      {samples && <canvas ref={canvas} role="img" aria-label={`Loudness over ${length(end, "seconds")}, in the colours of the strongest category`} onPointerDown={go} onPointerMove={go} />}
    </div>
  );
}

// What is seen and heard now: the camera's picture with its faces, and the level of the microphone.
import { useEffect, useRef, useState } from "preact/hooks";
import { prepare, token, withAlpha } from "../../charts/canvas.ts";
import { top } from "../../model/affects.ts";
import { personName, words } from "../../model/format.ts";
import { family } from "../../model/labels.ts";
import { dark } from "../../store.ts";
import { sentSize } from "./capture.ts";
import { latest, type Line } from "./course.ts";
import type { Session } from "./session.ts";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Seconds after which a box that was not seen again is taken away. */
const GONE = 1.6;

function Face({ line, size, now }: { readonly line: Line; readonly size: Size; readonly now: number }) {
  const bit = latest(line, now, GONE);
  if (!line.box || !bit) return null;
  const [left, top_, right, bottom] = line.box;
  const best = top(bit.affect);
  const share = (value: number, whole: number): string => `${(100 * value) / whole}%`;
  // The picture is shown as in a mirror, so its left is at the right.
  const place = { left: share(size.width - right, size.width), top: share(top_, size.height), width: share(right - left, size.width), height: share(bottom - top_, size.height) };
  return (
    <div class={`face current family-${best ? family(best.label) : "other"}`} style={place}>
      <span class={`face-label ${top_ < 0.14 * size.height ? "inside" : ""}`}>{personName(line.person)}{best && <span> {words(best.label)}</span>}</span>
    </div>
  );
}

function Camera({ session }: { readonly session: Session }) {
  const video = useRef<HTMLVideoElement>(null);
  const [size, setSize] = useState<Size>({ width: 640, height: 480 });
  const stream = session.picture.value;
  useEffect(() => {
    const element = video.current;
    if (!element || !stream) return undefined;
    // Sound is read, not played: hearing oneself would howl.
    element.srcObject = new MediaStream(stream.getVideoTracks());
    void element.play().catch(() => undefined);
    return session.watch(element);
  }, [stream]);
  const now = session.now.value;
  void session.tick.value;
  return (
    <div class="screen">
      <div class="picture live-picture" style={{ "--aspect": size.width / size.height }}>
        <video ref={video} muted playsInline aria-label="What the camera sees" onLoadedMetadata={(event) => setSize(sentSize(event.currentTarget))} />
        <div class="boxes" aria-hidden="true">
          {session.phase.value === "live" && session.course.lines("face").map((line) => <Face key={line.person} line={line} size={size} now={now} />)}
        </div>
      </div>
    </div>
  );
}

/** From -60 dB, hardly to be heard, to full scale, as a share. */
const loud = (level: number): number => Math.min(1, Math.max(0, (level + 60) / 60));

function drawLevels(canvas: HTMLCanvasElement, levels: readonly number[], size: Size): void {
  const context = prepare(canvas, size.width, size.height);
  if (!context) return;
  const step = size.width / 150;
  const middle = size.height / 2;
  const accent = token("--accent");
  levels.forEach((level, index) => {
    const x = size.width - (levels.length - index) * step;
    const half = Math.max(1, loud(level) * (middle - 6));
    context.fillStyle = withAlpha(accent, 0.25 + 0.75 * loud(level));
    context.fillRect(x, middle - half, Math.max(1, step - 1), 2 * half);
  });
}

/** The voice as it comes in, where there is no picture to look at. */
function Wave({ session }: { readonly session: Session }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const tick = session.tick.value;
  const isDark = dark.value;
  useEffect(() => {
    const element = canvas.current;
    if (element) drawLevels(element, session.levels, { width: element.clientWidth, height: element.clientHeight });
  }, [tick, isDark]);
  return <canvas ref={canvas} class="live-wave" role="img" aria-label="How loud it was in the last seconds" />;
}

const QUIET = -58;
/** Pieces of a tenth of a second after which silence is worth a word. */
const LONG = 50;

function Meter({ session }: { readonly session: Session }) {
  const level = session.level.value;
  const share = loud(level);
  const silent = session.levels.length >= LONG && session.levels.slice(-LONG).every((one) => one < QUIET);
  return (
    <div class="live-meter">
      <span class="small soft" id="live-level">Microphone</span>
      <span class="live-level" role="meter" aria-labelledby="live-level" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(100 * share)}>
        <span style={{ width: `${100 * share}%` }} class={level > -3 ? "hot" : ""} />
      </span>
      {silent && <span class="small live-hint">Hardly anything is heard. Is the right microphone chosen, and is it on?</span>}
    </div>
  );
}

export function Stage({ session }: { readonly session: Session }) {
  const { microphone, camera } = session.devices.value;
  return (
    <div class="live-stage">
      {camera ? <Camera session={session} /> : <Wave session={session} />}
      {microphone && <Meter session={session} />}
    </div>
  );
}

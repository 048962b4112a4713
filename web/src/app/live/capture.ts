// Camera and microphone: opened, listened to, looked at, and let go.
import tapUrl from "./tap.worklet.js?url";
import type { Devices } from "./words.ts";

const RATE = 16000;
const LONGEST = 640;
const QUALITY = 0.82;
export const PICTURES_A_SECOND = 10;

/** Asks for the devices; the browser asks the person. The voice is taken as it is: its loudness is part of what is read. */
export function open({ microphone, camera }: Devices): Promise<MediaStream> {
  const audio = microphone && { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const video = camera && { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 15 }, facingMode: "user" };
  return navigator.mediaDevices.getUserMedia({ audio, video });
}

export function release(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

export interface Piece {
  readonly samples: Int16Array;
  /** In dB below full scale. */
  readonly level: number;
}

export interface Tap {
  readonly rate: number;
  close(): void;
}

/** The browser's own resampler makes 16 kHz; one that cannot (Firefox) gives its own rate. */
function source(stream: MediaStream): [AudioContext, AudioNode] {
  const wanted = new AudioContext({ sampleRate: RATE });
  try {
    return [wanted, wanted.createMediaStreamSource(stream)];
  } catch {
    void wanted.close();
    const own = new AudioContext();
    return [own, own.createMediaStreamSource(stream)];
  }
}

/** Hears the stream's sound in pieces of a tenth of a second. */
export async function listen(stream: MediaStream, onPiece: (piece: Piece) => void): Promise<Tap> {
  const [context, input] = source(new MediaStream(stream.getAudioTracks()));
  await context.audioWorklet.addModule(tapUrl);
  const node = new AudioWorkletNode(context, "mien-tap", { numberOfOutputs: 0 });
  node.port.onmessage = (event: MessageEvent<Piece>) => onPiece(event.data);
  input.connect(node);
  await context.resume();
  return { rate: context.sampleRate, close: () => { node.port.onmessage = null; void context.close(); } };
}

/** Looks at the video ten times a second; a picture that is not done when the next is due lets that one pass. */
export function look(video: HTMLVideoElement, onPicture: (jpeg: ArrayBuffer, taken: number) => void): () => void {
  const canvas = document.createElement("canvas");
  let busy = false;
  const shoot = async (): Promise<void> => {
    if (busy || video.readyState < 2 || video.videoWidth === 0) return;
    busy = true;
    const taken = performance.now();
    const scale = Math.min(1, LONGEST / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (blob) onPicture(await blob.arrayBuffer(), taken);
    busy = false;
  };
  const timer = setInterval(() => { void shoot(); }, 1000 / PICTURES_A_SECOND);
  return () => clearInterval(timer);
}

/** The size that a video's pictures are sent in. */
export function sentSize(video: HTMLVideoElement): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, LONGEST / Math.max(video.videoWidth, video.videoHeight, 1));
  return { width: Math.round(video.videoWidth * scale) || 1, height: Math.round(video.videoHeight * scale) || 1 };
}

const KINDS = ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4", "audio/webm;codecs=opus", "audio/webm", "audio/mp4"];

export interface Recorder {
  pause(): void;
  resume(): void;
  /** Ends the recording and gives it. */
  end(): Promise<File>;
}

/** Records in this page's memory, for those who want to keep it. */
export function record(stream: MediaStream): Recorder {
  const sort = stream.getVideoTracks().length > 0 ? "video" : "audio";
  const mimeType = KINDS.find((kind) => kind.startsWith(sort) && MediaRecorder.isTypeSupported(kind)) ?? "";
  const recorder = new MediaRecorder(stream, { ...(mimeType && { mimeType }), videoBitsPerSecond: 1_500_000 });
  const parts: Blob[] = [];
  recorder.ondataavailable = (event) => { if (event.data.size > 0) parts.push(event.data); };
  recorder.start(1000);
  const file = (): File => {
    const type = recorder.mimeType.split(";")[0] || `${sort}/webm`;
    const stamp = new Date().toISOString().slice(0, 16).replace("T", "-").replace(":", "");
    return new File(parts, `live-${stamp}.${type.endsWith("mp4") ? "mp4" : "webm"}`, { type });
  };
  return {
    pause: () => { if (recorder.state === "recording") recorder.pause(); },
    resume: () => { if (recorder.state === "paused") recorder.resume(); },
    end: () => new Promise((done) => {
      if (recorder.state === "inactive") return done(file());
      recorder.onstop = () => done(file());
      recorder.stop();
    }),
  };
}

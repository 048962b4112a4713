import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { captions } from "../model/captions.ts";
import { basename } from "../model/format.ts";
import { analysis, attend, cursor, follow, player, playing, until } from "../store.ts";
import { Boxes } from "./Boxes.tsx";

interface Props {
  readonly url: string;
  readonly sort: "audio" | "video";
}

/** While the media plays, the cursor runs with it, once a drawn frame. */
function useClock(element: HTMLMediaElement | null): void {
  useEffect(() => {
    if (!element) return undefined;
    let request = 0;
    const tick = (): void => {
      cursor.value = element.currentTime;
      if (until.value !== null && element.currentTime >= until.value) {
        until.value = null;
        element.pause();
      }
      follow(element.currentTime);
      attend();
      request = element.paused || element.ended ? 0 : requestAnimationFrame(tick);
    };
    const start = (): void => {
      playing.value = true;
      if (request === 0) request = requestAnimationFrame(tick);
    };
    const stop = (): void => {
      playing.value = false;
    };
    const seeked = (): void => {
      // A seek from the page has set the cursor already; one from the player's own bar has not.
      if (Math.abs(element.currentTime - cursor.value) > 0.05) {
        until.value = null;
        tick();
      }
    };
    element.addEventListener("play", start);
    element.addEventListener("pause", stop);
    element.addEventListener("ended", stop);
    element.addEventListener("seeked", seeked);
    player.value = element;
    return () => {
      cancelAnimationFrame(request);
      element.removeEventListener("play", start);
      element.removeEventListener("pause", stop);
      element.removeEventListener("ended", stop);
      element.removeEventListener("seeked", seeked);
      player.value = null;
    };
  }, [element]);
}

export function Player({ url, sort }: Props) {
  const { source, turns } = analysis.value;
  const reference = useRef<HTMLVideoElement & HTMLAudioElement>(null);
  const [element, setElement] = useState<HTMLMediaElement | null>(null);
  const [size, setSize] = useState({ width: source.width ?? 0, height: source.height ?? 0 });
  const [broken, setBroken] = useState(false);
  useEffect(() => setElement(reference.current), []);
  useClock(element);
  const words = useMemo(() => captions(turns), [turns]);
  const track = useMemo(() => (words ? URL.createObjectURL(new Blob([words], { type: "text/vtt" })) : null), [words]);
  useEffect(() => () => {
    if (track) URL.revokeObjectURL(track);
  }, [track]);
  const name = basename(source.name);
  const onMeta = (): void => {
    const video = reference.current;
    if (video?.videoWidth) setSize({ width: video.videoWidth, height: video.videoHeight });
    if (video && cursor.value > 0) video.currentTime = cursor.value;
  };
  const onError = (): void => setBroken(true);
  return (
    <>
      {sort === "video" ? (
        <div class="screen">
          <div class="picture" style={{ "--aspect": size.width / size.height || 16 / 9 }}>
            <video ref={reference} src={url} controls playsInline preload="auto" aria-label={name} onLoadedMetadata={onMeta} onError={onError}>
              {track && <track kind="captions" src={track} label="Transcript" />}
            </video>
            {size.width > 0 && !broken && <Boxes size={size} />}
          </div>
        </div>
      ) : (
        <audio ref={reference} class="sound" src={url} controls preload="auto" aria-label={name} onLoadedMetadata={onMeta} onError={onError} />
      )}
      {broken && <p class="absent soft small">This browser cannot play {name}. The curves below work without it.</p>}
    </>
  );
}

import { useEffect } from "preact/hooks";
import { dark, seek, timeline } from "../store.ts";
import { onKey } from "../keys.ts";
import { Evidence } from "./Evidence.tsx";
import { Header } from "./Header.tsx";
import { Limits } from "./Limits.tsx";
import { Links } from "./Links.tsx";
import { Models } from "./Models.tsx";
import { Moments } from "./Moments.tsx";
import { Notes } from "./Notes.tsx";
import { Now } from "./Now.tsx";
import { Plane } from "./Plane.tsx";
import { Stage } from "./Stage.tsx";
import { Timeline } from "./Timeline.tsx";
import { Warnings } from "./Warnings.tsx";

export function App() {
  useEffect(() => {
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  useEffect(() => {
    const first = Number(new URLSearchParams(location.hash.slice(1)).get("t"));
    if (first > 0) seek(first);
  }, []);
  const isDark = dark.value;
  useEffect(() => {
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
  }, [isDark]);
  const someone = timeline.value.persons.length > 0;
  return (
    <>
      <a class="skip" href="#now">Skip to what is perceived now</a>
      <Header />
      <main class="page">
        <Warnings />
        <div class={`top ${someone ? "" : "alone"}`}>
          <div class="column stretch">
            <Stage />
            <Evidence />
          </div>
          <Now />
        </div>
        {someone && timeline.value.moves && <Timeline />}
        <div class="masonry">
          {someone && timeline.value.moves && <Moments />}
          {someone && <Plane />}
          <Links />
          <Models />
          <Limits />
          <Notes />
        </div>
      </main>
      <footer class="foot small soft">
        Made by mien on the reader's own machine. This page uses no network: media and figures are inside it, or lie beside it.
      </footer>
    </>
  );
}

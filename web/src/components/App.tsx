import { useEffect } from "preact/hooks";
import { dark, seek } from "../store.ts";
import { onKey } from "../keys.ts";
import { Body } from "./Body.tsx";
import { Header } from "./Header.tsx";

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
  return (
    <>
      <a class="skip" href="#now">Skip to what is perceived now</a>
      <Header />
      <main class="page">
        <Body />
      </main>
      <footer class="foot small soft">
        Made by mien on the reader's own machine. This page uses no network: media and figures are inside it, or lie beside it.
      </footer>
    </>
  );
}

// What stays on every view: where one can go, the theme, and what the server has to say.
import type { ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Mark } from "../components/Mark.tsx";
import { ThemeChoice } from "../components/ThemeChoice.tsx";
import { dark } from "../store.ts";
import { hrefOf, route, type Route } from "./route.ts";
import { announce, announcement, info, load, reachable, session, tokenNeeded } from "./state.ts";
import { Token } from "./Token.tsx";

type View = ComponentType<{ readonly route: Route }>;

/** Views come when they are first asked for, so that the first one is there at once. */
const VIEWS: Record<Route["view"], () => Promise<View>> = {
  analyze: async () => (await import("./views/Analyze.tsx")).Analyze,
  result: async () => (await import("./views/Result.tsx")).Result,
  compare: async () => (await import("./views/Compare.tsx")).Compare,
  live: async () => (await import("./views/Live.tsx")).Live,
  conversation: async () => (await import("./views/Conversation.tsx")).Conversation,
  models: async () => (await import("./views/Models.tsx")).Models,
};

const LINKS = [
  { view: "analyze", label: "Analyze", holds: ["analyze", "result", "compare"] },
  { view: "live", label: "Live", holds: ["live"] },
  { view: "conversation", label: "Conversation", holds: ["conversation"] },
  { view: "models", label: "Models", holds: ["models"] },
] as const;

function Navigation({ current }: { readonly current: Route["view"] }) {
  return (
    <nav aria-label="Views" class="nav">
      {LINKS.map(({ view, label, holds }) => (
        <a key={view} href={hrefOf(view)} aria-current={(holds as readonly string[]).includes(current) ? "page" : undefined}>{label}</a>
      ))}
    </nav>
  );
}

function focus(heading: HTMLElement): void {
  heading.setAttribute("tabindex", "-1");
  heading.focus({ preventScroll: true });
  announce(heading.innerText);
}

/** Does something with the heading of the view as soon as there is one; a view may have to ask the server first. */
function whenHeaded(use: (heading: HTMLElement) => void): () => void {
  const find = (): HTMLElement | null => document.querySelector<HTMLElement>("main h1");
  const there = find();
  if (there) use(there);
  const observer = new MutationObserver(() => {
    const heading = find();
    if (!heading) return;
    observer.disconnect();
    // Whoever has gone on in the meantime is left alone.
    if (document.activeElement === document.body || document.activeElement?.id === "content") use(heading);
  });
  if (!there) observer.observe(document.getElementById("content") as HTMLElement, { childList: true, subtree: true });
  return () => observer.disconnect();
}

/** The heading takes the focus when the view changes, so that keyboard and reader begin where the eye does. */
function useFocus(key: string, ready: boolean): void {
  const first = useRef(true);
  useEffect(() => {
    if (!ready) return undefined;
    if (first.current) {
      first.current = false;
      return undefined;
    }
    scrollTo(0, 0);
    return whenHeaded(focus);
  }, [key, ready]);
}

function useView(name: Route["view"]): { readonly name: string; readonly View: View } | null | string {
  const [loaded, setLoaded] = useState<{ name: string; View: View } | null | string>(null);
  useEffect(() => {
    let wanted = true;
    VIEWS[name]().then(
      (View) => { if (wanted) setLoaded({ name, View }); },
      () => { if (wanted) setLoaded("This view could not be loaded: mien serve was stopped, or renewed."); },
    );
    return () => { wanted = false; };
  }, [name]);
  return loaded;
}

function Gone() {
  return (
    <div class="notice bad" role="alert">
      <span>The server does not answer. Start it again with <code>mien serve</code>; what was analysed is kept.</span>
      <button type="button" class="button" onClick={() => { void load(); }}>Try again</button>
    </div>
  );
}

function Lost({ text }: { readonly text: string }) {
  return (
    <div class="notice bad" role="alert">
      <span>{text}</span>
      <button type="button" class="button" onClick={() => location.reload()}>Load it again</button>
    </div>
  );
}

function Foot() {
  return (
    <footer class="foot small soft">
      <p>An estimate of what is expressed, not of what is felt. Not for decisions about people.</p>
      <p class="foot-links">
        <span>mien {info.value?.version ?? ""}</span>
        <a href="/openapi.json" target="_blank" rel="noreferrer">API</a>
        <a href={`${import.meta.env.BASE_URL}licences.txt`} target="_blank" rel="noreferrer">Licences</a>
      </p>
    </footer>
  );
}

export function Shell() {
  const here = route.value;
  const loaded = useView(here.view);
  const isDark = dark.value;
  useEffect(() => { document.documentElement.dataset.theme = isDark ? "dark" : "light"; }, [isDark]);
  const ready = typeof loaded === "object" && loaded !== null && loaded.name === here.view;
  useFocus(JSON.stringify(here), ready);
  return (
    <>
      <a class="skip" href="#content" onClick={(event) => { event.preventDefault(); document.getElementById("content")?.focus(); }}>Skip to the content</a>
      <header class="bar-top">
        <div class="bar-inner">
          <a class="home" href={hrefOf("analyze")} aria-label="mien, to the start"><Mark /></a>
          <Navigation current={here.view} />
          <ThemeChoice />
        </div>
      </header>
      {!reachable.value && <Gone />}
      <main id="content" class="view" tabIndex={-1}>
        {tokenNeeded.value ? <Token /> : typeof loaded === "string" ? <Lost text={loaded} /> : ready ? <loaded.View key={`${JSON.stringify(here)} ${session.value}`} route={here} /> : <p class="loading soft" role="status">Loading…</p>}
      </main>
      <Foot />
      <p class="hidden" role="status" aria-live="polite">{announcement.value}</p>
    </>
  );
}

import "uplot/dist/uPlot.min.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/timeline.css";
import "./styles/parts.css";
import { render } from "preact";
import { App } from "./components/App.tsx";
import { Trouble } from "./components/Trouble.tsx";
import { readDocument } from "./source.ts";
import { show } from "./store.ts";

const root = document.getElementById("app") as HTMLElement;
try {
  const { analysis, media } = await readDocument();
  show(analysis, media);
  render(<App />, root);
} catch (error) {
  render(<Trouble message={error instanceof Error ? error.message : String(error)} />, root);
}

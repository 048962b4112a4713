import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/layout.css";
import "../styles/timeline.css";
import "../styles/parts.css";
import "./styles/shell.css";
import { render } from "preact";
import { Shell } from "./Shell.tsx";
import { keepTheme, load } from "./state.ts";

keepTheme();
void load();
const root = document.getElementById("app") as HTMLElement;
root.replaceChildren();
render(<Shell />, root);

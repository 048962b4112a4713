import { theme, type Theme } from "../store.ts";
import { Segments } from "./Segments.tsx";

const THEMES: readonly { value: Theme; label: string }[] = [
  { value: "system", label: "Auto" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

export function ThemeChoice() {
  return (
    <div class="no-print">
      <Segments label="Colour theme" choices={THEMES} value={theme.value} onChange={(next) => { theme.value = next; }} />
    </div>
  );
}

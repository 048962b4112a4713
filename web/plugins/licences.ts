// The licences of the packages that are inside a build.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const INSIDE = ["preact", "@preact/signals", "@preact/signals-core", "uplot", "@fontsource-variable/inter"];

export function licences(root: string): string {
  const texts = INSIDE.map((name) => {
    const folder = join(root, "node_modules", name);
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? readFileSync(join(folder, file), "utf8").trim() : "";
    return `${name}\n\n${text}`;
  });
  return texts.join("\n\n----\n\n");
}

// Folds the built page into one HTML file: script and style inline, named by hash in a Content-Security-Policy that allows
// no network at all, and with the licences of the packages that are inside.
import { createHash } from "node:crypto";
import type { Plugin } from "vite";
import { licences } from "./licences.ts";

const sha256 = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** The policy of the page: its own script and style, embedded or neighbouring media, nothing else. */
function policy(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src ${sha256(script)}`,
    `style-src ${sha256(style)}`,
    "img-src data: blob: file:",
    "media-src data: blob: file:",
    "font-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

export function singleFile(): Plugin {
  let root = ".";
  return {
    name: "mien-single-file",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      root = config.root;
    },
    generateBundle(_options, bundle) {
      let script = "";
      let style = "";
      for (const [name, item] of Object.entries(bundle)) {
        if (item.type === "chunk") script += item.code;
        else if (name.endsWith(".css")) style += String(item.source);
        else continue;
        delete bundle[name];
      }
      const page = bundle["index.html"];
      if (page?.type !== "asset") throw new Error("the build holds no index.html");
      script = script.trim().replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
      style = style.trim();
      const rest = String(page.source)
        .replace(/<script[^>]*src=[^>]*><\/script>/g, "")
        .replace(/<link[^>]*rel="stylesheet"[^>]*>/g, "");
      // Functions as replacements: a "$&" in the code must stay as it is.
      page.source = rest
        .replace("<!--mien:policy-->", () => `<meta http-equiv="Content-Security-Policy" content="${policy(script, style)}">`)
        .replace("<!--mien:style-->", () => `<style>${style}</style>`)
        .replace("<!--mien:script-->", () => `<script type="module">${script}</script>`)
        .replace("<!--mien:licences-->", () => `<!--\n${licences(root).replaceAll("--", "- -")}\n-->`);
    },
  };
}

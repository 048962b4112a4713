// The served page: its document is called index.html wherever it was made from, and the licences lie beside it.
import type { Plugin } from "vite";
import { licences } from "./licences.ts";

export function served(document: string): Plugin {
  let root = ".";
  return {
    name: "mien-served",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      root = config.root;
    },
    generateBundle(_options, bundle) {
      const page = bundle[document];
      if (page?.type !== "asset") throw new Error(`the build holds no ${document}`);
      // A `crossorigin` on a file of the same origin would only keep a cookie from it in some browsers.
      const source = String(page.source).replaceAll(" crossorigin", "");
      delete bundle[document];
      this.emitFile({ type: "asset", fileName: "index.html", source });
      this.emitFile({ type: "asset", fileName: "licences.txt", source: `${licences(root)}\n` });
    },
  };
}

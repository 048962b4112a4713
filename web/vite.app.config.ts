import { defineConfig } from "vite";
import { served } from "./plugins/served.ts";

const SERVER = "http://127.0.0.1:8000";

// The page that `mien serve` shows: files with hashed names below /app/, nothing inline, so that a strict policy holds.
export default defineConfig({
  base: "/app/",
  build: {
    target: "es2022",
    outDir: "dist/app",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1024,
    rolldownOptions: { input: "app.html" },
  },
  server: { proxy: { "/v1": { target: SERVER, ws: true } } },
  plugins: [served("app.html")],
});

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/**
 * The twin's build: static files under any path (`base: "./"`), the feed worker as its own module.
 * In development the API is another process: `BATON_API=http://localhost:8080 vite` forwards to it.
 */
const api = process.env.BATON_API ?? "http://127.0.0.1:8080";
// Without an orchestrator: `BATON_STAND_IN=mini vite`, then open `/?vehicles=12`.
const standIn = process.env.BATON_STAND_IN;

export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  plugins: [
    react(),
    ...(standIn === undefined
      ? []
      : [import("./dev/stand-in-site.ts").then((room) => room.standInSite(standIn))]),
  ],
  worker: { format: "es" },
  build: {
    outDir: "dist",
    target: "es2022",
    sourcemap: false,
    reportCompressedSize: true,
    // Schemas of the contract that the page reads nothing by are not shipped: to make one does nothing else.
    rolldownOptions: { treeshake: { manualPureFunctions: ["Type"] } },
  },
  server: standIn === undefined ? { proxy: { "/api": { target: api, ws: true, changeOrigin: true } } } : {},
});

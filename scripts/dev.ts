/**
 * `npm run dev [-- options of start]`: the demo with every log on the terminal, and the twin from its sources with hot
 * reload beside it.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./run.ts";

const vite = spawn(
  join(ROOT, "twin-ui", "node_modules", ".bin", "vite"),
  ["--clearScreen", "false", join(ROOT, "twin-ui")],
  {
    stdio: "inherit",
  },
);
process.on("exit", () => vite.kill());
process.argv.push("--verbose");
await import("./start.ts");

/**
 * `npm run dev [-- options of start]`: the demo with every log on the terminal, and the twin from its sources with hot
 * reload beside it.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { VITE } from "./build-twin.ts";
import { ROOT } from "./run.ts";

const vite = spawn(process.execPath, [VITE, "--clearScreen", "false", join(ROOT, "twin-ui")], {
  stdio: "inherit",
});
process.on("exit", () => vite.kill());
process.argv.push("--verbose");
await import("./start.ts");

import type { CAC } from "cac";

export function addRunCommand(cli: CAC): void {
  cli.command("run [scenario]", "Run a scenario in fast time").action(() => {
    console.error(
      "Runs in fast time are not built yet. `npm start -- --speed 4` runs the same world in real processes.",
    );
    process.exitCode = 2;
  });
}

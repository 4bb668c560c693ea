/** `npm start`: both sides of the border on this machine, with the simulated world and the twin. */
import { join } from "node:path";
import { buildTwin } from "./build-twin.ts";
import { type Demo, startDemo } from "./demo/demo.ts";
import { optionsFrom } from "./demo/options.ts";
import { ROOT } from "./run.ts";

const startedAtMs = Date.now();
const say = (progress: string): void => {
  process.stderr.write(
    `  ${progress.padEnd(40)} ${((Date.now() - startedAtMs) / 1000).toFixed(1).padStart(6)} s\n`,
  );
};

const options = optionsFrom(process.argv.slice(2));
if (typeof options === "string") {
  console.error(options);
  process.exit(2);
}

let demo: Demo | undefined;
let isEnding = false;
async function end(code: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  process.stderr.write("\nending …\n");
  await demo?.stop();
  process.exit(code);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void end(0));

try {
  process.stderr.write("Baton starts\n");
  const twinFolder = await buildTwin();
  say("twin");
  demo = await startDemo({
    ...options,
    folder: join(ROOT, ".baton", options.scenario),
    broker: "embedded",
    ports: "preferred",
    twinFolder,
    say,
  });
  const { httpUrl, identities, supervisor } = demo;
  const pids = [...supervisor.pids()].map(([name, pid]) => `${name} ${pid}`).join("  ");
  console.log(`
Baton is up: site ${demo.site}, scenario ${options.scenario}, speed ${options.speed}

  Viet Nam's control room   ${httpUrl.vn}/?token=${identities.vn.tokens.operator}
  China's control room      ${httpUrl.cn}/?token=${identities.cn.tokens.operator}
  API reference             ${httpUrl.vn}/docs
  Logs                      ${join(".baton", options.scenario, "logs")}
  Processes                 ${pids}

Ctrl-C ends all of it. A later start goes on from here; --fresh starts afresh.`);
} catch (error) {
  console.error(error instanceof Error && !(error instanceof TypeError) ? error.message : error);
  await end(1);
}

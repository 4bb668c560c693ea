// The first thing that runs, on whatever Node the machine has (20.19+): installs the workspace when it is not
// installed as the lockfile says, then hands over to scripts/<command>.ts on the Node that the workspace pins.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [command, ...args] = process.argv.slice(2);

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Baton needs Node 20.19 or newer to start from; this is ${process.version}. Install a newer Node.`,
  );
  process.exit(1);
}

/** Everything that decides what an installation contains. */
function installationStamp() {
  const hash = createHash("sha256");
  for (const file of ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"])
    hash.update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

function pnpmVersion() {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return packageManager.replace("pnpm@", "");
}

const stampFile = join(root, "node_modules", ".baton-installed");
const stamp = installationStamp();
if (!existsSync(stampFile) || readFileSync(stampFile, "utf8") !== stamp) {
  console.error("installing the workspace (once) …");
  const installed = spawnSync(
    "npx",
    ["--yes", `pnpm@${pnpmVersion()}`, "install", "--frozen-lockfile", "--reporter=append-only"],
    {
      cwd: root,
      stdio: ["ignore", 2, 2],
      env: { ...process.env, CI: "true" },
    },
  );
  if (installed.status !== 0) {
    console.error(
      "The workspace could not be installed. Check that the npm registry can be reached, then run the command again.",
    );
    process.exit(installed.status ?? 1);
  }
  writeFileSync(stampFile, stamp);
}

const node = join(root, "node_modules", "node", "bin", "node");
// Most of what a tick makes is gone with the next: room for some of them before anything is copied.
const YOUNG_MB = 64;
const child = spawn(
  node,
  [
    "--disable-warning=ExperimentalWarning",
    `--max-semi-space-size=${YOUNG_MB}`,
    join(root, "scripts", `${command}.ts`),
    ...args,
  ],
  {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}` },
  },
);
// Ctrl-C reaches the child by itself; this process only waits for it to put everything away.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => signal !== "SIGINT" && child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));

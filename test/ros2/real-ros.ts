import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../orchestrator/src/testing/free-port.ts";

/**
 * The ROS 2 of this machine, where one is sourced. Everything here stays on the loopback interface, and the domains are drawn for
 * each process.
 */

const VEHICLE_PACKAGE = fileURLToPath(
  new URL("../../fleet-adapter/ros2/baton_example_vehicle", import.meta.url),
);
const NEEDED = ["rclpy", "baton_interfaces", "nav2_msgs"];

/** Read by ROS 2 when a context begins; this process has none before. */
process.env.ROS_LOCALHOST_ONLY = "1";

const prefixes = (process.env.AMENT_PREFIX_PATH ?? "").split(delimiter).filter((path) => path !== "");

async function found(...path: readonly string[]): Promise<string | undefined> {
  for (const prefix of prefixes) {
    const at = join(prefix, ...path);
    const isThere = await access(at).then(
      () => true,
      () => false,
    );
    if (isThere) return at;
  }
  return undefined;
}

/** Why suites that need ROS 2 are skipped here; undefined where they run. */
export async function whyNoRos(): Promise<string | undefined> {
  if (prefixes.length === 0) return "no ROS 2 is sourced (AMENT_PREFIX_PATH is not set)";
  for (const name of NEEDED) {
    if ((await found("share", name)) === undefined) return `${name} is in no sourced workspace`;
  }
  return undefined;
}

export const rosbridgeServer = (): Promise<string | undefined> =>
  found("lib", "rosbridge_server", "rosbridge_websocket");

/** Two domains that other processes hardly have; below 102, where Linux lends no ports (docs.ros.org, "The ROS_DOMAIN_ID"). */
export function ownDomains(): { readonly vn: number; readonly cn: number } {
  const vn = 2 + 2 * (process.pid % 49);
  return { vn, cn: vn + 1 };
}

export interface RunningProgram {
  /** What it wrote, for a failure to show. */
  said(): string;
  kill(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
}

/** Python of the machine, since that is what its ROS 2 was built for; `BATON_ROS_PYTHON` names another. */
function runPython(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): RunningProgram {
  const python = process.env.BATON_ROS_PYTHON ?? "/usr/bin/python3";
  const child: ChildProcess = spawn(python, args, {
    env: { ...process.env, ...environment, PYTHONUNBUFFERED: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  child.stdout?.on("data", (data: Buffer) => lines.push(data.toString("utf8")));
  child.stderr?.on("data", (data: Buffer) => lines.push(data.toString("utf8")));
  return {
    said: () => lines.join(""),
    kill: async (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill(signal);
      await gone;
    },
  };
}

/** The example vehicle of `fleet-adapter/ros2`, as a process. */
export async function startVehicle(settings: object): Promise<{
  readonly restart: () => Promise<void>;
  readonly kill: (signal: "SIGTERM" | "SIGKILL") => Promise<void>;
  readonly said: () => string;
  readonly remove: () => Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), "baton-ros-vehicle-"));
  const config = join(folder, "vehicle.json");
  await writeFile(config, JSON.stringify({ ...settings, state_file: join(folder, "state.json") }));
  const pythonPath = [VEHICLE_PACKAGE, process.env.PYTHONPATH ?? ""].join(delimiter);
  const start = (): RunningProgram =>
    runPython(["-m", "baton_example_vehicle.main", "--config", config], {
      PYTHONPATH: pythonPath,
      PYTHONDONTWRITEBYTECODE: "1",
    });
  let running = start();
  return {
    restart: async () => {
      await running.kill("SIGKILL");
      running = start();
    },
    kill: (signal) => running.kill(signal),
    said: () => running.said(),
    remove: async () => {
      await running.kill("SIGTERM");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A rosbridge_server on a free port of the loopback interface, on one domain. */
export async function startRosbridgeServer(
  program: string,
  domainId: number,
): Promise<RunningProgram & { readonly url: string }> {
  const port = await freePort();
  const args = [
    "-p",
    `port:=${port}`,
    "-p",
    "address:=127.0.0.1",
    "-p",
    "send_action_goals_in_new_thread:=true",
  ];
  const running = runPython([program, "--ros-args", ...args], { ROS_DOMAIN_ID: String(domainId) });
  return { ...running, url: `ws://127.0.0.1:${port}` };
}

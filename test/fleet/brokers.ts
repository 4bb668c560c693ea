import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBroker } from "@baton/sim";

export interface TestBroker {
  readonly url: string;
  stop(): Promise<void>;
}

/** The brokers to test against, by name; `undefined` stands for one that this machine does not have. */
export const BROKERS: readonly {
  readonly name: string;
  readonly start: ((port: number) => Promise<TestBroker>) | undefined;
}[] = [
  { name: "the embedded broker", start: (port) => startBroker({ port }) },
  { name: "mosquitto", start: mosquittoPath() === undefined ? undefined : startMosquitto },
];

function mosquittoPath(): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/usr/local/sbin"];
  return folders
    .map((folder) => join(folder, "mosquitto"))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

async function startMosquitto(port: number): Promise<TestBroker> {
  const path = mosquittoPath();
  if (path === undefined) throw new Error("mosquitto is not on this machine");
  const folder = mkdtempSync(join(tmpdir(), "baton-mosquitto-"));
  const config = join(folder, "mosquitto.conf");
  writeFileSync(
    config,
    `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_queued_messages 20000\n`,
  );
  const child = spawn(path, ["-c", config], { stdio: "ignore" });
  await listening(port, child);
  return {
    url: `mqtt://127.0.0.1:${port}`,
    stop: async () => {
      const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      child.kill("SIGTERM");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when something accepts connections on the port; rejects when the process ends before. */
async function listening(port: number, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`mosquitto ended with code ${child.exitCode}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connectSocket(port, "127.0.0.1");
      socket.once("connect", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
    if (open) return;
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";

/** A port on loopback that is free at this moment. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === "string") reject(new Error("no port"));
        else resolve(address.port);
      });
    });
  });
}

export interface Child {
  readonly process: ChildProcess;
  /** Ends it (SIGTERM, then SIGKILL after a grace time) and resolves when it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts a server program and resolves once `ready` says so for a line of its output.
 * Rejects with its output when it exits before.
 */
export async function startChild(
  command: string,
  args: readonly string[],
  ready: (line: string) => boolean,
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string; readonly detached?: boolean } = {},
): Promise<Child> {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  await new Promise<void>((resolve, reject) => {
    let isReady = false;
    const read = (chunk: Buffer): void => {
      if (isReady) return;
      output += chunk.toString("utf8");
      if (output.split("\n").some(ready)) {
        isReady = true;
        resolve();
      }
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("error", reject);
    child.once("exit", (code) =>
      reject(new Error(`${command} ended with ${code} before it was ready:\n${output}`)),
    );
  });
  return { process: child, stop: () => endProcess(child) };
}

/** Ends a process that we started: SIGTERM, then SIGKILL after `graceMs`. */
export async function endProcess(child: ChildProcess, graceMs = 5_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    const kill = setTimeout(() => child.kill("SIGKILL"), graceMs);
    child.once("exit", () => {
      clearTimeout(kill);
      resolve();
    });
    child.kill("SIGTERM");
  });
}

/** `preferred` if it is free on loopback, else the next free one after it. */
export async function portFrom(preferred: number): Promise<number> {
  for (let port = preferred; port < preferred + 100; port++) {
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
  return freePort();
}

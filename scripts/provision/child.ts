import { type ChildProcess, spawn } from "node:child_process";

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

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../orchestrator/src/testing/free-port.ts";
import { startChild } from "./child.ts";
import { provide, REDIS } from "./debian.ts";

export interface RunningRedis {
  readonly url: string;
  readonly port: number;
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

export interface RedisOptions {
  /** Where its data lives; without it a folder of its own that goes with it. */
  readonly folder?: string;
  readonly port?: number;
  /**
   * `always` (every tick is on disk before it is acknowledged) is what a side runs with;
   * `none` is for tests of logic.
   */
  readonly durability: "always" | "none";
  /** Spoken to over a socket in its folder, for whoever asks it thousands of times a second: `url` is the socket's path then. */
  readonly socket?: boolean;
  /** A Ctrl-C at the terminal does not reach it: whoever started it has still something to do with it then. */
  readonly apart?: boolean;
  /** Further settings, as on the command line: `["--replicaof", "127.0.0.1", "6379"]`. */
  readonly settings?: readonly string[];
}

/** Starts a Redis (or Valkey) of our own on loopback. */
export async function startRedis(options: RedisOptions): Promise<RunningRedis> {
  const program = await provide(REDIS);
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "baton-redis-")));
  await mkdir(folder, { recursive: true });
  const port = options.port ?? (await freePort());
  const socket = options.socket === true ? join(folder, "redis.sock") : undefined;
  const persistence =
    options.durability === "always"
      ? ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
      : ["--appendonly", "no", "--save", ""];
  const child = await startChild(
    program,
    [
      "--bind",
      "127.0.0.1",
      "--port",
      String(port),
      "--dir",
      folder,
      "--daemonize",
      "no",
      ...persistence,
      ...(socket === undefined ? [] : ["--unixsocket", socket, "--unixsocketperm", "700"]),
      ...(options.settings ?? []),
    ],
    (line) => line.includes("Ready to accept connections"),
    { detached: options.apart === true },
  );
  return {
    url: socket ?? `redis://127.0.0.1:${port}`,
    port,
    pid: child.process.pid,
    async stop() {
      await child.stop();
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

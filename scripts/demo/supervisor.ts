import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { endProcess } from "../provision/child.ts";

export interface Part {
  readonly name: string;
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
}

/** pino's levels from which a line is shown to the person at the terminal. */
const WARN = 40;
const RESTART_MS = 500;

/** Keeps the processes of a demo alive: a part that ends unasked is said so and started again. */
export class Supervisor {
  readonly #children = new Map<string, ChildProcess>();
  readonly #logs: WriteStream[] = [];
  readonly #logFolder: string;
  readonly #verbose: boolean;
  #ending = false;

  constructor(logFolder: string, verbose: boolean) {
    this.#logFolder = logFolder;
    this.#verbose = verbose;
  }

  /** Starts a part on this very Node; its output goes to `<logFolder>/<name>.log`, warnings to the terminal too. */
  async start(part: Part): Promise<void> {
    await mkdir(this.#logFolder, { recursive: true });
    const log = createWriteStream(join(this.#logFolder, `${part.name}.log`), { flags: "a" });
    this.#logs.push(log);
    this.#run(part, log);
  }

  /** Process ids by part, for whoever wants to break one on purpose. */
  pids(): ReadonlyMap<string, number> {
    return new Map(
      [...this.#children].flatMap(([name, child]) => (child.pid === undefined ? [] : [[name, child.pid]])),
    );
  }

  /** Ends all parts, the last started first. */
  async end(): Promise<void> {
    this.#ending = true;
    for (const child of [...this.#children.values()].reverse()) await endProcess(child);
    for (const log of this.#logs) log.end();
  }

  #run(part: Part, log: WriteStream): void {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", part.script], {
      env: { ...process.env, ...part.env },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: Ctrl-C reaches this process only, which ends the parts in order.
      detached: true,
    });
    this.#children.set(part.name, child);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        if (!log.writableEnded) log.write(`${line}\n`);
        if (this.#verbose || isWarning(line)) process.stderr.write(`[${part.name}] ${line}\n`);
      });
    }
    child.once("exit", (code, signal) => {
      if (this.#ending) return;
      process.stderr.write(`[${part.name}] ended (${signal ?? code}); starting it again\n`);
      setTimeout(() => {
        if (!this.#ending) this.#run(part, log);
      }, RESTART_MS);
    });
  }
}

function isWarning(line: string): boolean {
  if (!line.startsWith("{")) return line !== "";
  const level = /"level":(\d+)/.exec(line)?.[1];
  return level !== undefined && Number(level) >= WARN;
}

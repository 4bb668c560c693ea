import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";
import { readRecord } from "../report/read.ts";
import type { RunRecord } from "../run/record.ts";
import type { Host } from "./host.ts";
import { listenForInterruption } from "./interruption.ts";
import { type RunAsked, runOnce } from "./run-once.ts";

/** What a process that runs one seed tells the one that started it. */
const ChildMessage = Type.Object({ done: Type.Number() });
type ChildMessage = Static<typeof ChildMessage>;
const childMessage = Compile(ChildMessage);

export interface ManyRuns {
  readonly runs: readonly RunAsked[];
  readonly host: Host;
  /** Processes at a time; as many as the machine has cores, if not given. */
  readonly jobs?: number;
  /** The part of all runs that is done. */
  readonly onProgress: (done: number) => void;
  /** Asked after each run, with undefined for one that was stopped: whether those that are left need not be made. */
  readonly isEnough?: (record: RunRecord | undefined) => boolean;
}

/**
 * Makes runs side by side, each in a process of its own with Redis of its own; a single one in this process. The records come
 * back in the order of the runs, without those that were stopped or not made. A Ctrl-C reaches all of them; after one, no other is begun.
 * @throws {Error} with what a process said before it failed; the others are ended.
 */
export async function runMany(options: ManyRuns): Promise<RunRecord[]> {
  const { runs, host, jobs, onProgress, isEnough } = options;
  const [only] = runs;
  if (only !== undefined && runs.length === 1) {
    const record = await runOnce(only, host, onProgress);
    isEnough?.(record);
    return record === undefined ? [] : [record];
  }
  const folder = await mkdtemp(join(tmpdir(), "baton-runs-"));
  const done = runs.map(() => 0);
  const records: (RunRecord | undefined)[] = [];
  const children = new Set<ChildProcess>();
  const endAll = (): void => {
    for (const child of children) child.kill();
  };
  const interruption = listenForInterruption(
    runs.every(({ mayEndEarly }) => mayEndEarly === true),
    async () => endAll(),
  );
  let next = 0;
  let isOver = false;
  const work = async (): Promise<void> => {
    for (let at = next++; at < runs.length && !isOver && !interruption.isAsked(); at = next++) {
      const asked = runs[at];
      if (asked === undefined) return;
      const file = join(folder, `${at}.json`);
      const outcome = await runInChild({
        asked,
        host,
        file,
        children,
        onProgress: (part) => {
          done[at] = part;
          onProgress(done.reduce((sum, one) => sum + one, 0) / runs.length);
        },
      });
      if (isOver) return;
      const record = outcome === "made" ? await readRecord(file) : undefined;
      records[at] = record;
      if (isEnough?.(record) !== true) continue;
      isOver = true;
      endAll();
    }
  };
  try {
    const count = Math.min(runs.length, jobs ?? availableParallelism());
    await Promise.all(Array.from({ length: count }, work));
    return records.flatMap((record) => record ?? []);
  } finally {
    interruption.close();
    endAll();
    await rm(folder, { recursive: true, force: true });
  }
}

interface ChildRun {
  readonly asked: RunAsked;
  readonly host: Host;
  readonly file: string;
  readonly children: Set<ChildProcess>;
  readonly onProgress: (done: number) => void;
}

/** What is kept of a failed process's words. */
const MAX_WORDS = 4_000;

async function runInChild({
  asked,
  host,
  file,
  children,
  onProgress,
}: ChildRun): Promise<"made" | "stopped"> {
  const { scenario, seed, hours, set, mcap, stopAbove } = asked;
  const args = [
    ...process.execArgv,
    host.script,
    "run",
    scenario,
    `--seed=${seed}`,
    `--record=${file}`,
    ...(hours === undefined ? [] : [`--hours=${hours}`]),
    ...(mcap === undefined ? [] : [`--mcap=${mcap}`]),
    ...(stopAbove === undefined ? [] : [`--stop-above=${stopAbove}`]),
    ...set.map((one) => `--set=${one}`),
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  children.add(child);
  let words = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    words = (words + chunk.toString("utf8")).slice(-MAX_WORDS);
  });
  child.on("message", (message) => {
    if (childMessage.Check(message)) onProgress(message.done);
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (exit) => resolve(exit ?? 1));
  });
  children.delete(child);
  // Only whoever needs no more of them ends them.
  if (code === STOPPED || child.killed) return "stopped";
  if (code === 0 || code === UNSAFE) return "made";
  throw new Error(`the run with seed ${seed} failed (${code}):\n${words.trim()}`);
}

/** The exit code of a run that was made and in which the independent eye saw what must not be. */
export const UNSAFE = 3;
/** The exit code of a run that was ended before its time. */
export const STOPPED = 4;

/** Tells the process that started this one, if there is one, how far it is. */
export function tellParent(done: number): void {
  if (process.connected) process.send?.({ done } satisfies ChildMessage);
}

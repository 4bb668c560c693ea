import { parseArgs } from "node:util";

/** What `npm run bench -- reservation ...` understands. */
export interface BenchOptions {
  /** Names of cases to run, or beginnings of them; empty for all. */
  readonly only: readonly string[];
  /** How many seeds a case runs with; `undefined` for each case's own default. */
  readonly seeds: number | undefined;
  /** How long street traffic is driven; `undefined` for each case's own default. */
  readonly minutes: number | undefined;
  /** A folder in which runs of single seeds are kept, so that one that was cut off goes on where it was; else nothing is kept. */
  readonly keep: string | undefined;
  /** Writes plots and the table of this run into docs/. */
  readonly publish: boolean;
}

export class BadBenchOption extends Error {
  readonly code = "bad-bench-option";
}

/** Throws `BadBenchOption` with a text for the person at the keyboard. */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parse(args);
  const seeds = wholeNumber("--seeds", values.seeds);
  const minutes = wholeNumber("--minutes", values.minutes);
  const only = (values.only ?? "").split(",").filter((name) => name !== "");
  return { only, seeds, minutes, keep: values.keep, publish: values.publish === true };
}

function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new BadBenchOption(`${option} takes a whole number from 1 on, not "${text}"`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        json: { type: "boolean" },
        only: { type: "string" },
        seeds: { type: "string" },
        minutes: { type: "string" },
        keep: { type: "string" },
        publish: { type: "boolean" },
      },
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BadBenchOption(
      `${why}. Options: --json, --only CASE[,CASE], --seeds N, --minutes N, --keep FOLDER, --publish`,
      { cause },
    );
  }
}

/** The seeds of a case: always the same first ones, so that runs can be compared. */
export function seedsOf(options: BenchOptions, byDefault: number): number[] {
  return Array.from({ length: options.seeds ?? byDefault }, (_, i) => i + 1);
}

import { execFile } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../../scripts/run.ts";

interface Ran {
  readonly code: number;
  readonly said: string;
}

/** A command as a person would give it; what it said on both channels. */
export function ran(program: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd: ROOT, timeout: 600_000 }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, said: `${out}${err}` });
    });
  });
}
export const script = (name: string, ...args: readonly string[]): Promise<Ran> =>
  ran(process.execPath, [join(ROOT, "scripts", name), ...args]);

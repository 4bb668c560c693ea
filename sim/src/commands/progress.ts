import { clearLine, cursorTo } from "node:readline";

/** Where progress is told: a terminal, or a file that is read later. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const WIDTH = 28;
/** Where nobody looks on, a line each so many percent. */
const TOLD_EVERY_PCT = 10;

/** How far work is and how long it will take, told as it goes on. */
export interface Progress {
  /** @param done from 0 to 1 */
  set(done: number): void;
  end(): void;
}

/** On a terminal a bar that is drawn again and again; elsewhere a line each ten percent. */
export function createProgress(options: {
  readonly name: string;
  readonly output: ProgressOutput;
  readonly nowMs: () => number;
}): Progress {
  const { name, output, nowMs } = options;
  const beginMs = nowMs();
  const terminal = output === process.stderr && process.stderr.isTTY ? process.stderr : undefined;
  let told = 0;
  return {
    set: (done) => {
      const part = Math.min(1, Math.max(0, done));
      const pct = Math.floor(part * 100 + 1e-9);
      const text = `${name} ${String(pct).padStart(3)} %${left(part, nowMs() - beginMs)}`;
      if (terminal !== undefined) {
        const full = Math.round(part * WIDTH);
        clearLine(terminal, 0);
        cursorTo(terminal, 0);
        terminal.write(`${"━".repeat(full)}${"╌".repeat(WIDTH - full)} ${text}`);
      } else if (pct >= told + TOLD_EVERY_PCT) {
        told = pct - (pct % TOLD_EVERY_PCT);
        output.write(`${text}\n`);
      }
    },
    end: () => {
      if (terminal === undefined) return;
      clearLine(terminal, 0);
      cursorTo(terminal, 0);
    },
  };
}

function left(part: number, passedMs: number): string {
  if (part >= 1) return `, ${seconds(passedMs)}`;
  if (part < 0.005) return "";
  return `, ${seconds((passedMs * (1 - part)) / part)} left`;
}

/** `4 s`, `3 min 20 s`, `1 h 05 min`. */
function seconds(ms: number): string {
  const all = Math.max(0, Math.round(ms / 1000));
  const minutes = Math.floor(all / 60);
  if (minutes === 0) return `${all} s`;
  if (minutes < 60) return `${minutes} min ${String(all % 60).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

import { type DestinationStream, type Logger, pino } from "pino";

export type Log = Pick<Logger, "debug" | "info" | "warn" | "error">;

/** Structured lines on stdout; `BATON_LOG_LEVEL` says how many. */
export function openLog(name: string, destination?: DestinationStream): Log {
  const settings = { name, level: process.env.BATON_LOG_LEVEL ?? "info" };
  return destination === undefined ? pino(settings) : pino(settings, destination);
}

/** For tests, and whoever does not want to know. */
export const silentLog: Logger = pino({ level: "silent" });

import type { Direction, Side } from "@baton/maps";
import type { Activity } from "../run/record.ts";

/** How the report names things. */
export const SIDE_NAMES: Readonly<Record<Side, string>> = { vn: "Viet Nam", cn: "China" };
export const DIRECTION_NAMES: Readonly<Record<Direction, string>> = { export: "Export", import: "Import" };

export const ACTIVITY_NAMES: Readonly<Record<Activity, string>> = {
  "driving-loaded": "driving, loaded",
  "driving-empty": "driving, empty",
  "waiting-in-lane": "waiting in a lane",
  "at-station": "at a station",
  "at-crane": "at a crane",
  "in-bay": "in a bay",
  charging: "charging",
  parked: "parked",
  stopped: "stopped",
};

/** A number for reading: thousands apart, so many decimals. */
export function figure(value: number | undefined, decimals = 0): string {
  if (value === undefined || !Number.isFinite(value)) return "–";
  return value.toLocaleString("en-GB", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** Time of day at a clock so many minutes ahead of UTC, `08:05`. */
export function clockTime(atMs: number, utcOffsetMinutes: number): string {
  return new Date(atMs + utcOffsetMinutes * 60_000).toISOString().slice(11, 16);
}

/** A date and time of day at such a clock, `2026-06-01 08:05`. */
export function clockDate(atMs: number, utcOffsetMinutes: number): string {
  return new Date(atMs + utcOffsetMinutes * 60_000).toISOString().slice(0, 16).replace("T", " ");
}

/** A span, `1 h 30 min`. */
export function span(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return [hours > 0 ? `${hours} h` : "", rest > 0 || hours === 0 ? `${rest} min` : ""]
    .filter(Boolean)
    .join(" ");
}

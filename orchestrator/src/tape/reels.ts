/** A tape is kept in reels of an hour, so that old ones can be dropped whole. */
export const REEL_MS = 3_600_000;

const NAME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2})\.tape$/;

export const reelStartMs = (atMs: number): number => Math.floor(atMs / REEL_MS) * REEL_MS;

/** In UTC, e.g. `2026-11-22T14.tape`, so that names sort by time. */
export const reelName = (atMs: number): string =>
  `${new Date(reelStartMs(atMs)).toISOString().slice(0, 13)}.tape`;

/** When the hour of a reel begins; undefined for a file that is none. */
export function reelOf(name: string): number | undefined {
  const parts = NAME.exec(name);
  if (parts === null) return undefined;
  const [, year, month, day, hour] = parts.map(Number);
  if (year === undefined || month === undefined || day === undefined || hour === undefined) return undefined;
  return Date.UTC(year, month - 1, day, hour);
}

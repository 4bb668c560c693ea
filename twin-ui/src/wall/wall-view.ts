import type { AlarmView } from "@baton/orchestrator/contract";

/** So many alarms have room in letters that are read from five metres. */
const MOST_SHOWN = 4;
/** The wall looks at each view for so long. */
const VIEW_S = 20;
/** Overview, line, yard: as the operator's keys name them. */
const TOUR = [1, 2, 3] as const;
/** Alarms that the wall turns to. */
const URGENT: ReadonlySet<AlarmView["priority"]> = new Set(["critical", "high"]);

/** `?wall` in the page's address. */
export const isWallAddress = (address: string): boolean => new URL(address).searchParams.has("wall");

/** The wall display of the page at an address, with what that page was asked for (theme, language, tokens). */
export function wallAddress(address: string): string {
  const url = new URL(address);
  url.searchParams.set("wall", "");
  return url.href;
}

/** What still needs somebody, as the page has sorted it, and how many more there are. */
export function wallAlarms(alarms: readonly AlarmView[]): {
  readonly shown: readonly AlarmView[];
  readonly more: number;
} {
  const standing = alarms.filter(
    ({ state, shelved, outOfService }) =>
      state !== "returned" && shelved === undefined && outOfService === undefined,
  );
  return { shown: standing.slice(0, MOST_SHOWN), more: Math.max(0, standing.length - MOST_SHOWN) };
}

/** Where the wall looks at a moment of the viewer's clock: at the vehicle of an urgent alarm that nobody has taken on, else round. */
export function wallLooksAt(
  alarms: readonly AlarmView[],
  localMs: number,
): { readonly vehicleId: string } | { readonly slot: (typeof TOUR)[number] } {
  const vehicleId = wallAlarms(alarms).shown.find(
    ({ state, priority, vehicleId: of }) =>
      state === "unacknowledged" && URGENT.has(priority) && of !== undefined,
  )?.vehicleId;
  if (vehicleId !== undefined) return { vehicleId };
  return { slot: TOUR[Math.floor(localMs / 1000 / VIEW_S) % TOUR.length] ?? TOUR[0] };
}

import type { Direction, Side } from "@baton/maps";
import type { Step } from "@baton/orchestrator/contract";
import { sum } from "../quantiles.ts";
import type { MissionRun, RunRecord } from "../record.ts";
import { isCounted } from "./span.ts";

/** A container unloaded in the other side's yard. */
export interface Delivery {
  readonly direction: Direction;
  readonly containerNo: string;
  readonly atMs: number;
}

/** A container's way from the moment that its truck was in to the moment that it was unloaded beyond the line. */
export interface Journey {
  readonly direction: Direction;
  readonly containerNo: string;
  readonly beginMs: number;
  readonly endMs: number;
  /** What it was at, end to end: the giver's steps up to the line, then the taker's. */
  readonly parts: readonly { readonly side: Side; readonly step: Step; readonly durationMs: number }[];
}

/** When a mission entered a step; undefined when it has not. */
export function enteredMs(mission: MissionRun, step: Step): number | undefined {
  return mission.steps.find((one) => one.step === step)?.atMs;
}

/** All containers unloaded beyond the line in the span that counts, in order of time. */
export function deliveriesOf(record: RunRecord): Delivery[] {
  return record.missions
    .flatMap((mission) => {
      const atMs = mission.bound === "inbound" ? enteredMs(mission, "close") : undefined;
      if (mission.containerNo === undefined || !isCounted(record, atMs)) return [];
      return [{ direction: mission.direction, containerNo: mission.containerNo, atMs }];
    })
    .sort((a, b) => a.atMs - b.atMs);
}

/** Vehicles that came over the line with nothing aboard, and reached their bay in the span that counts: when they did. */
export function emptyCrossingsOf(record: RunRecord): number[] {
  return record.missions.flatMap((mission) => {
    const isOne = mission.bound === "inbound" && mission.containerNo === undefined;
    const atMs = isOne ? enteredMs(mission, "close") : undefined;
    return isCounted(record, atMs) ? [atMs] : [];
  });
}

/** The whole journeys that ended in the span that counts. Containers that were on their way at the beginning have none. */
export function journeysOf(record: RunRecord): Journey[] {
  const taken = new Map<string, MissionRun>();
  for (const mission of record.missions) {
    if (mission.bound === "inbound" && mission.containerNo !== undefined)
      taken.set(`${mission.direction} ${mission.containerNo}`, mission);
  }
  return record.missions.flatMap((given) => {
    const { bound, containerNo, direction } = given;
    if (bound !== "outbound" || containerNo === undefined) return [];
    const inbound = taken.get(`${direction} ${containerNo}`);
    const beginMs = enteredMs(given, "assign-vehicle");
    const crossedMs = enteredMs(given, "close");
    const endMs = inbound === undefined ? undefined : enteredMs(inbound, "close");
    if (
      inbound === undefined ||
      beginMs === undefined ||
      crossedMs === undefined ||
      !isCounted(record, endMs)
    )
      return [];
    const parts = [...partsOf(given, beginMs, crossedMs), ...partsOf(inbound, crossedMs, endMs)];
    return [{ direction, containerNo, beginMs, endMs, parts }];
  });
}

/** What a mission was at between two instants. */
function partsOf(mission: MissionRun, fromMs: number, untilMs: number): Journey["parts"][number][] {
  return mission.steps.flatMap(({ step, atMs }, index) => {
    const leftMs = Math.min(mission.steps[index + 1]?.atMs ?? untilMs, untilMs);
    const durationMs = leftMs - Math.max(atMs, fromMs);
    return durationMs > 0 ? [{ side: mission.side, step, durationMs }] : [];
  });
}

/** How long each container waited for a vehicle, seconds, once or more often, of those that had their last one in the span that counts. */
export function waitForVehicleSeconds(record: RunRecord): readonly number[] {
  return record.missions.flatMap(({ bound, steps }) => {
    const waits = steps.flatMap(({ step, atMs }, index) =>
      bound === "outbound" && step === "assign-vehicle" ? [{ atMs, untilMs: steps[index + 1]?.atMs }] : [],
    );
    const last = waits.at(-1)?.untilMs;
    if (!isCounted(record, last)) return [];
    return [sum(waits.map(({ atMs, untilMs = atMs }) => (untilMs - atMs) / 1000))];
  });
}

/** In the span that counts: when containers were given a vehicle on its way to a place, and when a vehicle on its way to one was sent elsewhere. */
export function vehicleChangesOf(record: RunRecord): Record<"calledOff" | "left", readonly number[]> {
  const counted = (instants: readonly number[] = []): readonly number[] =>
    instants.filter((atMs) => isCounted(record, atMs));
  return {
    calledOff: record.missions.flatMap(({ calledOffMs }) => counted(calledOffMs)),
    left: record.missions.flatMap(({ vehicleLeftMs }) => counted(vehicleLeftMs)),
  };
}

/** How long each step took, seconds, of all missions that ended it in the span that counts; by `bound step`. */
export function stepSeconds(record: RunRecord): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const { bound, steps } of record.missions) {
    steps.forEach(({ step, atMs }, index) => {
      const untilMs = steps[index + 1]?.atMs;
      if (!isCounted(record, untilMs)) return;
      const key = `${bound} ${step}`;
      const listed = found.get(key);
      if (listed === undefined) found.set(key, [(untilMs - atMs) / 1000]);
      else listed.push((untilMs - atMs) / 1000);
    });
  }
  return found;
}

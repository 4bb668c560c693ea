import { describe, expect, it } from "vitest";
import type { HandoffRun, RunRecord } from "../../sim/src/run/record.ts";
import { loadScenario } from "../../sim/src/scenario/load.ts";
import type { Override } from "../../sim/src/scenario/override.ts";
import { runOverTwoLedgers } from "./run-over-two-ledgers.ts";

/** Containers cross by the crane and with their vehicles at once: both orchestrators as they ship, in virtual time. */

interface Run {
  readonly record: RunRecord;
  readonly byCrane: readonly HandoffRun[];
  readonly byVehicle: readonly HandoffRun[];
}

async function run(hours: number, overrides: readonly Override[] = []): Promise<Run> {
  const { scenario, site } = await loadScenario("two-points", overrides);
  const cranesWork = new Set<string>();
  const record = await runOverTwoLedgers({
    scenario,
    site,
    hours,
    listener: {
      handoff: (_side, event) => {
        if (event.kind === "offered" && event.offer.mode === "container-transfers")
          cranesWork.add(event.offer.handoffId);
      },
    },
  });
  const switched = record.handoffs.filter(({ switchedMs }) => switchedMs !== undefined);
  return {
    record,
    byCrane: switched.filter(({ handoffId }) => cranesWork.has(handoffId)),
    byVehicle: switched.filter(({ handoffId }) => !cranesWork.has(handoffId)),
  };
}

/** Of the machine, which may be busy. */
const TIME_LIMIT_MS = 180_000;
const CLEAN = { overlaps: [], underLoad: [], stuck: [], unaccounted: [] };

describe("two points at the line", () => {
  it(
    "take containers over it in both ways and directions, and every one of them is accounted for",
    async () => {
      const { record, byCrane, byVehicle } = await run(1 / 3);
      expect(record.safety).toEqual(CLEAN);
      expect(record.alarms).toEqual([]);
      expect(byVehicle.length).toBeGreaterThanOrEqual(5);
      expect(new Set(byCrane.map(({ direction }) => direction))).toEqual(new Set(["export", "import"]));
      // Whoever takes a container from the crane is no guest: its vehicle never came over the line.
      const taken = record.missions.filter(
        ({ bound, side, vehicleId, containerNo }) =>
          bound === "inbound" &&
          record.missions.some(
            (giver) =>
              giver.bound === "outbound" &&
              giver.side !== side &&
              giver.containerNo === containerNo &&
              giver.vehicleId !== vehicleId,
          ),
      );
      expect(taken.length).toBeGreaterThanOrEqual(byCrane.length);
    },
    TIME_LIMIT_MS,
  );

  it(
    "wait for a crane that is out of order, with an alarm, while vehicles pass; it goes on where it was",
    async () => {
      const { record, byCrane, byVehicle } = await run(1 / 3, [
        {
          path: "failures.devices",
          value: [
            {
              deviceId: "line-crane-1",
              window: { from: "08:03", to: "08:10" },
              source: "a test: it stops with work under way, for seven minutes",
            },
          ],
        },
      ]);
      expect(record.safety).toEqual(CLEAN);
      expect(record.alarms.filter(({ code }) => code === "device.offline")).toHaveLength(2);
      const outFromMs = record.beginMs + 3 * 60_000;
      const outUntilMs = record.beginMs + 10 * 60_000;
      const during = ({ switchedMs = 0 }: HandoffRun): boolean =>
        switchedMs > outFromMs && switchedMs < outUntilMs;
      expect(byCrane.filter(during)).toEqual([]);
      expect(byVehicle.filter(during).length).toBeGreaterThanOrEqual(2);
      expect(byCrane.some(({ switchedMs = 0 }) => switchedMs >= outUntilMs)).toBe(true);
    },
    TIME_LIMIT_MS,
  );

  it(
    "lose and double no container over networks that lose and double messages",
    async () => {
      const { record, byCrane } = await run(1 / 3, [
        {
          path: "failures.messages",
          value: {
            latencyMs: { min: 20, max: 400 },
            lossShare: 0.05,
            duplicateShare: 0.05,
            reorderShare: 0.05,
            source: "a test",
          },
        },
      ]);
      expect(record.safety).toEqual(CLEAN);
      expect(byCrane.length).toBeGreaterThanOrEqual(1);
    },
    TIME_LIMIT_MS,
  );
});

import type { VehicleId } from "@baton/fleet-adapter";
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../sim/src/scenario/load.ts";
import { runOverTwoLedgers } from "./run-over-two-ledgers.ts";

const TIME_LIMIT_MS = 300_000;
const VEHICLES = 10;
/** From when a person says that it has failed until one says that it is back at work. */
const AWAY_MS = 240_000;

interface Failed {
  readonly vehicleId: VehicleId;
  readonly missionId: string;
  readonly atMs: number;
}

describe("a vehicle that fails on its way to the crane where it is to load", () => {
  it.each(["2.1", "ros2"])(
    "leaves the container to another one, and is there for the next when it is back at work (%s)",
    async (protocol) => {
      const speaks = Array.from({ length: VEHICLES }, (_, index) => ({
        path: `fleet.${index}.protocol`,
        value: protocol,
      }));
      const { scenario, site } = await loadScenario("first-look", speaks);
      let failed: Failed | undefined;
      let backAtMs: number | undefined;
      let hasWork = false;
      const record = await runOverTwoLedgers({
        scenario,
        site,
        hours: 0.7,
        fate: {
          everyMs: 1_000,
          befall: async ({ sides, clock }) => {
            const { missions, reservation } = sides.vn.rooms;
            if (failed !== undefined) {
              const { vehicleId, atMs } = failed;
              const why = missions.reasons().vehicles.get(vehicleId)?.code;
              if (backAtMs !== undefined) hasWork ||= why === "no-mission" || why === "on-mission";
              if (backAtMs !== undefined || clock.nowMs() < atMs + AWAY_MS) return;
              backAtMs = clock.nowMs();
              reservation.recover(vehicleId);
              return;
            }
            const onItsWay = missions
              .views()
              .filter(({ step, status }) => status === "running" && step === "drive-to-crane");
            for (const { missionId, vehicleId: id } of onItsWay) {
              const vehicleId = id as VehicleId;
              if (reservation.turningNode(vehicleId) === undefined) continue;
              failed = { vehicleId, missionId, atMs: clock.nowMs() };
              reservation.fail(vehicleId, "a flat battery");
              return;
            }
          },
        },
      });
      if (failed === undefined || backAtMs === undefined) throw new Error("none failed on its way");
      const { vehicleId, missionId } = failed;
      expect(record.safety).toMatchObject({ overlaps: [], stuck: [], unaccounted: [] });
      const mission = record.missions.find((one) => one.missionId === missionId);
      expect(mission).toMatchObject({ status: "done" });
      expect(mission?.vehicleId).not.toBe(vehicleId);
      expect(hasWork, "it came to its place, and is there for the next").toBe(true);
    },
    TIME_LIMIT_MS,
  );
});

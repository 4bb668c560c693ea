import type { VehicleId } from "@baton/fleet-adapter";
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../sim/src/scenario/load.ts";
import { runOverTwoLedgers } from "./run-over-two-ledgers.ts";

const TIME_LIMIT_MS = 300_000;
/** From when a person says that it has failed until one says that it is back at work. */
const AWAY_MS = 240_000;

interface Failed {
  readonly vehicleId: VehicleId;
  readonly missionId: string;
  readonly atMs: number;
}

describe("a vehicle that fails on its way to the crane where it is to load", () => {
  it(
    "leaves the container to another one, and is sent to the next when it is back at work",
    async () => {
      const { scenario, site } = await loadScenario("first-look");
      let failed: Failed | undefined;
      let backAtMs: number | undefined;
      const record = await runOverTwoLedgers({
        scenario,
        site,
        hours: 0.7,
        fate: {
          everyMs: 1_000,
          befall: async ({ sides, clock }) => {
            const { missions, reservation } = sides.vn.rooms;
            if (failed !== undefined) {
              if (backAtMs !== undefined || clock.nowMs() < failed.atMs + AWAY_MS) return;
              backAtMs = clock.nowMs();
              reservation.recover(failed.vehicleId);
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
      const since = backAtMs;
      const later = record.missions.filter(
        (one) => one.vehicleId === vehicleId && one.missionId !== missionId,
      );
      expect(
        later.some(({ steps }) => steps.some(({ step, atMs }) => step === "drive-to-crane" && atMs > since)),
        "containers that it comes to since",
      ).toBe(true);
    },
    TIME_LIMIT_MS,
  );
});

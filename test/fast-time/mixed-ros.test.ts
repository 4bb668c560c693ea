import { describe, expect, it } from "vitest";
import type { FastWorld } from "../../sim/src/fast/world.ts";
import type { RunRecord } from "../../sim/src/run/record.ts";
import { loadScenario } from "../../sim/src/scenario/load.ts";
import type { Override } from "../../sim/src/scenario/override.ts";
import { runOverTwoLedgers } from "./run-over-two-ledgers.ts";

/** Vehicles of ROS 2 and of VDA 5050 under one ledger a side, with both orchestrators as they ship, in virtual time. */

const VEHICLES = 10;
const speaksRos = (index: number): boolean => index % 2 === 0;

interface Outcome {
  readonly record: RunRecord;
  /** Vehicles whose register changed side at least once. */
  readonly handedOver: ReadonlySet<string>;
  readonly rosIds: ReadonlySet<string>;
  readonly alarms: readonly string[];
}

async function run(hours: number, more: readonly Override[] = []): Promise<Outcome> {
  const overrides = Array.from({ length: VEHICLES }, (_, index) => ({
    path: `fleet.${index}.protocol`,
    value: speaksRos(index) ? "ros2" : "2.1",
  }));
  // Some of them say where they are in a frame of their own, and where that lies by tf.
  for (let index = 0; index < VEHICLES; index += 4) {
    overrides.push({ path: `fleet.${index}.odometry`, value: "odom" });
  }
  const { scenario, site } = await loadScenario("first-look", [...overrides, ...more]);
  const alarms: string[] = [];
  const handedOver = new Set<string>();
  const epochs = new Map<string, number>();
  let world: FastWorld | undefined;
  const record = await runOverTwoLedgers({
    scenario,
    site,
    hours,
    onWorld: (opened) => {
      world = opened;
    },
    listener: {
      alarm: (_side, alarm) => void alarms.push(`${alarm.code} ${alarm.detail}`),
      second: () => {
        for (const { model, now } of world?.vehicles ?? []) {
          const { epoch } = now().register;
          if (epoch > (epochs.get(model.vehicleId) ?? epoch)) handedOver.add(model.vehicleId);
          epochs.set(model.vehicleId, epoch);
        }
      },
    },
  });
  const rosIds = new Set(
    scenario.fleet.flatMap((one) => (one.protocol === "ros2" ? [`sim.${one.serialNumber}`] : [])),
  );
  return { record, handedOver, rosIds, alarms };
}

describe("a fleet of ROS 2 and VDA 5050 vehicles", () => {
  it("carries containers over the border both ways in one ledger, bodies apart, and without an alarm", async () => {
    const { record, handedOver, rosIds, alarms } = await run(0.35);
    const replay = `replay: seed ${record.seed}, hash ${record.hash}`;
    expect(rosIds.size).toBe(VEHICLES / 2);
    expect(record.safety, replay).toEqual({ overlaps: [], underLoad: [], stuck: [], unaccounted: [] });
    const ros = [...handedOver].filter((vehicleId) => rosIds.has(vehicleId));
    expect(ros.length, `ROS vehicles over the line; ${replay}`).toBeGreaterThan(1);
    expect(handedOver.size - ros.length, `VDA vehicles over the line; ${replay}`).toBeGreaterThan(1);
    const delivered = (side: "vn" | "cn"): number =>
      record.missions.filter((one) => one.side === side && one.bound === "inbound" && one.status === "done")
        .length;
    expect(delivered("vn"), replay).toBeGreaterThan(2);
    expect(delivered("cn"), replay).toBeGreaterThan(2);
    expect(
      alarms.filter((alarm) => alarm.startsWith("fleet.") || alarm.startsWith("vehicle.")),
      replay,
    ).toEqual([]);
  }, 300_000);

  it("is safe and goes on while messages are late and lost", async () => {
    const messages = {
      latencyMs: { min: 5, max: 400 },
      lossShare: 0.02,
      duplicateShare: 0.02,
      reorderShare: 0.02,
      source: "assumption",
    };
    const { record, handedOver, rosIds } = await run(0.35, [{ path: "failures", value: { messages } }]);
    const replay = `replay: seed ${record.seed}, hash ${record.hash}`;
    expect(record.safety, replay).toEqual({ overlaps: [], underLoad: [], stuck: [], unaccounted: [] });
    expect(
      [...handedOver].some((vehicleId) => rosIds.has(vehicleId)),
      replay,
    ).toBe(true);
  }, 300_000);
});

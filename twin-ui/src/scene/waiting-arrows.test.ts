import type { ExplanationView, VehicleView } from "@baton/orchestrator/contract";
import { describe, expect, it } from "vitest";
import type { MergedVehicle } from "../feed/merge.ts";
import { chainOf, waitingArrows } from "./waiting-arrows.ts";

type Because = ExplanationView["head"]["because"];

function vehicle(
  vehicleId: string,
  waitsFor: readonly string[] = [],
  because: Because = "drives",
): MergedVehicle {
  const way = [vehicleId, ...waitsFor];
  const view: VehicleView = {
    vehicleId,
    slot: 0,
    connection: "online",
    batteryPct: 80,
    charging: false,
    loadIds: [],
    lastReportAtMs: 0,
    grantedEdgeIds: [],
    plannedEdgeIds: [],
    ...(waitsFor.length === 0
      ? {}
      : {
          explanation: {
            chain: waitsFor.map((heldBy, i) => ({
              vehicleId: way[i] ?? "",
              blockId: "b",
              heldBy,
              how: "held" as const,
              projectedFreeAtMs: 1_000 * (i + 1),
            })),
            head: { vehicleId: waitsFor.at(-1) ?? vehicleId, because },
          },
        }),
  };
  return { vehicleId, holder: "vn", containerNo: undefined, view };
}

describe("arrows of who waits for whom", () => {
  const fleet = [
    vehicle("a", ["b", "c"], "has-failed"),
    vehicle("b", ["c"], "has-failed"),
    vehicle("c"),
    vehicle("d", ["e"]),
    vehicle("e"),
  ];

  it("lead from each vehicle to the one before it, each pair once, and show which queues move on by nobody's doing", () => {
    expect(waitingArrows(fleet, undefined)).toEqual([
      { from: "a", to: "b", isChosen: false, isStuck: true },
      { from: "b", to: "c", isChosen: false, isStuck: true },
      { from: "d", to: "e", isChosen: false, isStuck: false },
    ]);
  });

  it("lead along the whole chain of the selected vehicle to its head, drawn last", () => {
    expect(waitingArrows(fleet, "a").slice(-2)).toEqual([
      { from: "a", to: "b", isChosen: true, isStuck: true },
      { from: "b", to: "c", isChosen: true, isStuck: true },
    ]);
  });

  it("tell of the chain whom each waits for until when, and of its head why it does not move", () => {
    expect(chainOf(fleet[0], fleet)).toEqual([
      { vehicleId: "a", waitsFor: "b", freeAtMs: 1_000, because: undefined, isStuck: true },
      { vehicleId: "b", waitsFor: "c", freeAtMs: 2_000, because: undefined, isStuck: true },
      { vehicleId: "c", waitsFor: undefined, freeAtMs: undefined, because: "has-failed", isStuck: true },
    ]);
    expect(chainOf(vehicle("z"), fleet)).toEqual([]);
  });

  it("show a queue behind a vehicle that obeys a stop request as one that waits for people, and say so of its head", () => {
    const stopped = vehicle("e");
    const behind = [
      vehicle("d", ["e"]),
      { ...stopped, view: { ...stopped.view, stoppedBy: ["cn" as const] } },
    ];
    expect(waitingArrows(behind, undefined)).toEqual([
      { from: "d", to: "e", isChosen: false, isStuck: true },
    ]);
    expect(chainOf(behind[0], behind).at(-1)).toMatchObject({ vehicleId: "e", because: "is-stopped" });
  });

  it("do not lead to the vehicle itself when closed ground is all that is before it", () => {
    const alone = vehicle("a", ["a"], "ground-closed");
    expect(waitingArrows([alone], "a")).toEqual([]);
    expect(chainOf(alone, [alone]).map(({ vehicleId, because }) => [vehicleId, because])).toEqual([
      ["a", "ground-closed"],
    ]);
  });
});

import type { VehicleId } from "@baton/fleet-adapter";
import type { Network } from "@baton/maps";
import { describe, expect, it } from "vitest";
import { CAR, leg, OTHER, zoneOn } from "../testing/one-zone.ts";
import { smallNetwork } from "../testing/small-network.ts";

/** A shed, fenced for `CAR`, with places from p to s 60 m apart, and a road outside of it. */
function shedAndRoad(): Network {
  const network = smallNetwork(
    [
      ...["p", "q", "r", "s"].map((id, i) => ({
        id,
        xM: 60 * i,
        yM: 0,
        kind: i === 0 || i === 3 ? ("endpoint" as const) : ("way" as const),
        blocks: [id, "fence shed"],
      })),
      { id: "x", xM: 0, yM: 200, kind: "endpoint", blocks: ["x"] },
      { id: "y", xM: 60, yM: 200, kind: "endpoint", blocks: ["y"] },
    ],
    [
      { from: "p", to: "q" },
      { from: "q", to: "r" },
      { from: "r", to: "s" },
      { from: "x", to: "y" },
    ],
  );
  return {
    ...network,
    fences: {
      count: 1,
      ids: ["shed"],
      vehicleIds: [[CAR]],
      outlines: [],
      ofPose: Int32Array.from([0, 0, 0, 0, -1, -1]),
      ofMove: Int32Array.from([0, 0, 0, -1]),
      crossedBy: [[]],
      holds: (_, { yM }) => Math.abs(yM) < 50,
    },
  };
}

describe("fenced ground", () => {
  it("is for the vehicle that it names, which has its place nowhere else", async () => {
    const zone = await zoneOn(shedAndRoad());
    await zone.admit(OTHER, "p");
    await zone.admit(CAR, "x");
    expect(zone.said("admissionRefused")).toMatchObject([
      { vehicleId: OTHER, reason: "not-its-ground" },
      { vehicleId: CAR, reason: "not-its-ground" },
    ]);
    await zone.admit(CAR, "p");
    await zone.admit(OTHER, "x");
    expect(zone.said("admitted").map(({ vehicleId }) => vehicleId)).toEqual([CAR, OTHER]);
  });

  it("is never left, nor come into by another", async () => {
    const zone = await zoneOn(shedAndRoad());
    await zone.admit(CAR, "p");
    await zone.admit(OTHER, "x");
    zone.service.requestLeg(leg("out", "y"));
    zone.service.requestLeg(leg("in", "s", { vehicleId: OTHER }));
    await zone.tick(3);
    expect(zone.said("legRefused")).toMatchObject([
      { legId: "out", reason: "unreachable" },
      { legId: "in", reason: "unreachable" },
    ]);
  });

  it("has one vehicle at a time, though it names two", async () => {
    const network = shedAndRoad();
    const second = "second" as VehicleId;
    const zone = await zoneOn({
      ...network,
      ...(network.fences && { fences: { ...network.fences, vehicleIds: [[CAR, second]] } }),
    });
    await zone.admit(CAR, "p");
    await zone.admit(second, "s");
    expect(zone.said("admissionRefused")).toMatchObject([
      { vehicleId: second, reason: "ground-held", heldBy: CAR },
    ]);
  });

  it("is driven as the vehicle likes: beside its way it is granted on, and its leg ends at its end", async () => {
    const zone = await zoneOn(shedAndRoad());
    await zone.admit(CAR, "p");
    zone.service.requestLeg(leg("1", "s"));
    await zone.tick(2);
    expect(zone.said("granted").at(-1)).toMatchObject({ throughNodeId: "q" });
    // 40 m beside the road, and then at the next node sooner than the road leads there.
    for (const node of ["q", "r", "s"]) {
      zone.see(CAR, node, 3, -30, 40);
      await zone.tick(2);
      if (node === "s") break;
      zone.see(CAR, node, 3);
      await zone.tick(2);
      expect(zone.said("granted").at(-1)).toMatchObject({ throughNodeId: node === "q" ? "r" : "s" });
    }
    expect(zone.said("trouble")).toEqual([]);
    zone.see(CAR, "s");
    await zone.tick(2);
    expect(zone.said("legCompleted")).toMatchObject([{ legId: "1", nodeId: "s" }]);
    expect(zone.said("trouble")).toEqual([]);
  });

  it("is left by a vehicle only against the rules: that is told, and nothing more is granted to it", async () => {
    const zone = await zoneOn(shedAndRoad());
    await zone.admit(CAR, "p");
    zone.service.requestLeg(leg("1", "s"));
    await zone.tick(2);
    const before = zone.said("granted").length;
    zone.see(CAR, "q", 3, 0, 70);
    await zone.tick(20);
    expect(zone.said("trouble")).toMatchObject([{ code: "off-path", vehicleId: CAR }]);
    expect(zone.said("granted").length).toBe(before);
  });
});

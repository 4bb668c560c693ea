import type { VehicleId } from "@baton/fleet-adapter";
import type { BlockId } from "@baton/maps";
import { describe, expect, test } from "vitest";
import { scene } from "../testing/scene.ts";
import { explain } from "./explain.ts";
import { grantAhead } from "./grant.ts";

const id = (name: string) => name as VehicleId;

describe("why a vehicle waits", () => {
  test("is told as the chain of who waits for whom, to the one that has to move first", () => {
    const { zone, vehicle } = scene({ ways: { A: "a p c", B: "b q p d", C: "e q f" }, orders: { p: "AB" } });
    grantAhead(zone, vehicle("A"));
    grantAhead(zone, vehicle("B"));
    const leg = vehicle("B").leg;
    if (leg !== undefined) Object.assign(leg, { atPose: 1, progressM: 20 });
    const told = explain(zone, id("C"));
    expect(
      told?.chain.map(({ vehicleId, blockId, heldBy, how }) => [vehicleId, blockId, heldBy, how]),
    ).toEqual([
      ["C", "q", "B", "held"],
      ["B", "p", "A", "held"],
    ]);
    expect(told?.head).toEqual({ vehicleId: "A", because: "drives" });
    for (const link of told?.chain ?? []) expect(link.projectedFreeTick).toBeGreaterThan(zone.tick);
  });

  test("names a claim that comes first, though nobody is there", () => {
    const { zone } = scene({ ways: { A: "a c p e", B: "b p f" } });
    expect(explain(zone, id("B"))?.chain[0]).toMatchObject({
      blockId: "p",
      heldBy: "A",
      how: "claimed-before",
    });
  });

  test("ends with a vehicle that has failed", () => {
    const { zone, vehicle } = scene({ ways: { A: "a p c", B: "b p f" } });
    grantAhead(zone, vehicle("A"));
    vehicle("A").failed = "flat tyre";
    expect(explain(zone, id("B"))?.head).toEqual({ vehicleId: "A", because: "has-failed" });
  });

  test("ends with one of which nobody knows where it is", () => {
    const { zone, vehicle } = scene({ ways: { A: "a p c", B: "b p f" } });
    vehicle("A").located = false;
    expect(explain(zone, id("B"))?.head).toEqual({ vehicleId: "A", because: "is-not-located" });
  });

  test("says that the ground ahead is closed", () => {
    const { zone, vehicle } = scene({ ways: { A: "a p c", B: "b p f" } });
    zone.closedCount.fill(1, vehicle("A").leg?.runs[0]?.blocks[1] ?? 0);
    expect(explain(zone, id("B"))?.head.because).toBe("ground-closed");
  });

  test("is an empty chain for a vehicle that may drive", () => {
    const { zone } = scene({ ways: { A: "a p c" } });
    expect(explain(zone, id("A"))).toMatchObject({ chain: [], head: { vehicleId: "A", because: "drives" } });
    expect(explain(zone, id("X"))).toBeUndefined();
  });

  test("ends where it began if orders ever were a circle", () => {
    const { zone, vehicle } = scene({ ways: { A: "a pq c", B: "b qp d" }, orders: { p: "AB", q: "AB" } });
    const q = zone.network.blockIndex("q" as BlockId);
    const [ofA, ofB] = [vehicle("A"), vehicle("B")].map(({ visits }) =>
      visits.find(({ block }) => block === q),
    );
    if (ofA === undefined || ofB === undefined) throw new Error("nobody claims q");
    zone.claims.advance(ofB, ofA);
    expect(explain(zone, id("A"))?.chain.map((link) => link.heldBy)).toEqual(["B", "A"]);
  });
});

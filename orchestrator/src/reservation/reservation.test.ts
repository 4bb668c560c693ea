import type { NodeId } from "@baton/maps";
import { describe, expect, test } from "vitest";
import { createModelLedger } from "./ledger/model.ts";
import type { LegId } from "./port.ts";
import { CAR, leg, OTHER, road, zoneOn } from "./testing/one-zone.ts";
import { smallNetwork } from "./testing/small-network.ts";

describe("a leg", () => {
  test("is granted ahead of the vehicle, and never to a place where nobody may stand", async () => {
    const zone = await zoneOn(road());
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("1", "e"));
    await zone.tick();
    expect(zone.said("granted")).toMatchObject([{ throughNodeId: "b" }]);
    expect(zone.service.standing()).toEqual([{ vehicleId: CAR, nodeIds: ["a", "e"] }]);
    await zone.seeOn("a>b", 24);
    expect(zone.service.standing()).toEqual([{ vehicleId: CAR, nodeIds: ["e"] }]);
    expect(zone.said("granted").at(-1)).toMatchObject({ throughNodeId: "d" });
    expect(zone.service.holding(CAR)).toMatchObject({
      grantedEdgeIds: ["a>b", "b>c", "c>d"],
      plannedEdgeIds: ["d>e"],
    });
  });

  test("ends where it was to end, with the ground behind it free and all its nodes announced in order", async () => {
    const ledger = createModelLedger();
    const zone = await zoneOn(road(), ledger);
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("1", "e"));
    for (const node of ["a", "b", "c", "d", "e"]) {
      await zone.tick(60);
      zone.see(CAR, node, node === "c" ? 3 : 0);
    }
    await zone.tick(2);
    expect(zone.said("reached").map((event) => "nodeId" in event && event.nodeId)).toEqual([
      "a",
      "b",
      "c",
      "d",
      "e",
    ]);
    expect(zone.said("legCompleted")).toMatchObject([{ legId: "1", nodeId: "e" }]);
    expect([...ledger.state().grants]).toEqual([["e", CAR]]);
    // Whoever leads next knows where it stands before the vehicle has said a word.
    const next = await zoneOn(road(), ledger);
    expect(next.service.standing()).toEqual([{ vehicleId: CAR, nodeIds: ["e"] }]);
  });

  test("waits at a via until it may proceed, whatever is free beyond", async () => {
    const zone = await zoneOn(road());
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("1", "e", { via: [{ nodeId: "b" as NodeId, expectedDwellMs: 1000 }] }));
    await zone.tick(40);
    zone.see(CAR, "b");
    await zone.tick(100);
    expect(zone.said("waitingAt")).toMatchObject([{ nodeId: "b" }]);
    expect(zone.said("granted").at(-1)).toMatchObject({ throughNodeId: "b" });
    zone.service.proceed(CAR, "1" as LegId, "b" as NodeId);
    await zone.tick();
    expect(zone.said("granted").at(-1)).toMatchObject({ throughNodeId: "d" });
  });

  test("with a first stretch is granted nothing until all of the stretch is free", async () => {
    const ledger = createModelLedger();
    const zone = await zoneOn(road(), ledger);
    await zone.admit(OTHER, "d");
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("2", "e", { vehicleId: OTHER }));
    zone.service.requestLeg(leg("1", "d", { firstGrantThroughNodeId: "d" as NodeId }));
    await zone.tick(2);
    expect(zone.said("granted")).toMatchObject([{ vehicleId: OTHER, throughNodeId: "e" }]);
    expect(zone.service.holding(CAR)?.waitingFor).toMatchObject({ blockId: "d", heldBy: OTHER, how: "held" });
    await zone.tick(40);
    zone.see(OTHER, "e");
    await zone.tick();
    expect(zone.said("granted").at(-1)).toMatchObject({ vehicleId: CAR, throughNodeId: "d" });
  });

  test("asked again is announced again, and begins nothing new", async () => {
    const zone = await zoneOn(road());
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("1", "e"));
    await zone.tick();
    zone.service.requestLeg(leg("1", "e"));
    await zone.tick();
    expect(zone.events.map((event) => event.kind)).toEqual([
      "admitted",
      "legPlanned",
      "reached",
      "granted",
      "legPlanned",
      "reached",
      "granted",
    ]);
    expect(zone.orders).toHaveLength(1);
  });

  test("is refused for good when its place is unknown, out of reach, or the vehicle has another", async () => {
    const zone = await zoneOn(road());
    await zone.admit(CAR, "d");
    zone.service.requestLeg(leg("1", "nowhere"));
    zone.service.requestLeg(leg("2", "c"));
    zone.service.requestLeg(leg("3", "a"));
    await zone.tick();
    zone.service.requestLeg(leg("4", "e"));
    await zone.tick();
    zone.service.requestLeg(leg("5", "e"));
    await zone.tick();
    expect(zone.said("legRefused").map((event) => "reason" in event && event.reason)).toEqual([
      "unknown-node",
      "unknown-node",
      "unreachable",
      "busy",
    ]);
  });

  test("to a place that is taken waits, says so once, and goes when the place is free", async () => {
    const zone = await zoneOn(road());
    await zone.admit(OTHER, "e");
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("1", "e"));
    await zone.tick(10);
    expect(zone.said("legWaiting")).toMatchObject([{ legId: "1", reason: "endpoint-taken" }]);
    zone.service.dismiss(OTHER);
    await zone.tick(2);
    expect(zone.said("granted")).toHaveLength(1);
  });

  test("that was taken back leaves the vehicle with its body's ground; one that has begun is not taken back", async () => {
    const ledger = createModelLedger();
    const zone = await zoneOn(road(), ledger);
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("1", "e"));
    await zone.tick();
    zone.service.abandonLeg(CAR, "1" as LegId);
    await zone.tick();
    expect([...ledger.state().grants]).toEqual([["a", CAR]]);
    zone.service.requestLeg(leg("2", "e"));
    await zone.tick();
    await zone.seeOn("a>b", 6, 2);
    zone.service.abandonLeg(CAR, "2" as LegId);
    await zone.tick();
    expect(zone.said("legAbandoned")).toMatchObject([
      { legId: "1", ok: true },
      { legId: "2", ok: false },
    ]);
  });

  test("that leaves our ground ends in clearOfGround, once, when nothing of ours is held", async () => {
    const zone = await zoneOn(road());
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("1", "e", { commandedBy: "partner" }));
    await zone.seeOn("a>b", 30);
    await zone.seeOn("b>c", 30);
    await zone.seeOn("c>d", 30);
    expect(zone.said("clearOfGround")).toEqual([]);
    await zone.seeOn("c>d", 38);
    await zone.tick(3);
    expect(zone.said("clearOfGround")).toHaveLength(1);
    expect(zone.orders).toEqual([]);
  });
});

describe("ground", () => {
  test("is never freed by time: a vehicle that is silent keeps all it holds", async () => {
    const ledger = createModelLedger();
    const zone = await zoneOn(road(), ledger);
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("1", "e"));
    await zone.tick(5000);
    expect([...ledger.state().grants.keys()].sort()).toEqual(["a", "b"]);
  });

  test("is not freed by a report that does not fit the way, and nothing more is granted until one does", async () => {
    const ledger = createModelLedger();
    const zone = await zoneOn(road(), ledger);
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("1", "e"));
    await zone.seeOn("a>b", 20);
    await zone.tick(60);
    // Beside b, a lane's width and more off the road.
    zone.see(CAR, "b", 0, 0, 6);
    await zone.tick(3);
    expect(zone.said("trouble")).toMatchObject([{ code: "off-path", vehicleId: CAR }]);
    expect([...ledger.state().grants.keys()].sort()).toEqual(["a", "b"]);
  });

  test("that another holds is not admitted to", async () => {
    const zone = await zoneOn(road());
    await zone.admit(CAR, "a");
    await zone.admit(OTHER, "a");
    expect(zone.said("admissionRefused")).toMatchObject([
      { vehicleId: OTHER, reason: "ground-held", heldBy: CAR },
    ]);
  });

  test("under a path that comes back over its own tail stays held until the tail has left for the last time", async () => {
    // A hook: in through x, around, and out over x again.
    const network = smallNetwork(
      [
        { id: "a", xM: 0, yM: 0, kind: "endpoint", blocks: ["a"] },
        { id: "p", xM: 40, yM: 0, kind: "way", blocks: ["p"] },
        { id: "q", xM: 40, yM: 10, kind: "way", blocks: ["q"] },
        { id: "z", xM: 0, yM: 10, kind: "endpoint", blocks: ["z"] },
      ],
      [
        { from: "a", to: "p", also: ["x"] },
        { from: "p", to: "q" },
        { from: "q", to: "z", also: ["x"] },
      ],
    );
    const ledger = createModelLedger();
    const zone = await zoneOn(network, ledger);
    await zone.admit(CAR, "a");
    zone.service.requestLeg(leg("1", "z"));
    await zone.tick(60);
    await zone.seeOn("a>p", 25);
    await zone.seeOn("a>p", 35.9);
    expect(zone.said("granted").at(-1)).toMatchObject({ throughNodeId: "z" });
    await zone.seeOn("a>p", 38);
    // q>z is granted by now, and needs x again: leaving x for the first time must not free it.
    expect(ledger.state().grants.get("x" as never)).toBe(CAR);
    expect(ledger.state().grants.has("a" as never)).toBe(false);
    expect(zone.said("trouble")).toEqual([]);
  });
});

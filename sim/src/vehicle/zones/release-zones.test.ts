import type { Responses, State, ZoneSetMessage } from "@baton/fleet-adapter/vda5050/v3_0";
import { nodePoseInMap, reachesOver, type Site, toMapFrame } from "@baton/maps";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadScenario } from "../../scenario/load.ts";
import { exampleModel, instant, orderOn, VehicleBench, vehicleAt } from "../example-vehicle.ts";
import { moreState } from "../more-state.ts";
import { recall, remember } from "../store.ts";
import type { VehicleModel } from "../vehicle.ts";

/** A simulated vehicle of VDA 5050 3.0 and a `RELEASE` zone on its way (sections 6.4.3 and 6.9). */

let site: Site;
let model: VehicleModel;
beforeAll(async () => {
  const loaded = await loadScenario("first-look");
  site = loaded.site;
  model = { ...exampleModel(loaded.scenario, site), protocol: "3.0" };
});

const STRIP = ["vn.out.hold", "vn.out.strip-1", "vn.out.strip-2", "vn.out.strip-3", "vn.out.strip-4"];
const header = {
  headerId: 1,
  timestamp: "2026-06-01T00:00:00.000Z",
  version: "3.0.0",
  manufacturer: "sim",
  serialNumber: "vn-01",
};

type Loss = NonNullable<ZoneSetMessage["zoneSet"]["zones"][number]["releaseLossBehavior"]>;
type Grant = Responses["responses"][number]["grantType"];

/** A zone of 8 m by 8 m around a node of the strip. */
function zoneSet(onLoss: Loss): ZoneSetMessage {
  const at = nodePoseInMap(site, "vn", "vn.out.strip-3");
  const corners = [
    [-4, -4],
    [4, -4],
    [4, 4],
    [-4, 4],
  ] as const;
  return {
    ...header,
    zoneSet: {
      zoneSetId: "set-1",
      mapId: site.file.sides.vn.mapId,
      zones: [
        {
          zoneId: "hall",
          zoneType: "RELEASE",
          releaseLossBehavior: onLoss,
          vertices: corners.map(([dx, dy]) => ({ x: (at?.xM ?? 0) + dx, y: (at?.yM ?? 0) + dy })),
        },
      ],
    },
  };
}

class ZoneBench extends VehicleBench {
  constructor(onLoss: Loss = "STOP") {
    super(vehicleAt(site, "vn", "vn.out.hold"), model);
    this.take({ kind: "zoneSet", side: "vn", message: zoneSet(onLoss) });
    this.ask("vn", instant("enableZoneSet", "enable", { zoneSetId: "set-1" }));
    this.order("vn", orderOn(site, { side: "vn", orderId: "o-1", nodeIds: STRIP }));
  }

  get requests(): NonNullable<State["zoneRequests"]> {
    return moreState(this.vehicle, this.model, "vn").zoneRequests ?? [];
  }

  get statuses(): readonly string[] {
    return this.requests.map(({ requestStatus }) => requestStatus);
  }

  get errors(): readonly string[] {
    return moreState(this.vehicle, this.model, "vn").errors.map(
      (one) => `${one.errorLevel} ${one.errorType}`,
    );
  }

  get isIn(): boolean {
    const outline = zoneSet("STOP").zoneSet.zones[0]?.vertices.map(({ x, y }) => ({ xM: x, yM: y })) ?? [];
    const { mapToSite } = model.frames.vn;
    return reachesOver(outline, toMapFrame(mapToSite, this.vehicle.pose), model);
  }

  get isAtEnd(): boolean {
    const { order, alongM } = this.vehicle;
    return order !== undefined && alongM >= (order.route.nodeAtM.at(-1) ?? 0) - 0.01;
  }

  answer(grantType: Grant, leaseMs?: number, at = -1): void {
    const requestId = this.requests.at(at)?.requestId ?? "";
    const leaseExpiry =
      leaseMs === undefined ? {} : { leaseExpiry: new Date(this.vehicle.atMs + leaseMs).toISOString() };
    const responses = [{ requestId, grantType, ...leaseExpiry }];
    this.take({ kind: "responses", side: "vn", message: { ...header, responses } });
  }

  /** Lets time pass until it stands before the zone. */
  waitBefore(): void {
    this.runUntil(({ speedMps }) => speedMps > 0);
    this.runUntil(({ speedMps }) => speedMps === 0);
    expect(this.isIn).toBe(false);
    expect(this.isAtEnd).toBe(false);
  }
}

describe("a vehicle and a RELEASE zone on its way", () => {
  it("asks for it, and without an answer stands before it", () => {
    const bench = new ZoneBench();
    bench.waitBefore();
    expect(bench.statuses).toEqual(["REQUESTED"]);
    bench.answer("QUEUED");
    expect(bench.statuses).toEqual(["QUEUED"]);
    bench.run(60_000);
    expect(bench.isIn).toBe(false);
    bench.answer("GRANTED");
    bench.runUntil(() => bench.isIn);
    expect(bench.statuses).toEqual(["GRANTED"]);
    bench.runUntil(() => !bench.isIn);
    bench.run(500);
    expect(bench.requests, "it lists nothing that lies behind it").toEqual([]);
  });

  it("does not slow down for one that it was let into in time", () => {
    const bench = new ZoneBench();
    bench.runUntil(() => bench.requests.length > 0);
    bench.answer("GRANTED", 60_000);
    bench.runUntil(() => bench.isIn);
    expect(bench.vehicle.speedMps).toBeGreaterThan(1.5);
  });

  it("drops a lease that ran out before it, and asks anew under another id", () => {
    const bench = new ZoneBench();
    bench.waitBefore();
    const [first] = bench.requests;
    bench.vehicle = { ...bench.vehicle, pausedBy: ["vn"] };
    bench.answer("GRANTED", 5_000);
    bench.run(6_000);
    expect(bench.statuses).toEqual(["REQUESTED"]);
    expect(bench.requests[0]?.requestId).not.toBe(first?.requestId);
    bench.vehicle = { ...bench.vehicle, pausedBy: [] };
    bench.run(30_000);
    expect(bench.isIn).toBe(false);
  });

  it("stops in it when the lease runs out, keeps that for all to see, and goes on under a new grant", () => {
    const bench = new ZoneBench();
    bench.waitBefore();
    bench.answer("GRANTED", 7_000);
    bench.runUntil(() => bench.isIn);
    bench.runUntil(() => bench.statuses.includes("EXPIRED"));
    bench.run(20_000);
    expect(bench.vehicle.speedMps).toBe(0);
    expect(bench.isIn).toBe(true);
    expect(bench.statuses).toEqual(["EXPIRED", "REQUESTED"]);
    expect(bench.errors).toEqual(["CRITICAL RELEASE_LOST"]);
    bench.answer("GRANTED", 30_000, 0);
    expect(bench.statuses, "what has expired does not come back").toEqual(["EXPIRED", "REQUESTED"]);
    bench.answer("GRANTED", 30_000);
    expect(bench.statuses).toEqual(["GRANTED"]);
    expect(bench.errors).toEqual([]);
    bench.runUntil(() => bench.isAtEnd);
  });

  it("drives on with a lease that is prolonged", () => {
    const bench = new ZoneBench();
    bench.waitBefore();
    bench.answer("GRANTED", 7_000);
    bench.runUntil(() => bench.isIn);
    bench.answer("GRANTED", 60_000);
    bench.runUntil(() => !bench.isIn);
    expect(bench.errors).toEqual([]);
  });

  it("stops when its grant is revoked in there, and before it waits like everybody", () => {
    const inside = new ZoneBench();
    inside.waitBefore();
    inside.answer("GRANTED");
    inside.runUntil(() => inside.isIn);
    inside.answer("REVOKED");
    inside.run(20_000);
    expect(inside.vehicle.speedMps).toBe(0);
    expect(inside.statuses).toEqual(["REVOKED", "REQUESTED"]);

    const before = new ZoneBench();
    before.waitBefore();
    before.vehicle = { ...before.vehicle, pausedBy: ["vn"] };
    before.answer("GRANTED");
    before.answer("REVOKED");
    expect(before.statuses).toEqual(["REQUESTED"]);
  });

  it.each(["CONTINUE", "EVACUATE"] as const)(
    "drives on out of it where the zone says %s, and warns",
    (onLoss) => {
      const bench = new ZoneBench(onLoss);
      bench.waitBefore();
      bench.answer("GRANTED", 7_000);
      bench.runUntil(() => bench.statuses.includes("EXPIRED"));
      expect(bench.errors).toEqual(["WARNING RELEASE_LOST"]);
      bench.runUntil(() => bench.isAtEnd);
    },
  );

  it("asks again for one that it was refused only after a while", () => {
    const bench = new ZoneBench();
    bench.waitBefore();
    bench.answer("REJECTED");
    bench.run(20_000);
    expect(bench.requests).toEqual([]);
    bench.run(15_000);
    expect(bench.statuses).toEqual(["REQUESTED"]);
  });

  it("knows its zones and requests after a restart, and refuses a set of a name that it has", () => {
    const bench = new ZoneBench();
    bench.waitBefore();
    bench.answer("GRANTED", 60_000);
    const back = recall(remember(bench.vehicle), bench.vehicle.atMs);
    expect(back?.zoneWork).toEqual(bench.vehicle.zoneWork);
    bench.take({ kind: "zoneSet", side: "vn", message: zoneSet("CONTINUE") });
    expect(bench.vehicle.refusals.map(({ error }) => error.errorType)).toEqual(["duplicateZoneSet"]);
    expect(bench.vehicle.zoneWork).toEqual(back?.zoneWork);
  });

  it("is never entered without a grant that holds, whatever is answered when", () => {
    const answer = fc.record({
      waitMs: fc.integer({ min: 100, max: 15_000 }),
      grantType: fc.constantFrom<Grant>("GRANTED", "GRANTED", "QUEUED", "REVOKED", "REJECTED"),
      leaseMs: fc.option(fc.integer({ min: 0, max: 12_000 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(answer, { minLength: 3, maxLength: 12 }), (answers) => {
        const bench = new ZoneBench();
        let wasIn = false;
        let wasLet = false;
        const look = (): void => {
          const isLet = bench.statuses.includes("GRANTED");
          // A grant may be lost when it is too late to stop: it is listed then all the same.
          if (bench.isIn && !wasIn) expect(wasLet || isLet || bench.errors.length > 0).toBe(true);
          if (bench.isIn) expect(bench.requests.length).toBeGreaterThan(0);
          wasIn = bench.isIn;
          wasLet = isLet;
        };
        for (const { waitMs, grantType, leaseMs } of answers) {
          bench.run(waitMs, look);
          bench.answer(grantType, grantType === "GRANTED" ? leaseMs : undefined);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe("a vehicle that sleeps", () => {
  it("says nothing, hears nothing but that it is to wake up, and tells both sides when it does", () => {
    const bench = new VehicleBench(vehicleAt(site, "vn", "vn.yard.crane-1"), model);
    bench.ask("vn", instant("startHibernation", "sleep"));
    expect(bench.effects.slice(-3).map(({ kind }) => kind)).toContain("connection");
    expect(bench.status("sleep")).toBe("FINISHED");
    bench.effects.length = 0;
    bench.ask("vn", instant("stateRequest", "state"));
    bench.order(
      "vn",
      orderOn(site, { side: "vn", orderId: "o", nodeIds: ["vn.yard.crane-1", "vn.yard.crane-1.leave"] }),
    );
    bench.run(60_000);
    expect(bench.effects.filter(({ kind }) => kind !== "world")).toEqual([]);
    expect(bench.vehicle.order).toBeUndefined();
    bench.ask("vn", instant("stopHibernation", "wake"));
    expect(bench.effects.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["connection", "report"]));
    bench.order(
      "vn",
      orderOn(site, { side: "vn", orderId: "o", nodeIds: ["vn.yard.crane-1", "vn.yard.crane-1.leave"] }),
    );
    expect(bench.vehicle.order?.orderId).toBe("o");
  });

  it("sleeps neither on its way nor by the word of the side that does not hold it", () => {
    const bench = new ZoneBench();
    bench.ask("vn", instant("startHibernation", "sleep"));
    bench.ask("cn", instant("startHibernation", "theirs"));
    expect([bench.status("sleep"), bench.status("theirs"), bench.vehicle.asleep]).toEqual([
      "FAILED",
      "FAILED",
      false,
    ]);
  });
});

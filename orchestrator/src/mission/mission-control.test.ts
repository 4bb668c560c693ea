import type { VehicleId } from "@baton/fleet-adapter";
import { beforeEach, describe, expect, it } from "vitest";
import { yardOfSite } from "../dispatch/yard-of-site.ts";
import type { LegId } from "../reservation/port.ts";
import { expectDeliveredOnce, parkedSides, waitingIn } from "./testing/deliveries.ts";
import { containerNo, order, siteNamed, TwoSides } from "./testing/two-sides.ts";

let sides: TwoSides;
beforeEach(async () => {
  sides = await parkedSides();
});

describe("a container", () => {
  it("goes from an order in Viet Nam to the ground in China, every step once", async () => {
    await sides.startBoth();
    expect(await sides.control("vn").place(order(1, "vn"))).toMatchObject({ kind: "created" });
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    expectDeliveredOnce(sides, containerNo(1));
    expect(sides.world.count(`scan ${containerNo(1)} cn`)).toBe(0);
    expect(sides.world.standing("vn")).toEqual([]);
    expect(sides.world.standing("cn")).toEqual([]);
    expect(sides.world.vehicles.get("sim.vn-01" as VehicleId)?.authority).toBe("cn");
  });

  it("is not given a vehicle that is marked as failed, and is when that is back at work", async () => {
    await sides.startBoth();
    const ours = sides.control("vn");
    sides.world.failed.vn.add("sim.vn-01" as VehicleId);
    await ours.place(order(1, "vn"));
    const reasonOf = () => ours.reasons().missions.get(waitingIn(sides, "vn")?.missionId ?? "")?.code;
    expect(await sides.run(() => reasonOf() === "no-vehicle")).toBe(true);
    expect(ours.reasons().vehicles.get("sim.vn-01" as VehicleId)?.code).toBe("has-failed");
    sides.world.failed.vn.clear();
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    expectDeliveredOnce(sides, containerNo(1));
  });

  it("comes from China unscanned and is scanned in Viet Nam, after the line", async () => {
    await sides.startBoth();
    await sides.control("cn").place(order(1, "cn"));
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    const box = containerNo(500_001);
    expect(sides.world.count(`scan ${box} cn`)).toBe(0);
    expect(sides.world.count(`scan ${box} vn`)).toBe(1);
    const inbound = sides
      .control("vn")
      .views()
      .find((view) => view.bound === "inbound");
    const order_ = inbound?.timeline.map((entry) => entry.step) ?? [];
    expect(order_.indexOf("scan")).toBeGreaterThan(order_.indexOf("cross"));
  });

  it("frees the line behind it although nobody there saw it leave: its own word is enough", async () => {
    await sides.startBoth();
    sides.world.blind.add("vn");
    await sides.control("vn").place(order(1, "vn"));
    await sides.run(() => sides.world.count("dismiss vn") === 1);
    expect(sides.world.count(`lift ${containerNo(1)} off-vehicle`), "long before it is unloaded").toBe(0);
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    expectDeliveredOnce(sides, containerNo(1));
  });

  it("is delivered on the vehicle that then takes the next one from the same crane", async () => {
    await sides.startBoth();
    await sides.control("vn").place(order(1, "vn"));
    await sides.control("cn").place(order(2, "cn"));
    await sides.control("cn").place(order(3, "cn"));
    expect(await sides.run(() => sides.allDone(6)), sides.statuses().join("\n")).toBe(true);
    const driven = [...sides.world.happened.keys()].filter((what) => what.startsWith("leg park.sim.vn-01"));
    const carried = sides
      .control("cn")
      .views()
      .filter((view) => view.bound === "outbound")
      .map((view) => view.vehicleId);
    expect(new Set(carried)).toEqual(new Set(["sim.vn-01", "sim.cn-01"]));
    // Nobody needed the cranes at which it was unloaded: it never went to a parking place.
    expect(driven).toEqual([]);
  });

  it("that the partner has waiting is promised in the accept, and is what the vehicle carries back, to its home", async () => {
    await sides.startBoth();
    await sides.control("cn").place(order(2, "cn"));
    await sides.control("cn").place(order(3, "cn"));
    // The one vehicle there takes the first; the second waits for the guest.
    await sides.run(
      () =>
        sides
          .control("cn")
          .reasons()
          .missions.get(waitingIn(sides, "cn")?.missionId ?? "")?.code === "no-vehicle",
    );
    const waiting = waitingIn(sides, "cn");
    await sides.control("vn").place(order(1, "vn"));
    const outbound = () =>
      sides
        .control("vn")
        .views()
        .find((view) => view.bound === "outbound");
    await sides.run(() => outbound()?.returnLoad !== undefined);
    expect(outbound()?.returnLoad).toEqual({
      orderId: waiting?.orderId,
      containerNo: waiting?.containerNo,
    });
    expect(await sides.run(() => sides.allDone(6)), sides.statuses().join("\n")).toBe(true);
    expect(sides.control("cn").view(waiting?.missionId ?? "")?.vehicleId).toBe("sim.vn-01");
    const back = [...sides.world.conversations.values()].find(
      ({ offer }) => offer.vehicleId === "sim.vn-01" && offer.direction === "import",
    );
    expect(back?.offer).toMatchObject({ vehicleHome: "vn", returnLoadWanted: false });
    const there = [...sides.world.conversations.values()].find(({ offer }) => offer.direction === "export");
    expect(there?.offer).toMatchObject({ vehicleHome: "vn", returnLoadWanted: true });
    expect(there?.offer.returnByMs).toBe((there?.offer.etaMs ?? 0) + 14_400_000);
  });

  it("is offered with its vehicle's home, also by a side that was away since the guest came", async () => {
    await sides.startBoth();
    await sides.control("vn").place(order(1, "vn"));
    expect(await sides.run(() => sides.allDone(2))).toBe(true);
    sides.kill("cn");
    sides.world.vehicles.delete("sim.cn-01" as VehicleId);
    await sides.start("cn");
    await sides.control("cn").place(order(1, "cn"));
    expect(await sides.run(() => sides.allDone(4)), sides.statuses().join("\n")).toBe(true);
    const back = [...sides.world.conversations.values()].find(({ offer }) => offer.direction === "import");
    expect(back?.offer).toMatchObject({ vehicleId: "sim.vn-01", vehicleHome: "vn" });
  });
});

describe("a vehicle at the line", () => {
  it("is asked where it is as soon as it has a place on the taker's ground: it tells of itself seldom while it stands", async () => {
    await sides.startBoth();
    await sides.control("vn").place(order(1, "vn"));
    expect(sides.world.count("stateRequest sim.vn-01 cn")).toBe(0);
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    expect(sides.world.count("stateRequest sim.vn-01 cn")).toBe(1);
  });
});

describe("a yard with a queue before its cranes", () => {
  it("brings an inbound container to the head of the queue first, and holds a crane for it only from there", async () => {
    const site = await siteNamed("1119-1120");
    const yards = { vn: yardOfSite(site, "vn"), cn: yardOfSite(site, "cn") };
    sides = await TwoSides.create((ground) => ({ ...ground, site, yards }));
    sides.world.park("sim.vn-01", "vn", "vn.parking-1");
    await sides.startBoth();
    await sides.control("vn").place(order(1, "vn"));
    const legs = () => [...sides.world.legs.cn.values()].map(({ request }) => request);
    const toQueue = () => legs().find(({ legId }) => legId.endsWith(".drive-to-yard"));
    expect(await sides.run(() => toQueue() !== undefined), sides.statuses().join("\n")).toBe(true);
    expect(toQueue()).toMatchObject({ toNodeId: yards.cn.craneQueues.get(1)?.nodeId, actionsAtEnd: [] });
    // Every crane of the yard may be had meanwhile.
    expect((await sides.stores.cn.load()).missions.map(({ context }) => context.places.crane)).toEqual([
      undefined,
    ]);
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    const toCrane = sides.world.legs.cn.get(`${toQueue()?.legId.split(".")[0]}.unload` as LegId);
    expect(toCrane?.request.actionsAtEnd.map(({ kind }) => kind)).toEqual(["drop"]);
  });
});

describe("a priority that is changed", () => {
  it("is the mission's from then on, in its legs under way too, also after a restart", async () => {
    await sides.startBoth();
    const placed = await sides.control("vn").place(order(1, "vn"));
    if (placed.kind !== "created") throw new Error("the order was not taken");
    const legs = () =>
      [...sides.world.legs.vn.values()].filter(({ request }) => request.legId.startsWith(placed.missionId));
    await sides.run(() => legs().some((leg) => !leg.completed));
    const [leg] = legs();
    expect(await sides.control("vn").prioritise(placed.missionId, 7)).toBe("prioritised");
    expect([...sides.world.prioritised]).toEqual([[leg?.request.legId, 7]]);
    sides.kill("vn");
    sides.world.legs.vn.clear();
    await sides.start("vn");
    await sides.settle();
    expect(legs().map(({ request }) => request.priority)).toEqual([7]);
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    expect(legs().every(({ request }) => request.priority === 7)).toBe(true);
    expect(await sides.control("vn").prioritise(placed.missionId, 1)).toBe("over");
    expect(await sides.control("vn").prioritise("m-none", 1)).toBe("unknown");
  });
});

describe("an order", () => {
  it("posted twice is one mission", async () => {
    await sides.startBoth();
    const first = await sides.control("vn").place(order(1, "vn"));
    const second = await sides.control("vn").place(order(1, "vn"));
    expect(first.kind).toBe("created");
    expect(second).toEqual({ kind: "exists", missionId: first.kind === "created" ? first.missionId : "" });
    expect(sides.control("vn").views()).toHaveLength(1);
  });

  it.each([
    ["with an impossible container number", { containerNo: "CSQU3054384" }, "order.container-invalid"],
    ["for the other direction", { direction: "import" as const }, "order.not-outbound"],
  ])("%s is refused", async (_title, change, code) => {
    await sides.startBoth();
    expect(await sides.control("vn").place({ ...order(1, "vn"), ...change })).toMatchObject({
      kind: "refused",
      code,
    });
    expect(sides.control("vn").views()).toEqual([]);
  });

  it("for a container that is on its way already is refused", async () => {
    await sides.startBoth();
    await sides.control("vn").place(order(1, "vn"));
    const again = await sides.control("vn").place({ ...order(1, "vn"), orderId: "another" });
    expect(again).toMatchObject({ kind: "refused", code: "order.container-busy" });
  });
});

/** Both sides open at the same hours of UTC every day; the tests begin on 22 November 2026, 00:00. */

describe("a partner without room", () => {
  it("is offered the vehicle again, later and under a new id, and nothing is held", async () => {
    await sides.startBoth();
    // Every parking place in China is needed for vehicles that stand there.
    for (const station of sides.world.yards.cn.stations) {
      if (station.stationId === "cn.parking-1") continue;
      if (station.kind === "parking" || station.kind === "charger")
        sides.world.park(`sim.cn-${station.stationId}`, "cn", station.stationId);
    }
    await sides.control("vn").place(order(1, "vn"));
    expect(await sides.run(() => sides.world.count("decline no-room") >= 3)).toBe(true);
    expect(sides.control("vn").views()[0]).toMatchObject({ status: "running", step: "offer" });
    expect(sides.world.conversations.size).toBeGreaterThanOrEqual(3);
    const [gone] = [...sides.world.vehicles.keys()].filter((vehicleId) => vehicleId.startsWith("sim.cn-cn"));
    if (gone !== undefined) sides.world.vehicles.delete(gone);
    const [alsoGone] = [...sides.world.vehicles.keys()].filter((vehicleId) =>
      vehicleId.startsWith("sim.cn-cn"),
    );
    if (alsoGone !== undefined) sides.world.vehicles.delete(alsoGone);
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
  });
});

describe("an adopted mission", () => {
  it("begins where a person says it stands, with that person in the record", async () => {
    sides.world.park("sim.vn-02", "vn", "vn.buffer-out-1");
    sides.world.vehicles.get("sim.vn-02" as VehicleId)?.loadIds.push(containerNo(7));
    await sides.startBoth();
    const request = {
      order: order(7, "vn"),
      vehicleId: "sim.vn-02",
      atStationId: "vn.buffer-out-1",
      step: "verdict",
      account: "demo",
    } as const;
    expect(await sides.control("vn").adopt(request)).toMatchObject({ kind: "created" });
    expect(await sides.control("vn").adopt(request)).toMatchObject({ kind: "exists" });
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    expect(sides.world.count(`lift ${containerNo(7)} onto-vehicle`)).toBe(0);
    expect(sides.world.count(`lift ${containerNo(7)} off-vehicle`)).toBe(1);
  });

  it("is refused for a vehicle that does not carry the container", async () => {
    sides.world.park("sim.vn-02", "vn", "vn.buffer-out-1");
    await sides.startBoth();
    const request = {
      order: order(7, "vn"),
      vehicleId: "sim.vn-02",
      atStationId: "vn.buffer-out-1",
      step: "verdict",
      account: "demo",
    } as const;
    expect(await sides.control("vn").adopt(request)).toMatchObject({
      kind: "refused",
      code: "adopt.not-loaded",
    });
  });
});

describe("a vehicle seen for the first time", () => {
  it("at no known stop is an alarm, and is never assumed away", async () => {
    const vehicle = sides.world.vehicles.get("sim.vn-01" as VehicleId);
    if (vehicle !== undefined) vehicle.astray = { xM: -300, yM: 400, headingRad: 0 };
    await sides.startBoth();
    expect(sides.world.standing("vn")).toMatchObject([{ code: "vehicle.unplaced", vehicleId: "sim.vn-01" }]);
    expect(sides.world.admitted.vn.has("sim.vn-01" as VehicleId)).toBe(false);
  });
});

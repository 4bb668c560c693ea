import type { VehicleId } from "@baton/fleet-adapter";
import type { DeviceId } from "@baton/maps";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { yardOfSite } from "../dispatch/yard-of-site.ts";
import type { DeviceTaskKind } from "../gate/port.ts";
import type { LegId } from "../reservation/port.ts";
import { memoryMissionStore } from "./memory-mission-store.ts";
import type { MissionStore } from "./store.ts";
import { goodResult } from "./testing/fake-world.ts";
import { containerNo, order, siteNamed, TwoSides } from "./testing/two-sides.ts";

let sides: TwoSides;
beforeEach(async () => {
  sides = await TwoSides.create();
  sides.world.park("sim.vn-01", "vn", "vn.parking-1");
  sides.world.park("sim.cn-01", "cn", "cn.parking-1");
});

/** What must have happened once for a container that went from Viet Nam to China. */
const onceEach = (box: string): readonly string[] => [
  `register-order ${box} vn`,
  `admit-truck ${box} vn`,
  `lift ${box} onto-vehicle`,
  `arm-seal ${box} vn`,
  `weigh ${box} vn`,
  `scan ${box} vn`,
  `judge-scan ${box} vn`,
  `quarantine ${box} vn`,
  `decide ${box} vn`,
  `close-order ${box} vn`,
  `lift ${box} off-vehicle`,
  `close-order ${box} cn`,
  "dismiss vn",
];

function expectDeliveredOnce(box: string): void {
  for (const what of onceEach(box)) expect(sides.world.count(what), what).toBe(1);
  for (const kind of ["receipt", "switch"]) {
    const times = [...sides.world.happened].filter(([what]) => what.startsWith(kind));
    expect(
      times.map(([, count]) => count),
      kind,
    ).toEqual([1]);
  }
}

/** The outbound mission of a side whose truck is in and that has no vehicle. */
const waitingIn = (side: "vn" | "cn") =>
  sides
    .control(side)
    .views()
    .find((view) => view.step === "assign-vehicle");

describe("a container", () => {
  it("goes from an order in Viet Nam to the ground in China, every step once", async () => {
    await sides.startBoth();
    expect(await sides.control("vn").place(order(1, "vn"))).toMatchObject({ kind: "created" });
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    expectDeliveredOnce(containerNo(1));
    expect(sides.world.count(`scan ${containerNo(1)} cn`)).toBe(0);
    expect(sides.world.standing("vn")).toEqual([]);
    expect(sides.world.standing("cn")).toEqual([]);
    expect(sides.world.vehicles.get("sim.vn-01" as VehicleId)?.authority).toBe("cn");
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
    expectDeliveredOnce(containerNo(1));
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
          .missions.get(waitingIn("cn")?.missionId ?? "")?.code === "no-vehicle",
    );
    const waiting = waitingIn("cn");
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
    expect(toQueue()).toMatchObject({ toNodeId: yards.cn.craneQueue?.nodeId, actionsAtEnd: [] });
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
const opensAt = (...openings: readonly { readonly from: string; readonly to: string }[]) =>
  TwoSides.create((ground) => {
    const calendar = [0, 1, 2, 3, 4, 5, 6].flatMap((weekday) =>
      openings.map((opening) => ({ weekday, ...opening })),
    );
    const { vn, cn } = ground.site.file.sides;
    const hours = { calendar, utcOffsetMinutes: 0 };
    const sides_ = { vn: { ...vn, ...hours }, cn: { ...cn, ...hours } };
    return { ...ground, site: { ...ground.site, file: { ...ground.site.file, sides: sides_ } } };
  });

describe("a border that is closed", () => {
  it("gives an order the first slot of the next opening, and calls its truck an hour before, not earlier", async () => {
    sides = await opensAt({ from: "02:30", to: "12:00" });
    sides.world.park("sim.vn-01", "vn", "vn.parking-1");
    await sides.startBoth();
    const placed = await sides.control("vn").place(order(1, "vn"));
    const missionId = placed.kind === "created" ? placed.missionId : "";
    const opensMs = Date.parse("2026-11-22T02:30:00Z");
    expect(sides.control("vn").view(missionId)?.slot).toEqual({
      fromMs: Date.parse("2026-11-22T02:00:00Z"),
      toMs: Date.parse("2026-11-22T03:00:00Z"),
    });
    const why = () => sides.control("vn").reasons().missions.get(missionId);
    await sides.run(() => why()?.code === "waits-for-slot", { maxSeconds: 60 });
    expect(why()?.facts).toEqual({ untilMs: Date.parse("2026-11-22T01:00:00Z") });
    await sides.run(() => why()?.code === "border-closed", { maxSeconds: 4_000 });
    expect(why()?.facts).toEqual({ line: "closed", untilMs: opensMs });
    expect(sides.world.count(`admit-truck ${containerNo(1)} vn`)).toBe(0);
    expect(await sides.run(() => sides.allDone(2), { maxSeconds: 9_000 }), sides.statuses().join("\n")).toBe(
      true,
    );
    expect(sides.clock.nowMs()).toBeGreaterThan(opensMs);
  });

  it("takes no vehicle over the line that would arrive after closing", async () => {
    sides = await opensAt({ from: "00:00", to: "01:00" }, { from: "02:00", to: "24:00" });
    sides.world.park("sim.vn-01", "vn", "vn.parking-1");
    await sides.startBoth();
    const good = sides.world.answer;
    // Customs take their time, until after the border has closed.
    const closesMs = Date.parse("2026-11-22T01:00:00Z");
    let asked: Parameters<typeof good>[0] | undefined;
    sides.world.answer = (job) => {
      if (job.task.kind !== "decide" || sides.clock.nowMs() >= closesMs) return good(job);
      asked = job;
      return undefined;
    };
    await sides.control("vn").place(order(1, "vn"));
    await sides.run(() => asked !== undefined);
    await sides.run(() => sides.control("vn").views()[0]?.status === "held", { maxSeconds: 7_000 });
    const missionId = sides.control("vn").views()[0]?.missionId ?? "";
    await sides.run(() => sides.clock.nowMs() >= closesMs, { maxSeconds: 7_000 });
    await sides.control("vn").resume(missionId, "operator-1", "retry");
    expect(await sides.run(() => sides.world.count("decline border-closed") >= 2)).toBe(true);
    expect(sides.control("vn").view(missionId)).toMatchObject({ status: "running", step: "offer" });
    expect(await sides.run(() => sides.allDone(2), { maxSeconds: 7_000 }), sides.statuses().join("\n")).toBe(
      true,
    );
    expect(sides.clock.nowMs()).toBeGreaterThan(Date.parse("2026-11-22T02:00:00Z") - 200_000);
  });
});

describe("a device that fails", () => {
  /** Fails every job of a kind on one side until told to behave. */
  const breakDevice = (
    kind: DeviceTaskKind,
    side: string,
    how: "failed" | "silent" | "declined" = "failed",
  ) => {
    let broken = true;
    const good = sides.world.answer;
    sides.world.answer = (job) => {
      if (!broken || job.task.kind !== kind || !job.deviceId.startsWith(side)) return good(job);
      return how === "silent" ? undefined : { status: "failed", code: "broken", detail: "it is broken" };
    };
    return () => {
      broken = false;
    };
  };

  const atVn: readonly DeviceTaskKind[] = [
    "register-order",
    "admit-truck",
    "lift",
    "arm-seal",
    "identify",
    "weigh",
    "scan",
    "judge-scan",
    "quarantine",
    "decide",
    "guard-check",
    "close-order",
  ];
  it.each(atVn)("at %s holds the mission until an operator resumes it", async (kind) => {
    await sides.startBoth();
    const repair = breakDevice(kind, "vn");
    const placed = await sides.control("vn").place(order(1, "vn"));
    const missionId = placed.kind === "created" ? placed.missionId : "";
    const isHeld = () => sides.control("vn").view(missionId)?.status === "held";
    expect(await sides.run(isHeld), sides.statuses().join("\n")).toBe(true);
    expect(sides.control("vn").view(missionId)?.held?.code).toBe("device-failed");
    expect(sides.world.standing("vn")).toMatchObject([{ code: "mission.held", missionId }]);
    repair();
    expect(await sides.control("vn").resume(missionId, "operator-1", "override")).toBe("not-possible");
    expect(await sides.control("vn").resume(missionId, "operator-1", "retry")).toBe("resumed");
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    expect(sides.world.standing("vn")).toEqual([]);
    expectDeliveredOnce(containerNo(1));
  });

  it.each(["identify", "guard-check", "lift", "close-order"] as const)(
    "at %s on the inbound side holds the mission there",
    async (kind) => {
      await sides.startBoth();
      const repair = breakDevice(kind, "cn");
      await sides.control("vn").place(order(1, "vn"));
      const held = () =>
        sides
          .control("cn")
          .views()
          .find((view) => view.status === "held");
      expect(await sides.run(() => held() !== undefined), sides.statuses().join("\n")).toBe(true);
      repair();
      expect(await sides.control("cn").resume(held()?.missionId ?? "", "operator-1", "retry")).toBe(
        "resumed",
      );
      expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
      expectDeliveredOnce(containerNo(1));
    },
  );

  it("and keeps silent is held by its deadline", async () => {
    await sides.startBoth();
    const repair = breakDevice("quarantine", "vn", "silent");
    await sides.control("vn").place(order(1, "vn"));
    const held = () =>
      sides
        .control("vn")
        .views()
        .find((view) => view.status === "held");
    expect(await sides.run(() => held() !== undefined)).toBe(true);
    expect(held()?.held?.code).toBe("device-silent");
    repair();
    await sides.control("vn").resume(held()?.missionId ?? "", "operator-1", "retry");
    expect(await sides.run(() => sides.allDone(2))).toBe(true);
  });

  it("once is asked once more without a person, where the procedure says so", async () => {
    await sides.startBoth();
    let failures = 0;
    const good = sides.world.answer;
    sides.world.answer = (job) =>
      job.task.kind === "scan" && failures++ === 0 ? { status: "failed", code: "x", detail: "" } : good(job);
    await sides.control("vn").place(order(1, "vn"));
    expect(await sides.run(() => sides.allDone(2))).toBe(true);
    expect(failures).toBe(2);
  });
});

describe("a mismatch", () => {
  it("of the weight is held, and a named account may accept it", async () => {
    await sides.startBoth();
    const good = sides.world.answer;
    sides.world.answer = (job) =>
      job.task.kind === "weigh"
        ? { status: "done", result: { kind: "weigh", grossKg: 29_000, scaleClass: "5" } }
        : good(job);
    await sides.control("vn").place(order(1, "vn"));
    const view = () => sides.control("vn").views()[0];
    expect(await sides.run(() => view()?.status === "held")).toBe(true);
    expect(view()?.held?.code).toBe("weight-mismatch");
    // The container passed the scanner while the mission was held, and was scanned all the same.
    await sides.run(() => sides.world.count(`scan ${containerNo(1)} vn`) === 1, { maxSeconds: 60 });
    expect(sides.world.count(`scan ${containerNo(1)} vn`)).toBe(1);
    expect(await sides.control("vn").resume(view()?.missionId ?? "", "supervisor-1", "override")).toBe(
      "resumed",
    );
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    expect(view()?.timeline.find((entry) => entry.step === "weigh")?.evidence).toContain("supervisor-1");
  });

  it("at the portal stops the vehicle there", async () => {
    await sides.startBoth();
    const good = sides.world.answer;
    sides.world.answer = (job) => {
      const outcome = good(job);
      if (job.task.kind !== "identify" || outcome?.status !== "done" || outcome.result.kind !== "identify")
        return outcome;
      return { ...outcome, result: { ...outcome.result, containerNo: "CSQU3054383" } };
    };
    await sides.control("vn").place(order(1, "vn"));
    const view = () => sides.control("vn").views()[0];
    expect(await sides.run(() => view()?.status === "held")).toBe(true);
    expect(view()?.held?.code).toBe("container-mismatch");
    await sides.run(() => false, { maxSeconds: 30 });
    expect(sides.world.vehicles.get("sim.vn-01" as VehicleId)?.nodeId).toBe("vn.out.portal");
  });
});

describe("a vehicle", () => {
  it("is not sent through a scanner that is away, which is an alarm, and goes on when the scanner is back", async () => {
    await sides.startBoth();
    const scanner = "vn.scanner-out" as DeviceId;
    sides.world.sayAvailability("vn", scanner, false);
    await sides.control("vn").place(order(1, "vn"));
    const view = () => sides.control("vn").views()[0];
    expect(await sides.run(() => view()?.step === "identify")).toBe(true);
    await sides.run(() => false, { maxSeconds: 600 });
    expect(view()).toMatchObject({ step: "identify", status: "running" });
    expect(sides.world.vehicles.get("sim.vn-01" as VehicleId)?.nodeId).toBe("vn.out.portal");
    expect([...sides.world.alarms.vn.keys()]).toContain("device.offline:vn.scanner-out");
    sides.world.sayAvailability("vn", scanner, true);
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    expectDeliveredOnce(containerNo(1));
    expect([...sides.world.alarms.vn.keys()]).not.toContain("device.offline:vn.scanner-out");
  });
});

describe("a suspect scan", () => {
  it("goes to inspection even when customs says release, and crosses when two officers released it", async () => {
    await sides.startBoth();
    const good = sides.world.answer;
    sides.world.answer = (job) =>
      job.task.kind === "judge-scan"
        ? { status: "done", result: { kind: "judge-scan", verdict: "suspect", account: "analyst-1" } }
        : good(job);
    await sides.control("vn").place(order(1, "vn"));
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    expect(sides.world.count(`inspect ${containerNo(1)} vn`)).toBe(1);
  });

  it("leaves its bay for a dock, and waits in the bay as long as every dock is taken", async () => {
    await sides.startBoth();
    sides.world.answer = (job) => {
      if (job.task.kind === "judge-scan")
        return { status: "done", result: { kind: "judge-scan", verdict: "suspect", account: "analyst-1" } };
      // Nobody comes to open it.
      return job.task.kind === "inspect" ? undefined : { status: "done", result: goodResult(job) };
    };
    const docks = sides.world.yards.vn.stations.filter((one) => one.kind === "inspection-dock");
    for (const [i, { stationId }] of docks.entries())
      sides.world.park(`sim.in-the-way-${i}`, "vn", stationId);
    await sides.control("vn").place(order(1, "vn"));
    const kept = async () => (await sides.stores.vn.load()).missions[0]?.context;
    const vehicle = () => sides.world.vehicles.get("sim.vn-01" as VehicleId);
    expect(await sides.run(() => sides.control("vn").views()[0]?.step === "inspection")).toBe(true);
    await sides.run(() => false, { maxSeconds: 60 });
    expect((await kept())?.places.dock).toBeUndefined();
    expect(vehicle()?.nodeId).toBe((await kept())?.places.buffer?.nodeId);
    sides.world.vehicles.delete("sim.in-the-way-0" as VehicleId);
    await sides.run(() => false, { maxSeconds: 60 });
    expect(vehicle()?.nodeId).toBe(docks[0]?.nodeId);
    expect(sides.control("vn").reasons().missions.size).toBe(0);
  });

  const givenBack = async () => {
    await sides.startBoth();
    sides.world.answer = (job) => {
      if (job.task.kind === "judge-scan")
        return { status: "done", result: { kind: "judge-scan", verdict: "suspect", account: "analyst-1" } };
      if (job.task.kind === "inspect")
        return {
          status: "done",
          result: { kind: "inspect", outcome: "return", officers: ["a", "b"], newSealNo: "" },
        };
      return { status: "done", result: goodResult(job) };
    };
    await sides.control("vn").place(order(1, "vn"));
    expect(await sides.run(() => sides.control("vn").views()[0]?.status === "returned")).toBe(true);
    expect(sides.world.conversations.size).toBe(0);
    expect(sides.world.standing("vn")).toMatchObject([{ code: "mission.returned" }]);
  };
  const isBack = (): boolean => sides.control("vn").views()[1]?.status === "done";

  it("is given back when the inspection says so: brought to the yard and lifted off there, and the alarm is over", async () => {
    await givenBack();
    expect(await sides.run(isBack), sides.statuses().join("\n")).toBe(true);
    expect(sides.control("vn").views()).toHaveLength(2);
    expect(sides.world.count(`lift ${containerNo(1)} off-vehicle`)).toBe(1);
    expect(sides.world.vehicles.get("sim.vn-01" as VehicleId)?.loadIds).toEqual([]);
    await sides.settle();
    expect(sides.world.standing("vn")).toEqual([]);
    // Its vehicle is free for the next one.
    await sides.control("vn").place(order(2, "vn"));
    await sides.run(() => sides.control("vn").views()[2]?.status === "returned");
    expect(sides.control("vn").views()[2]?.vehicleId).toBe("sim.vn-01");
  });

  it("is brought back once, also when the process is killed right after it was given back", async () => {
    await givenBack();
    sides.kill("vn");
    await sides.start("vn");
    expect(await sides.run(isBack), sides.statuses().join("\n")).toBe(true);
    sides.kill("vn");
    await sides.start("vn");
    await sides.run(() => false, { maxSeconds: 30 });
    expect(
      sides
        .control("vn")
        .views()
        .map(({ status }) => status),
    ).toEqual(["returned", "done"]);
  });
});

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

describe("a fleet after a restart", () => {
  const nodeAt = (stationId: string) =>
    yardOfSite(sides.site, "vn").stations.find((station) => station.stationId === stationId)?.nodeId;
  const legsTo = (nodeId: string | undefined): readonly string[] =>
    [...sides.world.legs.vn.values()].flatMap(({ request }) =>
      request.toNodeId === nodeId ? [request.vehicleId] : [],
    );
  const missing = "sim.vn-02" as VehicleId;
  const wayStands = () => sides.world.legs.vn.size;
  const pass = (seconds: number) => sides.run(() => false, { maxSeconds: seconds });

  /** Both vehicles were admitted, the side went down, and one of them is not connected when it comes back. */
  async function comeBackWithout(vehicleId: VehicleId): Promise<void> {
    sides.world.park("sim.vn-02", "vn", "vn.parking-2");
    await sides.startBoth();
    await pass(10);
    expect([...sides.world.admitted.vn.keys()].sort()).toEqual(["sim.vn-01", "sim.vn-02"]);
    sides.kill("vn");
    sides.world.mute.add(vehicleId);
    await sides.start("vn");
  }

  it("is sent nowhere until each vehicle that the ledger knows was heard, and says whom it waits for", async () => {
    await comeBackWithout(missing);
    await sides.control("vn").place(order(1, "vn"));
    const before = wayStands();
    await pass(20);
    expect(wayStands()).toBe(before);
    expect([...sides.control("vn").reasons().missions.values()]).toEqual([
      { code: "fleet-unheard", facts: { count: 1, vehicleIds: missing } },
    ]);
    sides.world.mute.delete(missing);
    await pass(20);
    expect(wayStands()).toBeGreaterThan(before);
    expect(sides.world.standing("vn")).toEqual([]);
  });

  it("is led on without a vehicle that stays away, which has an alarm, and whose place nobody is given", async () => {
    await comeBackWithout(missing);
    // The only one that could be sent is to be elsewhere when it has unloaded: every other place to wait is taken.
    const { stations } = yardOfSite(sides.site, "vn");
    const placesToWait = stations.filter(({ kind }) => kind === "parking" || kind === "charger");
    await sides.control("vn").place(order(1, "vn"));
    await sides.control("cn").place(order(2, "cn"));
    expect(await sides.run(() => sides.allDone(4), { maxSeconds: 7_200 }), sides.statuses().join("\n")).toBe(
      true,
    );
    await pass(60);
    expect(placesToWait.length).toBeGreaterThan(1);
    expect(sides.world.standing("vn")).toMatchObject([{ code: "vehicle.unheard", vehicleId: missing }]);
    expect(legsTo(nodeAt("vn.parking-2"))).toEqual([]);
    expect(sides.control("vn").reasons().vehicles.get(missing)).toEqual({ code: "unheard" });
    sides.world.mute.delete(missing);
    await pass(5);
    expect(sides.world.standing("vn")).toEqual([]);
  });

  it("does without a vehicle that a person has vouched away", async () => {
    await comeBackWithout(missing);
    sides.world.admitted.vn.delete(missing);
    await sides.control("vn").place(order(1, "vn"));
    const before = wayStands();
    await pass(10);
    expect(wayStands()).toBeGreaterThan(before);
    expect(sides.world.standing("vn")).toEqual([]);
  });
});

/** Breaks off after a number of writes: the process is gone before, or just after, the store has taken the next one. */
function breaking(
  store: MissionStore,
  at: number,
  when: "before" | "after",
  onBreak: () => void,
): MissionStore {
  let writes = 0;
  let broken = false;
  const guard = async <T>(write: () => Promise<T>): Promise<T> => {
    if (broken) return new Promise<T>(() => {});
    if (writes++ < at) return write();
    broken = true;
    if (when === "after") await write();
    onBreak();
    return new Promise<T>(() => {});
  };
  return {
    load: () => store.load(),
    create: (context, orderId) => guard(() => store.create(context, orderId)),
    save: (mission) => guard(() => store.save(mission)),
    saveIdleMove: (move) => guard(() => store.saveIdleMove(move)),
    saveClosure: (closure) => guard(() => store.saveClosure(closure)),
    removeClosure: (stationId) => guard(() => store.removeClosure(stationId)),
    remove: (missionIds) => store.remove(missionIds),
  };
}

describe("a process that is killed at any write", () => {
  /** Whether there was a write of that number to break off at. */
  const crashes = async (side: "vn" | "cn", at: number, when: "before" | "after"): Promise<boolean> => {
    sides = await TwoSides.create();
    sides.world.park("sim.vn-01", "vn", "vn.parking-1");
    let broke = false;
    let crashed = false;
    sides.stores[side] = memoryMissionStore();
    await sides.start(side === "vn" ? "cn" : "vn");
    await sides.start(
      side,
      breaking(sides.stores[side], at, when, () => {
        broke = true;
      }),
    );
    const placing = sides.control("vn").place(order(1, "vn"));
    placing.catch(() => {});
    const settleUnlessBroken = sides.settle.bind(sides);
    sides.settle = async () => {
      // A broken process never settles.
      for (;;) {
        if (broke) {
          sides.kill(side);
          broke = false;
          crashed = true;
          await sides.start(side);
          if (side === "vn") await sides.control("vn").place(order(1, "vn"));
        }
        const settled = await Promise.race([settleUnlessBroken().then(() => true), untilBroken(() => broke)]);
        if (settled && !broke) return;
      }
    };
    const finished = await sides.run(() => sides.allDone(2));
    expect(finished, `${side} ${when} write ${at}\n${sides.statuses().join("\n")}`).toBe(true);
    expectDeliveredOnce(containerNo(1));
    // Nothing is left that another restart would carry out again: a dismissal, hours later, would be of a new visit.
    await sides.settle();
    const left = (await sides.stores[side].load()).missions.flatMap(({ context }) => context.outbox);
    expect(left, `${side} ${when} write ${at}`).toEqual([]);
    return crashed;
  };

  const untilBroken = (isBroken: () => boolean): Promise<false> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (isBroken()) resolve(false);
        else setImmediate(look);
      };
      setImmediate(look);
    });

  it.each([
    ["vn", "before"],
    ["vn", "after"],
    ["cn", "before"],
    ["cn", "after"],
  ] as const)("in %s, %s the store has it, loses and doubles nothing", async (side, when) => {
    let at = 0;
    while (await crashes(side, at, when)) at++;
    // Both missions are written dozens of times; each of these writes was the last one once.
    expect(at).toBeGreaterThan(side === "vn" ? 30 : 15);
  });
});

describe("a process that is killed as a mission ends", () => {
  it("confirms after its restart what it has taken back, and does not do so again", async () => {
    const inner = sides.stores.vn;
    let gone = false;
    let unconfirmed: readonly string[] = [];
    const endsWithTheMission: MissionStore = {
      ...inner,
      save: async (mission) => {
        const outcome = await inner.save(mission);
        if (mission.context.status !== "returned") return outcome;
        unconfirmed = mission.context.outbox.map((effect) => effect.kind);
        gone = true;
        return new Promise(() => {});
      },
    };
    await sides.start("cn");
    await sides.start("vn", endsWithTheMission);
    const good = sides.world.answer;
    sides.world.answer = (job) =>
      job.task.kind === "guard-check" && job.deviceId.startsWith("vn")
        ? { status: "failed", code: "x", detail: "" }
        : good(job);
    await sides.control("vn").place(order(1, "vn"));
    const held = () =>
      sides
        .control("vn")
        .views()
        .find((view) => view.status === "held");
    expect(await sides.run(() => held() !== undefined)).toBe(true);
    void sides
      .control("vn")
      .resume(held()?.missionId ?? "", "operator-1", "return")
      .catch(() => {});
    await vi.waitFor(() => expect(gone).toBe(true));
    expect(unconfirmed).toContain("withdrawHandoff");
    sides.kill("vn");
    await sides.start("vn");
    await sides.settle();
    const [left] = (await inner.load()).missions;
    // To go on from the gate is said again until the leg has ended.
    expect(left?.context.outbox.map((effect) => effect.kind)).toEqual(["proceed", "raiseAlarm"]);
    const inbound = () => sides.control("cn").views()[0];
    expect(await sides.run(() => inbound()?.status === "returned"), sides.statuses().join("\n")).toBe(true);
  });
});

describe("a vehicle that has left", () => {
  it("leaves no leg behind that a restart would ask for again, for when it comes back", async () => {
    const inner = sides.stores.vn;
    let timesGone = 0;
    const stale: string[] = [];
    await sides.start("cn");
    await sides.start("vn", {
      ...inner,
      save: (mission) => {
        const { bound, clearOfGround, outbox, step } = mission.context;
        if (bound === "outbound" && clearOfGround) {
          timesGone++;
          if (outbox.some(({ kind }) => kind === "requestLeg")) stale.push(step);
        }
        return inner.save(mission);
      },
    });
    await sides.control("vn").place(order(1, "vn"));
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    expect(timesGone).toBeGreaterThan(0);
    expect(stale).toEqual([]);
  });
});

describe("the circulation over both sides", () => {
  it("never locks: whatever the orders and the order of events, every mission ends", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("vn" as const, "cn" as const), { minLength: 4, maxLength: 10 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
        fc.infiniteStream(fc.nat(1_000)),
        async (from, vnVehicles, cnVehicles, numbers) => {
          sides = await TwoSides.create();
          for (let i = 1; i <= vnVehicles; i++) sides.world.park(`sim.vn-0${i}`, "vn", `vn.parking-${i}`);
          for (let i = 1; i <= cnVehicles; i++) sides.world.park(`sim.cn-0${i}`, "cn", `cn.parking-${i}`);
          await sides.startBoth();
          // As many each way, so that no side runs out of vehicles.
          const both = from.flatMap((side) => [side, side === "vn" ? ("cn" as const) : ("vn" as const)]);
          for (const [i, side] of both.entries()) await sides.control(side).place(order(i, side));
          const pick = (count: number): number => (numbers.next().value ?? 0) % Math.max(1, count);
          const finished = await sides.run(() => sides.allDone(both.length * 2), {
            maxSeconds: 20_000,
            pick,
          });
          expect(finished, sides.statuses().join("\n")).toBe(true);
        },
      ),
      { numRuns: 5 },
    );
  });
});

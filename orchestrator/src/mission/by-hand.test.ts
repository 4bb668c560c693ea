import type { VehicleId } from "@baton/fleet-adapter";
import type { Site, StationId } from "@baton/maps";
import { beforeEach, describe, expect, it } from "vitest";
import { goodResult } from "./testing/fake-devices.ts";
import { containerNo, order, TwoSides } from "./testing/two-sides.ts";

const HOUR_MS = 3_600_000;
let sides: TwoSides;

beforeEach(async () => {
  sides = await TwoSides.create();
  sides.world.park("sim.vn-01", "vn", "vn.parking-1");
});

const vehicle = () => sides.world.vehicles.get("sim.vn-01" as VehicleId);
/** Nothing leads from the lane out over to the lane in. */
function withoutWayBack(site: Site): Site {
  const { vn: ours } = site.lif;
  const layouts = ours.layouts.map((layout) => ({
    ...layout,
    edges: layout.edges.filter(
      ({ startNodeId, endNodeId }) => !(startNodeId.startsWith("vn.out.") && endNodeId.startsWith("vn.in.")),
    ),
  }));
  return { ...site, lif: { ...site.lif, vn: { ...ours, layouts } } };
}
const vn = () => sides.control("vn");
const first = () => vn().views()[0];
async function place(serial: number): Promise<string> {
  const placed = await vn().place(order(serial, "vn"));
  if (placed.kind !== "created") throw new Error("the order was not taken");
  return placed.missionId;
}

describe("a container called back on its way to the line", () => {
  it("goes to the yard again and is lifted off there, although customs would have let it go", async () => {
    await sides.startBoth();
    const missionId = await place(1);
    await sides.run(() => first()?.step === "offer");
    expect(await vn().recall(missionId, "lan")).toEqual({ kind: "done" });
    expect(vn().view(missionId)?.status).toBe("returned");
    expect(await sides.run(() => vn().views()[1]?.status === "done"), sides.statuses().join("\n")).toBe(true);
    expect(sides.world.count(`lift ${containerNo(1)} off-vehicle`)).toBe(1);
    expect(sides.world.vehicles.get("sim.vn-01" as VehicleId)?.loadIds).toEqual([]);
    expect(await vn().recall(missionId, "lan")).toEqual({ kind: "not-possible", why: "returned at offer" });
  });

  it("is not called back when the partner has it", async () => {
    await sides.startBoth();
    const missionId = await place(1);
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    expect(await vn().recall(missionId, "lan")).toMatchObject({ kind: "not-possible" });
    expect(await vn().recall("m-none", "lan")).toEqual({ kind: "unknown" });
  });

  it.each(["load", "weigh"] as const)("is not called back at %s, and the view says why", async (step) => {
    await sides.startBoth();
    const missionId = await place(1);
    await sides.run(() => first()?.step === step);
    expect(first()?.backBarred).toBe("before-bay");
    expect(first()?.acts ?? []).not.toContain("recall");
    expect(await vn().recall(missionId, "lan")).toEqual({ kind: "not-possible", why: "before-bay" });
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
  });

  /** Whether it stands at the exit gate, waiting for the border guard. */
  const standsAtGate = () => vehicle()?.nodeId === "vn.out.exit-gate";
  const waitsAtGate = async (): Promise<string> => {
    await sides.startBoth();
    sides.world.answer = (job) =>
      job.task.kind === "guard-check" ? undefined : { status: "done", result: goodResult(job) };
    const missionId = await place(1);
    expect(await sides.run(standsAtGate), sides.statuses().join("\n")).toBe(true);
    expect(first()).toMatchObject({ status: "running", step: "guard-exit" });
    return missionId;
  };
  const isBackInYard = () => vn().views()[1]?.status === "done";
  const offers = () => [...sides.world.conversations.values()];

  it.each([false, true])(
    "at the exit gate turns round at the line without the border guard's yes; its offer is withdrawn (killed meanwhile: %s)",
    async (isKilled) => {
      const missionId = await waitsAtGate();
      expect(first()?.acts).toContain("recall");
      expect(await vn().recall(missionId, "lan")).toEqual({ kind: "done" });
      if (isKilled) {
        sides.kill("vn");
        await sides.start("vn");
      }
      expect(await sides.run(isBackInYard), sides.statuses().join("\n")).toBe(true);
      expect(vehicle()).toMatchObject({ authority: "vn", loadIds: [] });
      expect(offers().map(({ done }) => [done.has("withdraw"), done.has("ready")])).toEqual([[true, false]]);
      await sides.settle();
      expect(sides.world.standing("vn")).toEqual([]);
    },
  );

  it("on its way from the bay to the exit gate is let through the gate, and turns round at the line", async () => {
    await sides.startBoth();
    const missionId = await place(1);
    await sides.run(() => first()?.step === "guard-exit");
    expect(standsAtGate()).toBe(false);
    expect(await vn().recall(missionId, "lan")).toEqual({ kind: "done" });
    expect(await sides.run(isBackInYard), sides.statuses().join("\n")).toBe(true);
    expect(sides.world.count(`lift ${containerNo(1)} off-vehicle`)).toBe(1);
  });

  it("when the partner may say `go` any moment is back once its register says that it is ours", async () => {
    await sides.startBoth();
    const missionId = await place(1);
    const isReady = () => offers().some(({ done }) => done.has("ready") && !done.has("go"));
    expect(await sides.run(isReady)).toBe(true);
    await sides.settle();
    expect(first()?.acts).not.toContain("refuse");
    expect(await vn().recall(missionId, "lan")).toEqual({ kind: "done" });
    expect(first()).toMatchObject({ status: "running", backBarred: "asked-back" });
    expect(await vn().recall(missionId, "lan")).toEqual({ kind: "not-possible", why: "asked-back" });
    await sides.run(() => first()?.status !== "running");
    // Which of the two came first is the register's to say.
    const isOurs = vehicle()?.authority === "vn";
    expect(first()?.status).toBe(isOurs ? "returned" : "done");
  });

  it("is not called back from the gate where no way leads back from the line, and the screen is told so", async () => {
    sides = await TwoSides.create((ground) => ({
      ...ground,
      site: withoutWayBack(ground.site),
    }));
    sides.world.park("sim.vn-01", "vn", "vn.parking-1");
    const missionId = await waitsAtGate();
    expect(first()?.backBarred).toBe("no-way-back");
    expect(await vn().recall(missionId, "lan")).toEqual({ kind: "not-possible", why: "no-way-back" });
    expect(await sides.run(() => first()?.status === "held")).toBe(true);
    expect(await vn().resume(missionId, "lan", "return")).toBe("not-possible");
  });
});

describe("another slot", () => {
  it("is given to a container whose truck was not called yet, and its truck comes for that one", async () => {
    sides = await TwoSides.create((ground) => ({
      ...ground,
      procedures: ground.procedures.map((each) =>
        each.slots === undefined ? each : { ...each, slots: { ...each.slots, perSlot: 1, callAheadMs: 0 } },
      ),
    }));
    sides.world.park("sim.vn-01", "vn", "vn.parking-1");
    await sides.startBoth();
    await place(1);
    const missionId = await place(2);
    const before = vn().view(missionId)?.slot;
    if (before === undefined) throw new Error("it has a slot");
    const fromMs = before.fromMs + 2 * HOUR_MS;
    expect(await vn().reslot(missionId, fromMs)).toEqual({ kind: "given", fromMs });
    expect(vn().view(missionId)?.slot?.fromMs).toBe(fromMs);
    await sides.run(() => vn().reasons().missions.get(missionId)?.code === "waits-for-slot", {
      maxSeconds: 60,
    });
    expect(vn().reasons().missions.get(missionId)?.facts).toEqual({ untilMs: fromMs });
    // Back again, since nobody else has taken it.
    expect(await vn().reslot(missionId, before.fromMs)).toEqual({ kind: "given", fromMs: before.fromMs });
  });

  it("is not given once the truck was called", async () => {
    await sides.startBoth();
    const missionId = await place(1);
    await sides.run(() => first()?.step === "load");
    expect(await vn().reslot(missionId, 0)).toMatchObject({ kind: "not-possible" });
    expect(await vn().reslot("m-none", 0)).toEqual({ kind: "unknown" });
  });
});

describe("a vehicle sent by hand", () => {
  it("goes to a charger and charges there, or to a parking place", async () => {
    sides.world.park("sim.vn-02", "vn", "vn.parking-2");
    await sides.startBoth();
    await sides.run(() => false, { maxSeconds: 5 });
    expect(await vn().park("sim.vn-01", "charger")).toEqual({ kind: "done" });
    await sides.settle();
    const leg = [...sides.world.legs.vn.values()].find(({ request }) => request.vehicleId === "sim.vn-01");
    expect(leg?.request.toNodeId).toMatch(/charger/);
    expect(leg?.request.actionsAtEnd.map(({ kind }) => kind)).toEqual(["startCharging"]);
    expect(await vn().park("sim.vn-02", "parking")).toEqual({
      kind: "not-possible",
      why: "it stands there already",
    });
    expect(await vn().park("sim.nobody", "charger")).toEqual({ kind: "vehicle-unknown" });
  });

  it("is not sent away from what it does", async () => {
    await sides.startBoth();
    await place(1);
    await sides.run(() => first()?.step === "load");
    expect(await vn().park("sim.vn-01", "charger")).toEqual({ kind: "not-possible", why: "on-mission" });
  });
});

describe("a station that a person has closed", () => {
  const close = (stationId: string) =>
    vn().closeStation({ stationId: stationId as StationId, by: "lan", reason: "the spreader drips" });
  const open = (stationId: string) => vn().openStation(stationId as StationId);
  const why = () =>
    vn()
      .reasons()
      .missions.get(first()?.missionId ?? "")?.code;

  it("is given to nobody, after a restart either, until a person opens it", async () => {
    await sides.startBoth();
    const cranes = sides.world.yards.vn.stations.filter(({ kind }) => kind === "crane");
    for (const { stationId } of cranes) expect(await close(stationId)).toBe("done");
    await place(1);
    expect(await sides.run(() => why() === "no-crane")).toBe(true);
    sides.kill("vn");
    await sides.start("vn");
    expect(vn().closedStations()).toMatchObject(
      cranes.map(({ stationId }) => ({ stationId, by: "lan", reason: "the spreader drips" })),
    );
    await sides.run(() => false, { maxSeconds: 30 });
    expect(first()?.step).toBe("assign-vehicle");
    const [one] = cranes;
    expect(await open(one?.stationId ?? "")).toBe("done");
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
  });

  it("is left by whoever has it as it would have been", async () => {
    await sides.startBoth();
    await place(1);
    await sides.run(() => first()?.step === "verdict");
    for (const { stationId, kind } of sides.world.yards.vn.stations)
      if (kind === "buffer") await close(stationId);
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
  });

  it("is a place where no vehicle is put, and none that comes over the line is taken for it", async () => {
    sides.world.park("sim.cn-01", "cn", "cn.parking-1");
    await sides.startBoth();
    for (const { stationId, kind, bound } of sides.world.yards.vn.stations)
      if (kind === "charger" || (kind === "buffer" && bound === "inbound")) await close(stationId);
    await sides.run(() => false, { maxSeconds: 5 });
    expect(await vn().park("sim.vn-01", "charger")).toEqual({ kind: "not-possible", why: "no-charger" });
    await sides.control("cn").place(order(1, "cn"));
    expect(
      await sides.run(() => sides.world.count("decline no-room") > 0),
      [...sides.statuses(), ...sides.world.happened.keys()].join("\n"),
    ).toBe(true);
  });

  it("is closed once, opened once, and is no gate", async () => {
    await sides.startBoth();
    expect(await open("vn.crane-1")).toBe("as-it-was");
    expect(await close("vn.crane-1")).toBe("done");
    expect(await close("vn.crane-1")).toBe("as-it-was");
    expect(vn().closedStations()).toHaveLength(1);
    expect(await close("vn.portal-1")).toBe("not-closable");
    expect(await close("vn.none")).toBe("unknown");
    expect(await open("vn.none")).toBe("unknown");
  });
});

describe("a vehicle chosen by hand", () => {
  it("is refused for a container that does not wait for one, and for those that nobody knows", async () => {
    await sides.startBoth();
    const missionId = await place(1);
    expect(await vn().assign(missionId, "sim.vn-01")).toEqual({
      kind: "not-possible",
      why: "the mission does not wait for a vehicle",
    });
    expect(await vn().assign(missionId, "sim.nobody")).toEqual({ kind: "vehicle-unknown" });
    expect(await vn().assign("m-none", "sim.vn-01")).toEqual({ kind: "unknown" });
  });
});

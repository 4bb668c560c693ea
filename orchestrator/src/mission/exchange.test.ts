import type { VehicleId } from "@baton/fleet-adapter";
import type { NodeId, Side } from "@baton/maps";
import { beforeEach, describe, expect, it } from "vitest";
import type { LegId, ReservationEvent } from "../reservation/port.ts";
import type { MissionContext } from "./context.ts";
import type { Happening } from "./events.ts";
import { legIdOf } from "./ids.ts";
import { advance, buildMissionMachine } from "./machine.ts";
import { expectNothingLeft, startWithDeadlyWrite } from "./testing/killed-at-write.ts";
import { containerNo, order, TwoSides } from "./testing/two-sides.ts";

const FIRST = "sim.vn-01" as VehicleId;
const OTHER = "sim.vn-02" as VehicleId;

let sides: TwoSides;
beforeEach(async () => {
  sides = await withTwo();
});

/** Two vehicles, the one farther away of which does not get on; and a dispatch to which any change is welcome, once for each container. */
async function withTwo(): Promise<TwoSides> {
  const made = await TwoSides.create();
  made.world.park(FIRST, "vn", "vn.parking-8");
  made.world.park(OTHER, "vn", "vn.parking-1");
  made.world.park("sim.cn-01", "cn", "cn.parking-1");
  made.world.halted.add(FIRST);
  made.dispatch = { exchangeGainS: -1_000, exchangesAtMost: 1 };
  return made;
}

const vn = () => sides.control("vn");
const missionOf = (serial: number) =>
  vn()
    .views()
    .find((view) => view.containerNo === containerNo(serial));
const run = (done: () => boolean, maxSeconds?: number): Promise<boolean> =>
  sides.run(done, maxSeconds === undefined ? {} : { maxSeconds });
const lifts = (serial: number): number => sides.world.count(`lift ${containerNo(serial)} onto-vehicle`);

function otherComes(): void {
  sides.world.mute.delete(OTHER);
  sides.world.sayState(OTHER);
}

/** Until all is delivered, with every vehicle getting on again, each container once. */
async function expectAllDelivered(...serials: readonly number[]): Promise<void> {
  sides.world.halted.clear();
  delete sides.world.vehicles.get(FIRST)?.astray;
  expect(await run(() => sides.allDone(2 * serials.length)), sides.statuses().join("\n")).toBe(true);
  for (const serial of serials) {
    expect(lifts(serial), `lifts of ${serial}`).toBe(1);
    expect(sides.world.count(`lift ${containerNo(serial)} off-vehicle`)).toBe(1);
  }
  expect(sides.world.standing("vn")).toEqual([]);
}

/** It comes by another crane on its way, which is where it can turn: a container that comes is best served by it, there. */
function comesByCrane(): void {
  const first = sides.world.vehicles.get(FIRST);
  const crane = sides.world.yards.vn.stations.find(({ stationId }) => stationId === "vn.crane-2");
  if (first === undefined || crane?.nodeId === undefined) throw new Error("no vehicle, or no crane");
  first.nodeId = crane.nodeId;
  first.astray = { xM: -1_000, yM: -1_000, headingRad: 0 };
  sides.world.sayState(FIRST);
}

/** With a container whose vehicle is on its way, before the other one is there. */
async function onItsWay(): Promise<void> {
  sides.world.mute.add(OTHER);
  await sides.startBoth();
  await vn().place(order(1, "vn"));
  expect(await run(() => missionOf(1)?.step === "drive-to-crane"), sides.statuses().join("\n")).toBe(true);
  await run(() => false, 5);
  expect(missionOf(1)?.vehicleId).toBe(FIRST);
}

describe("a container whose vehicle is on its way", () => {
  it("is given another one that is better; the first goes to a place, and is free for the next", async () => {
    await onItsWay();
    otherComes();
    expect(await run(() => missionOf(1)?.vehicleId === OTHER), sides.statuses().join("\n")).toBe(true);
    expect(sides.world.count("turn")).toBe(1);
    const left = missionOf(1)?.timeline.filter(({ evidenceParts }) => evidenceParts?.code === "vehicle-left");
    expect(left).toMatchObject([{ step: "drive-to-crane", evidence: `${FIRST} sent elsewhere` }]);
    expect(vn().reasons().vehicles.get(FIRST)?.code).toBe("moving");
    await expectAllDelivered(1);
    await vn().place(order(2, "vn"));
    await expectAllDelivered(1, 2);
  });

  it("waits at the crane to which its truck was sent", async () => {
    await onItsWay();
    const craneOf = () =>
      [...sides.world.legs.vn.values()].filter(({ request }) => request.legId.includes(".drive-to-crane"));
    otherComes();
    expect(await run(() => craneOf().length === 2)).toBe(true);
    const [before, after] = craneOf().map(({ request }) => request);
    expect(after?.toNodeId).toBe(before?.toNodeId);
    expect(after?.legId).not.toBe(before?.legId);
    expect(after?.actionsAtEnd[0]?.actionId).not.toBe(before?.actionsAtEnd[0]?.actionId);
  });

  it("gives it to a container that comes, and has another one that becomes free", async () => {
    sides.dispatch = {};
    await onItsWay();
    comesByCrane();
    await vn().place(order(2, "vn"));
    await run(() => missionOf(2)?.step === "assign-vehicle");
    otherComes();
    expect(
      await run(() => missionOf(2)?.vehicleId === FIRST && missionOf(1)?.vehicleId === OTHER),
      sides.statuses().join("\n"),
    ).toBe(true);
    await expectAllDelivered(1, 2);
  });

  it("keeps it when the road finds no way for it elsewhere; the other container waits for its own", async () => {
    sides.dispatch = {};
    await onItsWay();
    comesByCrane();
    sides.world.canTurn = false;
    await vn().place(order(2, "vn"));
    await run(() => missionOf(2)?.step === "assign-vehicle");
    otherComes();
    expect(await run(() => missionOf(2)?.vehicleId === OTHER), sides.statuses().join("\n")).toBe(true);
    expect(missionOf(1)?.vehicleId).toBe(FIRST);
    expect(sides.world.count("no turn")).toBe(1);
    await expectAllDelivered(1, 2);
    expect(sides.world.count("turn")).toBe(0);
  });

  it("keeps it when it stands under the crane, whatever may become free", async () => {
    const good = sides.world.answer;
    sides.world.answer = (job) => (job.task.kind === "lift" ? undefined : good(job));
    await onItsWay();
    sides.world.halted.clear();
    expect(await run(() => missionOf(1)?.step === "load"), sides.statuses().join("\n")).toBe(true);
    otherComes();
    await run(() => false, 60);
    expect(missionOf(1)?.vehicleId).toBe(FIRST);
    expect(sides.world.count("turn") + sides.world.count("no turn")).toBe(0);
  });
});

describe("a vehicle that a person has chosen for a container", () => {
  it("is not changed for another one", async () => {
    // A container that may not begin by dispatch's own rule, but by a person's word.
    sides.dispatch = { ...sides.dispatch, loadAheadShare: 0 };
    await sides.startBoth();
    for (const { stationId, kind } of sides.world.yards.vn.stations)
      if (kind === "buffer") await vn().closeStation({ stationId, reason: "works", by: "an" });
    await vn().place(order(1, "vn"));
    await run(() => missionOf(1)?.step === "assign-vehicle");
    await run(() => false, 10);
    expect(await vn().assign(missionOf(1)?.missionId ?? "", FIRST)).toEqual({ kind: "done" });
    await run(() => false, 60);
    expect(missionOf(1)).toMatchObject({ step: "drive-to-crane", vehicleId: FIRST });
    expect(sides.world.count("turn")).toBe(0);
  });
});

describe("a mission that yields its vehicle", () => {
  const TO = "m-2.drive-to-crane" as LegId;

  /** On its way to the crane, as it is stored; and what it becomes when it hears this, one after the other. */
  async function hearing() {
    await onItsWay();
    const [stored] = (await sides.stores.vn.load()).missions;
    const procedure = sides.procedures.find(({ procedureId }) => procedureId === stored?.context.procedureId);
    if (stored === undefined || procedure === undefined) throw new Error("no mission");
    const machine = buildMissionMachine(procedure);
    const { context } = stored;
    const legId = legIdOf(context, "drive-to-crane");
    const road = (event: Extract<ReservationEvent, { legId: LegId }>): Happening => ({ type: "road", event });
    const hear = (...what: readonly Happening[]) =>
      what.reduce((mission, happening) => {
        const event = { ...happening, atMs: mission.nowMs + 1_000, spareId: "spare" };
        return advance(machine, procedure, mission, event);
      }, context);
    const of = { vehicleId: FIRST, legId } as const;
    const arrived = road({
      ...of,
      kind: "legCompleted",
      nodeId: context.places.crane?.nodeId ?? ("" as NodeId),
    });
    const abandoned = road({ ...of, kind: "legAbandoned", ok: true });
    const refused = road({ kind: "legRefused", vehicleId: FIRST, legId: TO, reason: "not-turned" });
    const planned = road({ kind: "legPlanned", vehicleId: FIRST, legId: TO, etaAtMs: 0 });
    return {
      hear,
      legId,
      arrived,
      abandoned,
      refused,
      planned,
      yields: { type: "yields", toLegId: TO } as const,
    };
  }
  const asks = ({ outbox }: MissionContext): readonly string[] => outbox.map(({ effectId }) => effectId);

  it("does not ask for its leg again as long as that may be over, and asks how it stands when it keeps it", async () => {
    const { hear, legId, refused, yields } = await hearing();
    expect(asks(hear())).toEqual([`leg:${legId}`]);
    expect(asks(hear(yields))).toEqual([]);
    expect(asks(hear(yields, refused))).toEqual([`leg:${legId}`]);
    expect(asks(hear(yields, { type: "keeps" }))).toEqual([`leg:${legId}`]);
  });

  it("does not load before it knows whether it keeps it, even when it has come to its crane", async () => {
    const { hear, arrived, refused, yields } = await hearing();
    expect(hear(yields, arrived).step).toBe("drive-to-crane");
    const kept = hear(yields, arrived, refused);
    expect(kept.step).toBe("load");
    expect(kept.vehicle?.vehicleId).toBe(FIRST);
    expect(hear(arrived, yields).yielding, "under its crane it yields nothing").toBeUndefined();
  });

  it("waits for another one when people have said that its vehicle is gone, and is not held for it", async () => {
    const { hear, abandoned, legId } = await hearing();
    const of = { vehicleId: FIRST, legId, reason: "order-lost" } as const;
    const left = hear(abandoned, { type: "road", event: { kind: "legRefused", ...of } });
    expect(left).toMatchObject({ step: "assign-vehicle", status: "running", vehiclesBefore: [FIRST] });
  });

  it("waits for another one once it has turned, whichever of the two legs it hears of first", async () => {
    const { hear, abandoned, planned, yields } = await hearing();
    for (const word of [abandoned, planned]) {
      const left = hear(yields, word);
      expect(left).toMatchObject({ step: "assign-vehicle", vehiclesBefore: [FIRST] });
      expect([left.vehicle, left.yielding]).toEqual([undefined, undefined]);
      expect(left.places.crane).toEqual(hear().places.crane);
      expect(hear(yields, word, abandoned, planned).vehiclesBefore, "heard twice it is the same").toEqual([
        FIRST,
      ]);
    }
  });
});

describe("a process that is killed at any write while vehicles are changed", () => {
  let turned = 0;

  /** Whether there was a write of that number to break off at. */
  async function crashes(at: number, when: "before" | "after", fresh: boolean): Promise<boolean> {
    sides = await withTwo();
    const side: Side = "vn";
    if (fresh) sides.dispatch = {};
    sides.world.mute.add(OTHER);
    const place = (serial: number): void =>
      void sides
        .control(side)
        .place(order(serial, side))
        .catch(() => {});
    const placed = new Set<number>();
    const crashed = await startWithDeadlyWrite(sides, { side, at, when }, async () => {
      for (const serial of placed) place(serial);
    });
    const what = `${when} write ${at}`;
    placed.add(1);
    place(1);
    expect(await run(() => missionOf(1)?.step === "drive-to-crane"), what).toBe(true);
    if (fresh) {
      comesByCrane();
      placed.add(2);
      place(2);
      await run(() => missionOf(2)?.step === "assign-vehicle");
    }
    otherComes();
    // Who died before it was carried out may have decided otherwise since.
    const changed = () => missionOf(1)?.vehicleId === OTHER || missionOf(2)?.vehicleId === OTHER;
    expect(await run(changed, 300), `${what}\n${sides.statuses().join("\n")}`).toBe(true);
    await expectAllDelivered(...placed);
    expect(sides.world.count("turn"), what).toBeLessThanOrEqual(1);
    turned += sides.world.count("turn");
    await expectNothingLeft(sides, side, what);
    return crashed();
  }

  it.each([
    ["sent to a place", "before", false],
    ["sent to a place", "after", false],
    ["given to another container", "before", true],
    ["given to another container", "after", true],
  ] as const)(
    "%s, %s the store has it, loses and doubles nothing",
    { timeout: 60_000 },
    async (_what, when, fresh) => {
      let at = 0;
      turned = 0;
      while (await crashes(at, when, fresh)) at++;
      expect(at).toBeGreaterThan(30);
      expect(turned, "vehicles that were changed all the same").toBeGreaterThan(at - 5);
    },
  );
});

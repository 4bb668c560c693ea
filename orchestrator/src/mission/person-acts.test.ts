import type { VehicleId } from "@baton/fleet-adapter";
import { beforeEach, describe, expect, it } from "vitest";
import type { DeviceTaskKind } from "../gate/port.ts";
import { heldStations } from "./begin.ts";
import { type Answer, goodResult } from "./testing/fake-devices.ts";
import { containerNo, order, TwoSides } from "./testing/two-sides.ts";

let sides: TwoSides;
beforeEach(async () => {
  sides = await TwoSides.create();
  sides.world.park("sim.vn-01", "vn", "vn.parking-1");
  await sides.startBoth();
});

const vn = () => sides.control("vn");
const first = () => vn().views()[0];
const box = containerNo(1);
const other = containerNo(2);

async function place(): Promise<string> {
  const placed = await vn().place(order(1, "vn"));
  if (placed.kind !== "created") throw new Error("the order was not taken");
  return placed.missionId;
}

const good: Answer = (job) => ({ status: "done", result: goodResult(job) });
/** A device or an agency that says nothing, the others answering as they should. */
const silentAt =
  (kind: DeviceTaskKind): Answer =>
  (job) =>
    job.task.kind === kind ? undefined : good(job);

const restarted = async () => {
  sides.kill("vn");
  await sides.start("vn");
  await sides.settle();
};
const isHeld = () => first()?.status === "held";
const kept = async () => (await sides.stores.vn.load()).missions[0]?.context;
const factOf = async (condition: string) =>
  (await kept())?.facts.find((fact) => fact.condition === condition);
const allDone = async () =>
  expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);

describe("a container that a person sends to be inspected", () => {
  const divert = (missionId: string) =>
    vn().byPerson(missionId, "divert", { type: "divert", account: "mai" });

  it("leaves its bay for a dock before customs have decided, and is opened although they release it", async () => {
    sides.world.answer = silentAt("decide");
    const missionId = await place();
    await sides.run(() => first()?.step === "decision");
    expect(await divert(missionId)).toEqual({ kind: "done" });
    const docks = sides.world.yards.vn.stations.filter((one) => one.kind === "inspection-dock");
    const isInDock = () =>
      docks.some(({ nodeId }) => nodeId === sides.world.vehicles.get("sim.vn-01" as VehicleId)?.nodeId);
    expect(await sides.run(isInDock, { maxSeconds: 60 })).toBe(true);
    expect(first()?.step).toBe("decision");
    expect(sides.world.count(`inspect ${box} vn`)).toBe(0);
    sides.world.answer = good;
    await sides.run(isHeld);
    await vn().resume(missionId, "mai", "retry");
    await allDone();
    expect(sides.world.count(`inspect ${box} vn`)).toBe(1);
  });

  it("goes to its bay first when it is still in the lane, and a restart does not forget who sent it", async () => {
    const missionId = await place();
    await sides.run(() => first()?.step === "weigh");
    expect(await divert(missionId)).toEqual({ kind: "done" });
    expect(await divert(missionId)).toMatchObject({ kind: "not-possible" });
    await restarted();
    await allDone();
    expect(sides.world.count(`inspect ${box} vn`)).toBe(1);
    expect((await kept())?.diverted?.account).toBe("mai");
  });

  it("is not sent there once it is decided: then it is called back", async () => {
    const missionId = await place();
    await sides.run(() => first()?.step === "offer");
    expect(first()?.acts).not.toContain("divert");
    expect(await divert(missionId)).toEqual({ kind: "not-possible", why: "running at offer" });
  });
});

describe("a container that is measured again", () => {
  const again = (missionId: string, what: "weigh" | "scan") =>
    vn().byPerson(missionId, what === "weigh" ? "reweigh" : "rescan", {
      type: "pass-again",
      account: "mai",
      what,
    });
  const weighing =
    (grossKg: number): Answer =>
    (job) =>
      job.task.kind === "weigh"
        ? { status: "done", result: { kind: "weigh", grossKg, scaleClass: "5" } }
        : good(job);

  it("drives through the lane once more, back to its own bay, and is only weighed again when that is all that was asked", async () => {
    sides.world.answer = weighing(99_000);
    const missionId = await place();
    await sides.run(isHeld);
    await sides.run(() => first()?.acts?.includes("reweigh") === true);
    expect(first()?.held?.code).toBe("weight-mismatch");
    const bay = (await kept())?.places.buffer?.stationId;
    sides.world.answer = weighing(20_000);
    expect(await again(missionId, "weigh")).toEqual({ kind: "done" });
    expect(first()).toMatchObject({ status: "running", step: "identify" });
    expect(await again(missionId, "weigh")).toMatchObject({ kind: "not-possible" });
    await restarted();
    await allDone();
    expect(sides.world.count(`weigh ${box} vn`)).toBe(2);
    expect(sides.world.count(`identify ${box} vn`)).toBe(2);
    expect(sides.world.count(`scan ${box} vn`)).toBe(1);
    expect(sides.world.count(`leg ${missionId}.identify.2`)).toBe(1);
    const context = await kept();
    expect(context?.places.buffer?.stationId).toBe(bay);
    expect(context?.findings.weighedGrossKg).toBe(20_000);
  });

  it("with a new scan has its verdict given anew, and neither the old one nor what a person accepted of it counts", async () => {
    sides.world.answer = silentAt("decide");
    const missionId = await place();
    await sides.run(() => first()?.step === "decision");
    expect(await factOf("verdict")).toMatchObject({ holds: true });
    expect(await again(missionId, "scan")).toEqual({ kind: "done" });
    const verdicts = (await kept())?.facts.filter(({ condition }) => condition === "verdict");
    expect(verdicts?.at(-1)).toMatchObject({ holds: false, account: "mai" });
    expect((await kept())?.findings.verdict).toBeUndefined();
    sides.world.answer = good;
    await allDone();
    expect(sides.world.count(`scan ${box} vn`)).toBe(2);
    expect(sides.world.count(`judge-scan ${box} vn`)).toBe(2);
    expect(sides.world.count(`weigh ${box} vn`)).toBe(1);
  });

  it("is accepted with a wrong weight only as often as a person says so", async () => {
    sides.world.answer = weighing(99_000);
    const missionId = await place();
    await sides.run(isHeld);
    await vn().resume(missionId, "hoa", "override");
    sides.world.answer = (job) => (job.task.kind === "decide" ? undefined : weighing(98_000)(job));
    await sides.run(() => first()?.step === "decision");
    expect(await again(missionId, "weigh")).toEqual({ kind: "done" });
    await sides.run(isHeld);
    expect(first()?.held).toMatchObject({ code: "weight-mismatch" });
  });

  it("keeps its bay and not its crane meanwhile", async () => {
    sides.world.answer = silentAt("decide");
    const missionId = await place();
    await sides.run(() => first()?.step === "decision");
    await again(missionId, "scan");
    const context = await kept();
    if (context === undefined) throw new Error("it is kept");
    expect(heldStations(context, () => false).map(({ stationId }) => stationId)).toEqual([
      context.places.buffer?.stationId,
    ]);
  });

  it("is not sent there from within the lane, nor once customs have decided", async () => {
    const missionId = await place();
    await sides.run(() => first()?.step === "scan");
    expect(await again(missionId, "weigh")).toMatchObject({ kind: "not-possible" });
    await sides.run(() => first()?.step === "offer");
    expect(await again(missionId, "scan")).toMatchObject({ kind: "not-possible" });
  });
});

describe("a new seal", () => {
  const reseal = (missionId: string) =>
    vn().byPerson(missionId, "reseal", { type: "reseal", accounts: ["hoa", "binh"], sealNo: "NEW-7" });

  it("in place of a dead one is armed under its own number, which the partner is told", async () => {
    sides.world.answer = (job) =>
      job.task.kind === "arm-seal" && job.task.sealNo !== "NEW-7"
        ? { status: "done", result: { kind: "arm-seal", sealNo: job.task.sealNo, state: "dead" } }
        : good(job);
    const missionId = await place();
    await sides.run(isHeld);
    expect(first()?.held?.code).toBe("seal-dead");
    expect(await reseal(missionId)).toEqual({ kind: "done" });
    await allDone();
    const context = await kept();
    expect(context?.findings.sealNo).toBe("NEW-7");
    const inbound = (await sides.stores.cn.load()).missions[0]?.context;
    expect(inbound?.consignment?.sealNo).toBe("NEW-7");
  });

  it("in place of a broken one is looked at by the portal again", async () => {
    let isIntact = false;
    sides.world.answer = (job) =>
      job.task.kind === "identify"
        ? { status: "done", result: { ...goodResult(job), sealIntact: isIntact } as never }
        : good(job);
    const missionId = await place();
    await sides.run(isHeld);
    expect(first()?.held?.code).toBe("seal-broken");
    await reseal(missionId);
    await sides.run(isHeld);
    expect(first()?.held?.code).toBe("seal-broken");
    isIntact = true;
    await reseal(missionId);
    await allDone();
    expect(await sides.stores.vn.load()).toMatchObject({
      missions: [{ context: { resealed: { sealNo: "NEW-7" } } }],
    });
  });

  it("is put on in a bay on the word of two, and no more once it has left that", async () => {
    sides.world.answer = silentAt("decide");
    const missionId = await place();
    await sides.run(() => first()?.step === "decision");
    expect(await reseal(missionId)).toEqual({ kind: "done" });
    const seals = (await kept())?.facts.filter(({ condition }) => condition === "seal");
    expect(seals?.at(-1)).toMatchObject({ holds: true, source: "resealed", account: "hoa+binh" });
    expect((await kept())?.findings).toMatchObject({ sealNo: "NEW-7", sealState: "replaced" });
    await sides.run(isHeld);
    sides.world.answer = good;
    await vn().resume(missionId, "mai", "retry");
    await sides.run(() => first()?.step === "drive-to-hold");
    expect(await reseal(missionId)).toMatchObject({ kind: "not-possible" });
  });
});

describe("what no device could read", () => {
  const read = (
    missionId: string,
    reading: object = {},
    act: "read-vehicle" | "reread-vehicle" = "read-vehicle",
  ) =>
    vn().byPerson(missionId, act, {
      type: "read",
      account: "lan",
      read: { containerNo: box, vehicle: "VN-01", sealIntact: true, ...reading },
    });

  it("is read by a person, whose name stands in the record, and the container goes on", async () => {
    sides.world.answer = silentAt("identify");
    const missionId = await place();
    await sides.run(isHeld);
    expect(first()?.held?.code).toBe("device-silent");
    expect(first()?.acts).toContain("read-vehicle");
    expect(await read(missionId)).toEqual({ kind: "done" });
    expect(await factOf("identity")).toMatchObject({ source: "by-hand", account: "lan", holds: true });
    sides.world.answer = good;
    await allDone();
  });

  it.each([
    ["another container", { containerNo: other }, "container-mismatch"],
    ["another vehicle", { vehicle: "vn-02" }, "vehicle-mismatch"],
    ["a broken seal", { sealIntact: false }, "seal-broken"],
  ])("lets nothing through when it is %s", async (_what, reading, code) => {
    sides.world.answer = silentAt("identify");
    const missionId = await place();
    await sides.run(isHeld);
    expect(await read(missionId, reading)).toEqual({ kind: "done" });
    expect(first()).toMatchObject({ status: "held", held: { code } });
    expect(await factOf("identity")).toBeUndefined();
  });

  it("is another act against what a device did read, and the device is asked again when it is tried again", async () => {
    let reads = other;
    sides.world.answer = (job) =>
      job.task.kind === "identify"
        ? { status: "done", result: { ...goodResult(job), kind: "identify", containerNo: reads } as never }
        : good(job);
    const missionId = await place();
    await sides.run(isHeld);
    expect(first()?.acts).toContain("reread-vehicle");
    expect(await read(missionId)).toMatchObject({ kind: "not-possible" });
    expect(await read(missionId, { containerNo: containerNo(3) }, "reread-vehicle")).toEqual({
      kind: "done",
    });
    expect(first()?.held?.detail).toContain(containerNo(3));
    reads = box;
    await vn().resume(missionId, "lan", "retry");
    await allDone();
    expect((await factOf("identity"))?.source).toBe("vn.portal-1");
  });

  it("is a plate at the truck gate, however it is written", async () => {
    sides.world.answer = (job) =>
      job.task.kind === "admit-truck" ? { status: "failed", code: "lens-wet", detail: "" } : good(job);
    const missionId = await place();
    await sides.run(isHeld);
    expect(first()?.acts).toContain("read-truck");
    await vn().byPerson(missionId, "read-truck", {
      type: "read",
      account: "lan",
      read: { containerNo: box, truckPlate: "12c 34567" },
    });
    sides.world.answer = good;
    await allDone();
  });
});

describe("an agency that is away", () => {
  const paper = (missionId: string, act: "paper-customs" | "paper-border-guard" = "paper-customs") =>
    vn().byPerson(missionId, act, { type: "paper", accounts: ["hoa", "binh"], documentNo: "TK-77" });
  const standing = () => sides.world.standing("vn").map(({ code }) => code);

  it("releases on paper by two names; it is asked until its system answers, and then all is well", async () => {
    sides.world.answer = silentAt("decide");
    const missionId = await place();
    await sides.run(isHeld);
    expect(first()?.acts).toContain("paper-customs");
    expect(await paper(missionId, "paper-border-guard")).toMatchObject({ kind: "not-possible" });
    expect(await paper(missionId)).toEqual({ kind: "done" });
    await allDone();
    expect(await factOf("customs-release")).toMatchObject({ source: "paper", account: "hoa+binh" });
    expect(standing()).toEqual(["mission.on-paper"]);
    // Long after it has crossed, and after a restart.
    await restarted();
    expect(standing()).toEqual(["mission.on-paper"]);
    sides.world.answer = good;
    await restarted();
    expect(await sides.run(() => standing().length === 0, { maxSeconds: 60 })).toBe(true);
  });

  it("that says otherwise when it is back is for people to settle", async () => {
    sides.world.answer = silentAt("decide");
    const missionId = await place();
    await sides.run(isHeld);
    await paper(missionId);
    await allDone();
    sides.world.answer = (job) =>
      job.task.kind === "decide"
        ? { status: "done", result: { kind: "decide", decision: "inspect", account: "customs-1" } }
        : good(job);
    await restarted();
    expect(await sides.run(() => standing().includes("mission.paper-disputed"), { maxSeconds: 60 })).toBe(
      true,
    );
    expect(standing()).toEqual(["mission.paper-disputed"]);
  });

  it("that has said no has answered: no paper stands against it", async () => {
    sides.world.answer = (job) =>
      job.task.kind === "guard-check"
        ? { status: "done", result: { kind: "guard-check", allowed: false, account: "guard-1" } }
        : good(job);
    const missionId = await place();
    await sides.run(isHeld);
    expect(first()?.held?.code).toBe("guard-refused");
    expect(await paper(missionId, "paper-border-guard")).toMatchObject({ kind: "not-possible" });
  });
});

describe("a container that a person refuses", () => {
  const refuse = (side: "vn" | "cn", missionId: string) =>
    sides
      .control(side)
      .byPerson(missionId, "refuse", { type: "refuse", account: "an", code: "dangerous-goods" });

  it("before it has a vehicle is over, with its code", async () => {
    sides.world.answer = silentAt("admit-truck");
    const missionId = await place();
    await sides.run(() => first()?.step === "admit-truck");
    expect(await refuse("vn", missionId)).toEqual({ kind: "done" });
    expect(first()?.status).toBe("returned");
    expect((await kept())?.returnReason).toBe("refused (dangerous-goods) by an");
    expect(await refuse("vn", missionId)).toMatchObject({ kind: "not-possible" });
  });

  it("in its bay goes back to the yard", async () => {
    const missionId = await place();
    await sides.run(() => first()?.step === "offer");
    await refuse("vn", missionId);
    expect(await sides.run(() => vn().views()[1]?.status === "done"), sides.statuses().join("\n")).toBe(true);
    expect(sides.world.count(`lift ${box} off-vehicle`)).toBe(1);
  });

  it("beyond the line stays with the giver, who is told, holds it, and offers it no more until told to", async () => {
    const missionId = await place();
    const inbound = () => sides.control("cn").views()[0];
    await sides.run(() => inbound()?.step === "accept");
    expect(await refuse("cn", inbound()?.missionId ?? "")).toEqual({ kind: "done" });
    expect(await sides.run(isHeld), sides.statuses().join("\n")).toBe(true);
    expect(first()?.held?.code).toBe("partner-refused");
    const offers = sides.world.conversations.size;
    await sides.run(() => false, { maxSeconds: 120 });
    expect(sides.world.conversations.size).toBe(offers);
    expect(sides.world.count("decline refused")).toBe(1);
    // The other side has changed its mind about nothing: the next offer is declined as well.
    await vn().resume(missionId, "lan", "retry");
    expect(await sides.run(() => sides.world.count("decline refused") === 2)).toBe(true);
    await sides.run(isHeld);
    await vn().resume(missionId, "lan", "return");
    expect(await sides.run(() => vn().views()[1]?.status === "done"), sides.statuses().join("\n")).toBe(true);
    expect(
      sides
        .control("cn")
        .views()
        .every(({ status }) => status === "returned"),
    ).toBe(true);
  });
});

describe("a hand-off that is withdrawn by force", () => {
  const withdraw = (missionId: string) =>
    vn().byPerson(missionId, "withdraw", {
      type: "withdraw",
      account: "minh",
      reason: "fire beyond the line",
    });
  const isGoing = async () =>
    sides.run(() => [...sides.world.conversations.values()].some(({ done }) => done.has("go")));

  it("after `go` waits for the register: when that says ours, the container goes back and is not offered again", async () => {
    sides.world.registersSwitch = false;
    const missionId = await place();
    await isGoing();
    await sides.run(() => false, { maxSeconds: 5 });
    expect(await vn().recall(missionId, "minh")).toMatchObject({ kind: "not-possible" });
    expect(await withdraw(missionId)).toEqual({ kind: "done" });
    expect(first()?.status).toBe("running");
    await restarted();
    expect(await sides.run(() => first()?.status === "returned")).toBe(true);
    expect((await kept())?.returnReason).toBe("hand-off withdrawn by minh");
    expect(await sides.run(() => vn().views()[1]?.status === "done"), sides.statuses().join("\n")).toBe(true);
    expect(sides.world.conversations.size).toBe(1);
  });

  it("comes too late once the register has switched, and is not possible before the line", async () => {
    const missionId = await place();
    await sides.run(() => first()?.step === "offer");
    expect(await withdraw(missionId)).toMatchObject({ kind: "not-possible" });
    await allDone();
    expect(await withdraw(missionId)).toMatchObject({ kind: "not-possible" });
  });
});

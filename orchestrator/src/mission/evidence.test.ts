import type { VehicleId } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import { Compile } from "typebox/compile";
import { beforeEach, describe, expect, it } from "vitest";
import { Evidence } from "../contract/index.ts";
import type { DeviceResult } from "../gate/port.ts";
import { readContext } from "./context.ts";
import { evidenceText } from "./evidence.ts";
import { parkedSides } from "./testing/deliveries.ts";
import { containerNo, order, type TwoSides } from "./testing/two-sides.ts";

/** Every code with the text that stands for it in records, manifests and answers of the API. */
const TEXTS: {
  readonly [C in Evidence["code"]]: readonly [parts: Evidence & { readonly code: C }, text: string];
} = {
  picture: [{ code: "picture", reference: "picture-1" }, "picture-1"],
  vehicle: [{ code: "vehicle", reference: "sim.vn-01" }, "sim.vn-01"],
  "vehicle-called-off": [{ code: "vehicle-called-off", reference: "sim.vn-01" }, "sim.vn-01"],
  "vehicle-left": [{ code: "vehicle-left", reference: "sim.vn-01" }, "sim.vn-01 sent elsewhere"],
  scan: [{ code: "scan", reference: "scan-1" }, "scan-1"],
  certificate: [{ code: "certificate", reference: "phyto-1" }, "phyto-1"],
  handoff: [{ code: "handoff", reference: "h-1" }, "h-1"],
  "custody-record": [{ code: "custody-record", reference: "9f86d0" }, "9f86d0"],
  confirmation: [{ code: "confirmation", reference: "closed" }, "closed"],
  slot: [{ code: "slot", slot: "slot-1" }, "slot slot-1"],
  seal: [{ code: "seal", sealNo: "SEAL-1" }, "seal SEAL-1"],
  landed: [{ code: "landed" }, "landed"],
  "scan-clear": [{ code: "scan-clear" }, "clear"],
  "scan-suspect": [{ code: "scan-suspect" }, "suspect"],
  "not-listed": [{ code: "not-listed" }, "not-listed"],
  released: [{ code: "released", account: "customs-1" }, "release, customs-1"],
  "to-inspect": [{ code: "to-inspect", account: "customs-1" }, "inspect, customs-1"],
  "let-through": [{ code: "let-through", account: "guard-1" }, "guard-1"],
  adopted: [{ code: "adopted", account: "an" }, "adopted by an"],
  weighed: [{ code: "weighed", grossKg: 20_100, declaredKg: 20_000 }, "20100 kg, declared 20000 kg"],
  inspected: [{ code: "inspected", officers: ["mai", "lan"] }, "released by mai and lan"],
  "on-paper": [{ code: "on-paper", documentNo: "TK-7", accounts: ["mai", "lan"] }, "on paper TK-7, mai+lan"],
  accepted: [{ code: "accepted", mismatch: "seal-broken", account: "an" }, "seal-broken accepted by an"],
};

describe("evidence in parts", () => {
  it.each(Object.entries(TEXTS))("has a text in English: %s", (_code, [parts, text]) => {
    expect(evidenceText(parts)).toBe(text);
  });
});

describe("by what a step was done", () => {
  let sides: TwoSides;
  beforeEach(async () => {
    sides = await parkedSides();
    await sides.startBoth();
  });

  const vn = () => sides.control("vn");
  const first = () => vn().views()[0];
  const told = (side: Side) => sides.control(side).views()[0]?.timeline ?? [];
  const partsAt = (side: Side) =>
    Object.fromEntries(told(side).map(({ step, evidenceParts }) => [step, evidenceParts]));
  const check = Compile(Evidence);

  /** Runs to the end; whatever is recorded then has parts of the contract, and the text that is made of them. */
  async function delivered(): Promise<void> {
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    for (const { step, evidence, evidenceParts: parts } of [...told("vn"), ...told("cn")]) {
      if (parts !== undefined && !check.Check(parts)) throw new Error(`${step}: ${parts.code}`);
      expect(evidence, step).toBe(parts === undefined ? undefined : evidenceText(parts));
    }
  }
  const handoff = () => ({ code: "handoff", reference: first()?.handoffId });
  const custody = () => ({ code: "custody-record", reference: `hash-${first()?.handoffId}` });

  it("is recorded in parts at every step that a device, an agency, dispatch or the partner answers", async () => {
    await vn().place(order(1, "vn"));
    await delivered();
    expect(partsAt("vn")).toEqual({
      "register-order": { code: "slot", slot: "slot-1" },
      "admit-truck": { code: "picture", reference: "picture-1" },
      "assign-vehicle": { code: "vehicle", reference: "sim.vn-01" },
      load: { code: "landed" },
      "arm-seal": { code: "seal", sealNo: order(1, "vn").sealNo },
      identify: { code: "picture", reference: "picture-2" },
      weigh: { code: "weighed", grossKg: 20_100, declaredKg: order(1, "vn").declaredGrossKg },
      scan: { code: "scan", reference: "scan-1" },
      verdict: { code: "scan-clear" },
      quarantine: { code: "not-listed" },
      decision: { code: "released", account: "customs-1" },
      offer: handoff(),
      "guard-exit": { code: "let-through", account: "guard-1" },
      handoff: handoff(),
      close: custody(),
    });
    expect(partsAt("cn")).toEqual({
      accept: handoff(),
      "guard-entry": { code: "picture", reference: "picture-2" },
      unload: { code: "landed" },
      close: custody(),
    });
  });

  it("is recorded in parts where agencies want more, a weight is accepted and an agency speaks on paper", async () => {
    const answers: readonly DeviceResult[] = [
      { kind: "weigh", grossKg: 29_000.4, scaleClass: "5" },
      { kind: "judge-scan", verdict: "suspect", account: "analyst-1" },
      { kind: "decide", decision: "inspect", account: "customs-1" },
      { kind: "quarantine", outcome: "certified", certificate: "phyto-1" },
    ];
    const good = sides.world.answer;
    sides.world.answer = (job) => {
      const result = answers.find(({ kind }) => kind === job.task.kind);
      if (job.task.kind === "guard-check" && job.deviceId.startsWith("vn.")) return undefined;
      return result === undefined ? good(job) : { status: "done", result };
    };
    await vn().place(order(1, "vn"));
    await sides.run(() => first()?.status === "held");
    const missionId = first()?.missionId ?? "";
    expect(first()?.held).toEqual({ code: "weight-mismatch", detail: "29000 kg, declared 20000 kg" });
    await vn().resume(missionId, "lan", "override");
    await sides.run(() => first()?.status === "held");
    const paper = { type: "paper", accounts: ["hoa", "binh"], documentNo: "BP-7" } as const;
    expect(await vn().byPerson(missionId, "paper-border-guard", paper)).toEqual({ kind: "done" });
    await delivered();
    expect(partsAt("vn")).toMatchObject({
      weigh: { code: "accepted", mismatch: "weight-mismatch", account: "lan" },
      verdict: { code: "scan-suspect" },
      quarantine: { code: "certificate", reference: "phyto-1" },
      decision: { code: "to-inspect", account: "customs-1" },
      inspection: { code: "inspected", officers: ["officer-1", "officer-2"] },
      "guard-exit": { code: "on-paper", documentNo: "BP-7", accounts: ["hoa", "binh"] },
    });
  });

  it("names who vouched for a mission that was taken on in the middle of its way", async () => {
    sides.world.park("sim.vn-02", "vn", "vn.buffer-out-1");
    sides.world.vehicles.get("sim.vn-02" as VehicleId)?.loadIds.push(containerNo(7));
    const found = { vehicleId: "sim.vn-02", atStationId: "vn.buffer-out-1", step: "verdict" } as const;
    await vn().adopt({ order: order(7, "vn"), ...found, account: "lan" });
    expect(told("vn")[0]).toMatchObject({
      evidence: "adopted by lan",
      evidenceParts: { code: "adopted", account: "lan" },
    });
  });

  it.each([
    ["of before there were parts", {}],
    ["with parts of another version", { evidenceParts: { code: "sniffed", dog: "rex" } }],
  ])("is read as it stands in a record %s", async (_of, parts) => {
    await vn().place(order(1, "vn"));
    await sides.run(() => first()?.step === "weigh");
    const context = (await sides.stores.vn.load()).missions[0]?.context;
    const timeline = [{ step: "arm-seal", atMs: 1, evidence: "seal SEAL-1", ...parts }];
    const reading = readContext({ ...context, timeline });
    if (reading.kind === "invalid") throw new Error(reading.detail);
    expect(reading.context.timeline).toEqual(timeline);
  });
});

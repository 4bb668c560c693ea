import {
  type ActionId,
  countedIds,
  createVda5050Adapter,
  type FleetOrderId,
  type ManualClock,
  manualClock,
  memoryBroker,
  type NetworkConditions,
  type OpenLink,
  type VehicleId,
} from "@baton/fleet-adapter";
import {
  type HandoffPointId,
  type NodeId,
  nodePoseInSite,
  otherSide,
  SIDES,
  type Side,
  type StationId,
} from "@baton/maps";
import type { TransferDevice } from "@baton/orchestrator";
import { describe, expect, it } from "vitest";
import { recordHash } from "../../orchestrator/src/handoff/custody.ts";
import {
  createHandoffMemory,
  createMemoryHandoffStore,
} from "../../orchestrator/src/handoff/handoff-store.ts";
import { createLinkedTransferDevices } from "../../orchestrator/src/handoff/linked-transfer-devices.ts";
import { memoryPartnerLink } from "../../orchestrator/src/handoff/memory-partner-link.ts";
import type { HandoffEvent } from "../../orchestrator/src/handoff/port.ts";
import { createHandoffs } from "../../orchestrator/src/handoff/service.ts";
import type { HandoffService } from "../../orchestrator/src/handoff/service-port.ts";
import { keyRingOf } from "../../orchestrator/src/handoff/testing/test-keys.ts";
import { manifest, offerOf } from "../../orchestrator/src/handoff/testing/two-sides.ts";
import { type RunningLineCrane, startLineCrane } from "../../sim/src/line-crane/line-crane.ts";
import { silentLog } from "../../sim/src/process/log.ts";
import { processMemory } from "../../sim/src/process/memory.ts";
import { seededRandom } from "../../sim/src/random/seeded.ts";
import { loadScenario } from "../../sim/src/scenario/load.ts";
import { vehiclesOf } from "../../sim/src/scenario/world.ts";
import { START_MS, vehicleAt } from "../../sim/src/vehicle/example-vehicle.ts";
import { startFleet } from "../../sim/src/vehicle/fleet.ts";

const POINT = "export-crane" as HandoffPointId;
const CRANE = "line-crane-1";
const BOX = "CSQU3054383";
/** Any two places, one on each side, where a vehicle can stand: the crane's pads. */
const PADS = { vn: "vn.out.hold", cn: "cn.out.hold" } as const;
const HOUR_MS = 3_600_000;
const ROUGH: NetworkConditions = {
  latencyMs: { min: 5, max: 60 },
  lossShare: 0.05,
  duplicateShare: 0.02,
  reorderShare: 0.02,
};
const takes = (valueS: number) => ({ kind: "constant" as const, valueS, source: "a test" });

interface Line {
  readonly clock: ManualClock;
  readonly services: Readonly<Record<Side, HandoffService>>;
  readonly events: { readonly side: Side; readonly event: HandoffEvent }[];
  crane(): TransferDevice;
  /** Its process is killed and started again. */
  restartCrane(): Promise<void>;
  feel: RunningLineCrane["feel"];
  loads(side: Side): readonly string[];
  pass(ms: number, isSo?: () => boolean): Promise<void>;
}

/** Both hand-off rooms, a simulated crane with a session at each side's broker, and a simulated vehicle on each pad. */
async function line(seed: string): Promise<Line> {
  const { scenario, site } = await loadScenario("first-look");
  const { siteId } = scenario;
  const clock = manualClock(START_MS);
  const broker = (side: Side) =>
    memoryBroker({ clock, timers: clock, random: seededRandom(seed, "broker", side), network: ROUGH });
  const brokers = { vn: broker("vn"), cn: broker("cn") };
  const openLink: Record<Side, OpenLink> = { vn: brokers.vn.openLink, cn: brokers.cn.openLink };
  const models = vehiclesOf(scenario, site, START_MS).map(({ model }) => model);
  const modelOf = (side: Side) => {
    const model = models.find(({ vehicleId }) => vehicleId.includes(side));
    if (model === undefined) throw new Error(`${side} has no vehicle`);
    return model;
  };
  const vehicleOf = { vn: modelOf("vn"), cn: modelOf("cn") };
  const fleet = startFleet({
    vehicles: SIDES.map((side) => ({
      model: vehicleOf[side],
      fresh: vehicleAt(site, side, PADS[side], side === "vn" ? BOX : undefined),
    })),
    openLink,
    clock,
    memory: processMemory(),
    log: silentLog,
  });
  const padOf = (side: Side) => {
    const pose = nodePoseInSite(site, side, PADS[side]);
    if (pose === undefined) throw new Error(`no pad on ${side}`);
    return pose;
  };
  const memory = processMemory();
  const craneOn = (): RunningLineCrane =>
    startLineCrane({
      siteId,
      deviceId: CRANE,
      seed,
      pads: { vn: padOf("vn"), cn: padOf("cn") },
      lift: takes(70),
      openLink,
      clock,
      memory,
      log: silentLog,
    });
  let crane = craneOn();

  const events: Line["events"] = [];
  const links = { vn: linkFrom("vn"), cn: linkFrom("cn") };
  function linkFrom(side: Side) {
    const there = otherSide(side);
    return memoryPartnerLink({
      timers: clock,
      random: seededRandom(seed, "partner", side),
      network: ROUGH,
      door: (...request) => services[there].receiveFromPartner(...request),
      beat: (...request) => services[there].heartbeatFromPartner(...request),
      sign: (answer) => services[there].gate.signAnswer(answer),
    });
  }
  const open = (side: Side) => {
    const ids = countedIds(`${side}-${seed}`);
    const adapter = createVda5050Adapter({
      openLink: openLink[side],
      site,
      side,
      clock,
      timers: clock,
      ids,
      log: silentLog,
    });
    const transfers = createLinkedTransferDevices({
      openLink: openLink[side],
      siteId,
      side,
      clientId: `baton-${side}-line`,
      deviceAt: new Map([[POINT, CRANE]]),
    });
    const service = createHandoffs({
      side,
      partnerSide: otherSide(side),
      partnerUrl: `http://${otherSide(side)}.example`,
      keys: keyRingOf(side),
      store: createMemoryHandoffStore(createHandoffMemory()),
      fleet: adapter,
      transfers,
      clock,
      timers: clock,
      ids,
      log: silentLog,
      account: `duty-officer@${side}`,
      fetch: links[side].fetch,
    });
    transfers.subscribe((point, report) => {
      service.observeTransfer(point, report);
      // The giver's vehicle opens its locks when the crane has hold of the container, the taker's closes them under it.
      const moment = side === "vn" ? "engaged" : "hanging";
      if (report.phase !== moment) return;
      const stationId = CRANE as StationId;
      adapter.drive(vehicleOf[side].vehicleId as VehicleId, {
        orderId: `${moment}-${report.register.epoch}` as FleetOrderId,
        revision: 0,
        nodes: [
          {
            nodeId: PADS[side] as string as NodeId,
            released: true,
            actions: [
              {
                actionId: `${moment}-${report.register.epoch}` as ActionId,
                kind: side === "vn" ? "drop" : "pick",
                loadId: BOX,
                stationId,
              },
            ],
          },
        ],
        edges: [],
      });
    });
    service.subscribe((event) => {
      events.push({ side, event });
      if (event.kind === "offered") service.accept(event.offer.handoffId);
      if (event.kind === "accepted") service.ready(event.handoffId, manifest);
      if (event.kind === "ready") service.go(event.handoffId);
      if (event.kind === "switched" && side === "cn") service.receive(event.handoffId, { kind: "accepted" });
    });
    return { service, start: [adapter.start(), transfers.start(), service.start()] };
  };
  const opened = { vn: open("vn"), cn: open("cn") };
  const services: Record<Side, HandoffService> = { vn: opened.vn.service, cn: opened.cn.service };
  const pass: Line["pass"] = async (ms, isSo = () => false) => {
    const untilMs = clock.nowMs() + ms;
    for (;;) {
      // Every promise that can settle without time passing has settled when an immediate runs.
      await new Promise((resolve) => setImmediate(resolve));
      const dueMs = clock.nextDueMs() ?? Number.POSITIVE_INFINITY;
      if (isSo() || dueMs > untilMs) return;
      clock.advance(dueMs - clock.nowMs());
    }
  };
  await pass(10_000);
  await Promise.all([...opened.vn.start, ...opened.cn.start]);
  return {
    clock,
    services,
    events,
    crane: () => crane.now(),
    restartCrane: async () => {
      const stopped = crane.stop();
      await pass(5_000);
      await stopped;
      crane = craneOn();
    },
    feel: (event) => crane.feel(event),
    loads: (side) => fleet.vehicle(vehicleOf[side].vehicleId)?.loadIds ?? [],
    pass,
  };
}

const offer = ({ services, clock }: Line): void =>
  services.vn.offer({ ...offerOf("h-1", clock.nowMs()), mode: "container-transfers", handoffPointId: POINT });
const concluded =
  ({ events }: Line) =>
  (): boolean =>
    SIDES.every((side) => events.some((one) => one.side === side && one.event.kind === "concluded"));

async function isHandedOver(at: Line): Promise<void> {
  expect([at.loads("vn"), at.loads("cn")]).toEqual([[], [BOX]]);
  expect(at.crane()).toMatchObject({ phase: "free", register: { authority: "cn", handoffId: "h-1" } });
  const chains = await Promise.all(SIDES.map((side) => at.services[side].custody()));
  const [ours, theirs] = chains.map((chain) => chain.map(recordHash));
  expect(ours).toHaveLength(1);
  expect(theirs).toEqual(ours);
}

describe("a simulated crane at the line, over both sides' brokers", () => {
  it("sets the container of one side's vehicle on the other's, and both sides sign for it", async () => {
    const at = await line("calm");
    offer(at);
    await at.pass(HOUR_MS, concluded(at));
    await isHandedOver(at);
  });

  it("goes on where it was when its process dies and its hoist breaks with the container hanging", async () => {
    const at = await line("broken");
    offer(at);
    await at.pass(HOUR_MS, () => at.crane().phase === "landing");
    await at.pass(5_000);
    expect(at.loads("vn")).toEqual([]);
    at.feel({ kind: "fault", detail: "hoist drive" });
    await at.restartCrane();
    await at.pass(600_000);
    expect(at.crane()).toMatchObject({ fault: "hoist drive", register: { authority: "vn" } });
    expect(at.events).toContainEqual({
      side: "vn",
      event: expect.objectContaining({ kind: "trouble", code: "transfer-device-failed" }),
    });
    at.feel({ kind: "mended" });
    await at.pass(HOUR_MS, concluded(at));
    await isHandedOver(at);
  });
});

import {
  countedIds,
  type ManualClock,
  manualClock,
  type NetworkConditions,
  type VehicleId,
} from "@baton/fleet-adapter";
import {
  type EdgeId,
  type HandoffPointId,
  type NodeId,
  otherSide,
  SIDES,
  type Side,
  type VehicleClassId,
} from "@baton/maps";
import type { VisitPage } from "../../orchestrator/src/handoff/core/visit/page.ts";
import type { HandoffStore } from "../../orchestrator/src/handoff/handoff-store.ts";
import {
  type MemoryPartnerLink,
  memoryPartnerLink,
} from "../../orchestrator/src/handoff/memory-partner-link.ts";
import type { HandoffEvent, HandoffId } from "../../orchestrator/src/handoff/port.ts";
import { createHandoffs } from "../../orchestrator/src/handoff/service.ts";
import type { HandoffService } from "../../orchestrator/src/handoff/service-port.ts";
import { seeded } from "../../orchestrator/src/handoff/testing/seeded.ts";
import { keyRingOf } from "../../orchestrator/src/handoff/testing/test-keys.ts";
import { manifest, offerOf } from "../../orchestrator/src/handoff/testing/two-sides.ts";
import type { LeaderId, Ledger } from "../../orchestrator/src/reservation/ledger/ledger.ts";
import { createOrderWriter } from "../../orchestrator/src/reservation/orders.ts";
import type { ClosureId, LegId } from "../../orchestrator/src/reservation/port.ts";
import { createReservation } from "../../orchestrator/src/reservation/service.ts";
import { ModelVehicle } from "../../orchestrator/src/reservation/testing/model-vehicle.ts";
import { smallNetwork } from "../../orchestrator/src/reservation/testing/small-network.ts";
import { CARRIER } from "../../orchestrator/src/reservation/testing/traffic.ts";
import { visitorsGround } from "../../orchestrator/src/watch/visitors-ground.ts";

const TICK_MS = 200;
const RESTART_MS = 8_000;
const GUEST = "sim.vn-01" as VehicleId;
const SHUTTLE = "sim.cn-01" as VehicleId;
export const PAD = "pad";
export const OUT = "h-out" as HandoffId;
export const BACK = "h-back" as HandoffId;
const QUIET = { info: () => {}, warn: () => {}, error: () => {} };

/** Home's layout: a lane to the line, the pad beyond it, which is the host's ground, and the way back. */
const homeNetwork = smallNetwork(
  [
    { id: "yard", xM: 0, yM: 0, kind: "endpoint", blocks: ["yard"] },
    { id: "hold", xM: 40, yM: 0, kind: "way", blocks: ["hold"] },
    { id: "pad", xM: 80, yM: 0, kind: "endpoint", blocks: ["pad"] },
    { id: "back", xM: 40, yM: 40, kind: "endpoint", blocks: ["back"] },
  ],
  [
    { from: "yard", to: "hold" },
    { from: "hold", to: "pad" },
    { from: "pad", to: "back" },
  ],
  [PAD],
);

/** The host's layout: the way from the line to the pad, for visitors, and its own shuttle's round, which leads over the pad. */
const hostNetwork = smallNetwork(
  [
    { id: "line", xM: 60, yM: 0, kind: "way", blocks: ["line"] },
    { id: "pad", xM: 80, yM: 0, kind: "passing", blocks: ["pad"] },
    { id: "north", xM: 80, yM: 40, kind: "endpoint", blocks: ["north"] },
    { id: "south", xM: 80, yM: -40, kind: "endpoint", blocks: ["south"] },
    { id: "east", xM: 160, yM: 0, kind: "way", blocks: ["east"] },
  ],
  [
    { from: "line", to: "pad" },
    { from: "north", to: "pad" },
    { from: "pad", to: "south" },
    { from: "south", to: "east" },
    { from: "east", to: "north" },
  ],
);
const networks = { vn: homeNetwork, cn: hostNetwork };

export interface DeathAt {
  readonly side: Side;
  readonly atCommit: number;
  readonly when: "before" | "after";
}

export interface VisitingOptions {
  readonly network: NetworkConditions;
  readonly seed: number;
  readonly death?: DeathAt;
  readonly storeOf: (side: Side) => HandoffStore;
  readonly ledgerOf: (side: Side) => Ledger;
  /** Whether the host serves visits. */
  readonly serves?: boolean;
  /** Whether the home side lets its vehicle in as soon as it may. */
  readonly enters?: boolean;
  /** Whether the vehicle goes home by itself. */
  readonly returns?: boolean;
}

const PAD_EDGE = "line>pad" as EdgeId;
const BY_HAND = "by-hand" as ClosureId;

export interface Visiting {
  readonly clock: ManualClock;
  /** What was found broken, at any moment. */
  readonly broken: string[];
  /** How often the host's own vehicle has gone its round. */
  rounds(): number;
  service(side: Side): HandoffService;
  /** Where the visitor's body is, by the home side's blocks. */
  covers(): readonly string[];
  told<Kind extends HandoffEvent["kind"]>(side: Side, kind: Kind): Extract<HandoffEvent, { kind: Kind }>[];
  /** The host's closures. */
  closed(): readonly string[];
  /** A person of the host's closes the pad, or opens it again. */
  closePad(): void;
  openPad(): void;
  goHome(): void;
  letIn(): void;
  links: Readonly<Record<Side, MemoryPartnerLink>>;
  pass(ms: number, isSo?: () => boolean): Promise<void>;
  end(): Promise<void>;
}

/**
 * Two sides, each with its hand-off room and a real reservation engine. The home side's vehicle goes over the line to the host's pad, stands
 * there, and comes back; the host's own shuttle wants to drive over the same pad all the time. At every tick it is looked whether both
 * could be there.
 */
export async function visiting(options: VisitingOptions): Promise<Visiting> {
  const { network, seed, death, serves = true } = options;
  let { enters = true, returns = true } = options;
  const clock = manualClock(Date.UTC(2026, 10, 22));
  const events: { readonly side: Side; readonly event: HandoffEvent }[] = [];
  const services: Record<Side, HandoffService | undefined> = { vn: undefined, cn: undefined };
  const broken: string[] = [];
  let commits = 0;
  /** What the host has granted, as its store has it. */
  let lastKept: readonly string[] = [];
  let hasDied = false;
  let rounds = 0;
  let inWork = 0;
  const forAwhile = <T>(): Promise<T> => new Promise<T>(() => {});
  /** Time stands while a store or a ledger is asked. */
  const counted = <Inner extends object>(inner: Inner): Inner =>
    new Proxy(inner, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        return (...args: unknown[]): unknown => {
          const answer: unknown = Reflect.apply(member, target, args);
          if (!(answer instanceof Promise)) return answer;
          inWork++;
          return answer.finally(() => inWork--);
        };
      },
    });

  const vehicles = { vn: vehicleAt("vn", GUEST, "yard"), cn: vehicleAt("cn", SHUTTLE, "north") };
  function vehicleAt(side: Side, vehicleId: VehicleId, nodeId: string): ModelVehicle {
    return new ModelVehicle(networks[side], vehicleId, networks[side].poseIndex(nodeId as NodeId) ?? -1);
  }
  const engineOf = (side: Side) => {
    const engine = createReservation({
      network: networks[side],
      ledger: counted(options.ledgerOf(side)),
      kinematics: CARRIER,
      leaderId: `leader-${side}` as LeaderId,
      clock,
      timers: clock,
      tickMs: TICK_MS,
      log: QUIET,
    });
    const writer = createOrderWriter({
      network: networks[side],
      mayCommand: () => true,
      fleet: { drive: (_vehicleId, order) => vehicles[side].take(order) },
    });
    engine.onCommitted((legs) => writer.write(legs));
    return engine;
  };
  const engines = { vn: engineOf("vn"), cn: engineOf("cn") };
  let legs = 0;
  const send = (side: Side, toNodeId: string, viaNodeId?: string): void =>
    engines[side].requestLeg({
      legId: `${side}-${legs++}` as LegId,
      vehicleId: vehicles[side].vehicleId,
      via: viaNodeId === undefined ? [] : [{ nodeId: viaNodeId as NodeId, expectedDwellMs: 10_000 }],
      toNodeId: toNodeId as NodeId,
      actionsAtEnd: [],
      priority: 0,
      commandedBy: "us",
    });

  // The home side's mission: what it is to do next follows from where its vehicle is.
  let waitsAtHold: LegId | undefined;
  let standsAt = "yard";
  const goHome = (): void => {
    returns = true;
    if (standsAt === "pad") send("vn", "back");
  };
  engines.vn.subscribe((event) => {
    if (event.kind === "waitingAt") waitsAtHold = event.legId;
    if (event.kind !== "legCompleted") return;
    standsAt = event.nodeId;
    if (standsAt === "pad" && returns) goHome();
  });
  engines.cn.subscribe((event) => {
    if (event.kind !== "legCompleted") return;
    rounds++;
    send("cn", event.nodeId === "north" ? "south" : "north");
  });

  const links = { vn: linkOf("vn"), cn: linkOf("cn") };
  function linkOf(side: Side): MemoryPartnerLink {
    const there = otherSide(side);
    return memoryPartnerLink({
      timers: clock,
      random: seeded(seed + (side === "vn" ? 1 : 2)),
      network,
      door: (...request) => services[there]?.receiveFromPartner(...request) ?? forAwhile(),
      beat: (...request) => services[there]?.heartbeatFromPartner(...request) ?? forAwhile(),
      sign: (answer) => services[there]?.gate.signAnswer(answer) ?? {},
    });
  }
  const ground = visitorsGround({
    network: hostNetwork,
    reservation: engines.cn,
    stretches: new Map([[PAD, [PAD_EDGE]]]),
  });
  const nothing = { knows: () => false, keep: () => {}, isHeld: () => false };

  const bring = async (side: Side): Promise<void> => {
    let isAlive = true;
    const die = <T>(): Promise<T> => {
      isAlive = false;
      hasDied = true;
      services[side] = undefined;
      clock.after(RESTART_MS, () => void bring(side));
      return forAwhile();
    };
    const inner = counted(options.storeOf(side));
    const mortal = async <T>(write: () => Promise<T>): Promise<T> => {
      if (!isAlive) return forAwhile();
      const isDeath = !hasDied && death?.side === side && ++commits === death.atCommit;
      if (isDeath && death.when === "before") return die();
      const answer = await write();
      return isDeath ? die() : answer;
    };
    const store: HandoffStore = {
      open: () => inner.open(),
      load: () => inner.load(),
      custody: () => inner.custody(),
      rememberNonce: (...nonce) => inner.rememberNonce(...nonce),
      commit: (change) => mortal(() => inner.commit(change)),
      keepVisit: (record) =>
        mortal(async () => {
          const answer = await inner.keepVisit(record);
          if (record.role === "host" && answer === "kept") lastKept = grantedOf(record.page);
          return answer;
        }),
      acknowledged: (messageId) => (isAlive ? inner.acknowledged(messageId) : forAwhile()),
    };
    const service = createHandoffs({
      side,
      partnerSide: otherSide(side),
      partnerUrl: `http://${otherSide(side)}.example`,
      keys: keyRingOf(side),
      store,
      fleet: { instruct: () => {} },
      ...(side === "vn" ? { visitGround: nothing } : serves ? { visitGround: ground } : {}),
      clock,
      timers: {
        after: (ms, task) => clock.after(ms, () => isAlive && task()),
        every: (ms, task) => clock.every(ms, () => isAlive && task()),
      },
      ids: countedIds(`${side}-${clock.nowMs()}`),
      log: QUIET,
      account: `duty-officer@${side}`,
      fetch: (...request) => (isAlive ? links[side].fetch(...request) : forAwhile()),
    });
    service.subscribe((event) => {
      if (!isAlive) return;
      events.push({ side, event });
      if (event.kind === "offered") service.accept(event.offer.handoffId);
      if (event.kind === "switched" && isTaker(side, event.handoffId))
        service.receive(event.handoffId, { kind: "accepted" });
    });
    await service.start();
    services[side] = service;
    if (side === "vn")
      service.offer({ ...offerOf(OUT, clock.nowMs()), mode: "host-grants", vehicleId: GUEST });
  };

  /** What both sides' missions do next, by what they see; said again every second, as missions do. */
  const act = (): void => {
    const { vn, cn } = services;
    const phase = (side: Side, id: HandoffId): string | undefined => services[side]?.look(id)?.machine.phase;
    if (vn !== undefined) {
      const known = vn.visits.visitor(OUT);
      if (known?.isOver === false && standsAt === "yard") {
        vn.visits.want(OUT, PAD);
        if (waitsAtHold !== undefined && phase("vn", OUT) === "accepted") vn.ready(OUT, manifest);
      }
      const legId = waitsAtHold;
      if (enters && legId !== undefined && standsAt === "yard")
        void vn.visits
          .enter(OUT, PAD)
          .then((may) => may && engines.vn.proceed(GUEST, legId, "hold" as NodeId));
      if (standsAt === "back") {
        vn.visits.left(OUT, PAD);
        vn.visits.end(OUT);
      }
      if (phase("vn", BACK) === "prepared") vn.go(BACK);
    }
    if (cn !== undefined) {
      const page = cn.visits.page(OUT);
      if (phase("cn", OUT) === "prepared" && page?.stretches.some(({ state }) => state === "held"))
        cn.go(OUT);
      if (page?.stage === "over" && page.register.authority === "cn" && phase("cn", BACK) === undefined)
        cn.offer({
          ...offerOf(BACK, clock.nowMs()),
          mode: "host-grants",
          vehicleId: GUEST,
          direction: "import",
          handoffPointId: "import-1" as HandoffPointId,
        });
      if (phase("cn", BACK) === "accepted") cn.ready(BACK, { ...manifest, direction: "import" });
    }
  };
  const covers = (): readonly string[] =>
    vehicles.vn.covers().map((block) => String(homeNetwork.blocks.ids[block]));
  const judge = (): void => {
    const mayBeThere =
      covers().includes(PAD) || vehicles.vn.account().releasedEdgeIds.includes("hold>pad" as EdgeId);
    if (!mayBeThere) return;
    if (!lastKept.includes(PAD)) broken.push("the visitor is on the pad, which is not kept for it");
    const own = engines.cn.holding(SHUTTLE)?.grantedEdgeIds ?? [];
    const isOwn = own.some((edgeId) => edgeId === "north>pad" || edgeId === "pad>south");
    if (isOwn) broken.push("the host's own vehicle is granted the visitor's pad");
    if (vehicles.cn.covers().some((block) => hostNetwork.blocks.ids[block] === PAD))
      broken.push("both vehicles are on the pad");
  };

  for (const side of SIDES) {
    await engines[side].start();
    const nodeId = (side === "vn" ? "yard" : "north") as NodeId;
    engines[side].admit({
      vehicleId: vehicles[side].vehicleId,
      vehicleClassId: "carrier" as VehicleClassId,
      nodeId,
    });
  }
  const stops = [
    clock.every(TICK_MS, () => {
      for (const side of SIDES) {
        vehicles[side].drive(TICK_MS / 1_000, 1);
        engines[side].observe(vehicles[side].report(clock.nowMs()));
      }
      judge();
    }),
    clock.every(1_000, act),
  ];
  await Promise.all(SIDES.map(bring));
  send("vn", "pad", "hold");
  send("cn", "south");

  return {
    clock,
    broken,
    rounds: () => rounds,
    service: (side) => {
      const running = services[side];
      if (running === undefined) throw new Error(`${side} is not running`);
      return running;
    },
    covers,
    told: (side, kind) =>
      events.flatMap(({ side: by, event }) => (by === side && isOfKind(event, kind) ? [event] : [])),
    closePad: () =>
      engines.cn.close({ closureId: BY_HAND, edgeIds: [PAD_EDGE], reason: "people work there" }),
    openPad: () => engines.cn.open(BY_HAND),
    closed: () => engines.cn.outOfUse().closures.map(({ closureId }) => closureId),
    goHome,
    letIn: () => {
      enters = true;
    },
    links,
    pass: async (ms, isSo = () => false) => {
      const untilMs = clock.nowMs() + ms;
      for (;;) {
        do await new Promise((resolve) => setImmediate(resolve));
        while (inWork > 0);
        const dueMs = clock.nextDueMs() ?? Number.POSITIVE_INFINITY;
        if (isSo() || dueMs > untilMs) return;
        clock.advance(dueMs - clock.nowMs());
      }
    },
    end: async () => {
      for (const stop of stops) stop();
      await Promise.all(SIDES.map((side) => services[side]?.stop()));
      await Promise.all(SIDES.map((side) => engines[side].stop()));
    },
  };
}

const grantedOf = ({ stretches }: VisitPage): readonly string[] =>
  stretches.flatMap(({ stretchId, state }) =>
    state === "granted" || state === "revoked" ? [stretchId] : [],
  );

const isTaker = (side: Side, handoffId: HandoffId): boolean => (side === "cn") === (handoffId === OUT);

function isOfKind<Kind extends HandoffEvent["kind"]>(
  event: HandoffEvent,
  kind: Kind,
): event is Extract<HandoffEvent, { kind: Kind }> {
  return event.kind === kind;
}

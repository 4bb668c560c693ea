import {
  type ControlRegister,
  countedIds,
  type Instruction,
  manualClock,
  type Timers,
  type VehicleId,
} from "@baton/fleet-adapter";
import { otherSide, SIDES, type Side } from "@baton/maps";
import type { SignedRecord } from "../core/messages.ts";
import type { HandoffStore } from "../handoff-store.ts";
import type { KnownKey } from "../keys.ts";
import { faultyLink, type MemoryPartnerLink } from "../memory-partner-link.ts";
import type { Fetch } from "../partner-ask.ts";
import type { HandoffId } from "../port.ts";
import { createHandoffs } from "../service.ts";
import type { HandoffService } from "../service-port.ts";
import { seeded } from "./seeded.ts";
import { keyRingOf, publicKeys } from "./test-keys.ts";
import { manifest, offerOf } from "./two-sides.ts";

const A_HANDOFF_EVERY_MS = 18_000;
const START_MS = Date.UTC(2026, 10, 22);
const NETWORK = {
  latencyMs: { min: 20, max: 400 },
  lossShare: 0.2,
  duplicateShare: 0.2,
  reorderShare: 0.2,
};
/** Instructions and states of vehicles get lost as often. */
const VEHICLE_LOSS_SHARE = 0.2;
const MEAN_LIFE_MS = 60_000;
/** What is under way when the traffic ends has so long to come to its end. */
const END_WITHIN_MS = 30 * 60_000;

/** What the two sides stand on: a store that outlives a side's processes, and the way from one process to the other's door. */
export interface ChaosFooting {
  /** Where a side's door is, whichever of its processes is behind it. */
  urlOf(side: Side): string;
  storeOf(side: Side): HandoffStore;
  /** A process of the side has come up, and its door with it. */
  open(side: Side, service: HandoffService): Promise<void>;
  /** It was killed: from here on its door answers nothing. */
  shut(side: Side): Promise<void>;
  /** The way to the door of the side. Rejects, or never answers, while it is shut. */
  wayTo(side: Side): Fetch;
}

export interface ChaosFindings {
  readonly handoffs: readonly {
    readonly handoffId: HandoffId;
    readonly giver: Side;
    readonly vehicleId: VehicleId;
  }[];
  readonly custody: Readonly<Record<Side, readonly SignedRecord[]>>;
  readonly publicKeys: readonly KnownKey[];
  readonly registers: ReadonlyMap<VehicleId, ControlRegister>;
  /** How often each vehicle's register was changed. */
  readonly switches: ReadonlyMap<VehicleId, number>;
  readonly kills: number;
  readonly commits: number;
  readonly lost: number;
  readonly doubled: number;
  /** From the end of the traffic until the last hand-off was concluded for both, s. */
  readonly doneAfterS: number;
}

/** One life of a side's process: nothing of it does anything once it has been killed. */
interface Life {
  readonly service: HandoffService;
  isAlive: boolean;
  /** Killed at its next commit: before the store has it, or after, with nothing of it carried out. */
  doomed: "before" | "after" | undefined;
}

/**
 * Traffic at the line on the worst of days: 200 hand-offs an hour, both ways in turn, while a fifth of everything is lost, a
 * fifth doubled, a fifth overtaken, and either process is killed about once a minute and started again. Time is the
 * test's own; it stands while anything real (a store, a socket) is being waited for, so that the footing may be slow.
 */
export async function chaosHour(
  footing: ChaosFooting,
  minutes: number,
  seed: number,
): Promise<ChaosFindings> {
  const clock = manualClock(START_MS);
  const random = seeded(seed);
  const registers = new Map<VehicleId, ControlRegister>();
  const switches = new Map<VehicleId, number>();
  const concluded: Record<Side, Set<HandoffId>> = { vn: new Set(), cn: new Set() };
  const lives: Record<Side, Life | undefined> = { vn: undefined, cn: undefined };
  let kills = 0;
  let commits = 0;
  /** What missions still want: durable with them, and said again to each new process. */
  const offered = new Map<HandoffId, { readonly giver: Side; readonly vehicleId: VehicleId }>();

  let inWork = 0;
  const awaited = async <Result>(work: Promise<Result>): Promise<Result> => {
    inWork++;
    return work.finally(() => inWork--);
  };

  const storeOf = (side: Side, life: () => Life | undefined): HandoffStore => {
    const inner = footing.storeOf(side);
    const whileAlive = <Result>(run: () => Promise<Result>): Promise<Result> =>
      life()?.isAlive === false ? forever() : awaited(run());
    return {
      open: () => whileAlive(() => inner.open()),
      load: () => whileAlive(() => inner.load()),
      custody: () => whileAlive(() => inner.custody()),
      keepVisit: (record) => whileAlive(() => inner.keepVisit(record)),
      acknowledged: (messageId) => whileAlive(() => inner.acknowledged(messageId)),
      rememberNonce: (...nonce) => whileAlive(() => inner.rememberNonce(...nonce)),
      async commit(change) {
        if (life()?.isAlive === false) return forever();
        commits++;
        const doomed = life()?.doomed;
        if (doomed === "before") {
          kill(side);
          return forever();
        }
        const answer = await awaited(inner.commit(change));
        if (doomed !== "after") return life()?.isAlive === false ? forever() : answer;
        kill(side);
        return forever();
      },
    };
  };
  const obey = (vehicleId: VehicleId, instruction: Instruction): void => {
    const register = registers.get(vehicleId);
    if (instruction.kind !== "transferControl" || register?.authority !== instruction.from) return;
    if (register.epoch !== instruction.expectedEpoch || random.next() < VEHICLE_LOSS_SHARE) return;
    const { to, handoffId } = instruction;
    registers.set(vehicleId, { authority: to, epoch: register.epoch + 1, handoffId });
    switches.set(vehicleId, (switches.get(vehicleId) ?? 0) + 1);
  };
  const linkOf = (side: Side): MemoryPartnerLink => {
    const way = footing.wayTo(otherSide(side));
    const random = seeded(seed + (side === "vn" ? 1 : 2));
    return faultyLink((...request) => awaited(way(...request)), { timers: clock, random, network: NETWORK });
  };
  const links: Record<Side, MemoryPartnerLink> = { vn: linkOf("vn"), cn: linkOf("cn") };

  function kill(side: Side): void {
    const life = lives[side];
    if (life === undefined) return;
    life.isAlive = false;
    lives[side] = undefined;
    kills++;
    const isShut = awaited(footing.shut(side));
    clock.after(
      2_000 + Math.floor(random.next() * 20_000),
      () => void awaited(isShut.then(() => bring(side))),
    );
  }
  async function bring(side: Side): Promise<void> {
    let life: Life | undefined;
    const isAlive = (): boolean => life?.isAlive !== false;
    const timers: Timers = {
      after: (ms, task) => clock.after(ms, () => isAlive() && task()),
      every: (ms, task) => clock.every(ms, () => isAlive() && task()),
    };
    const service = createHandoffs({
      side,
      partnerSide: otherSide(side),
      partnerUrl: footing.urlOf(otherSide(side)),
      keys: keyRingOf(side),
      store: storeOf(side, () => life),
      fleet: { instruct: (vehicleId, instruction) => isAlive() && obey(vehicleId, instruction) },
      clock,
      timers,
      ids: countedIds(`process-${side}-${kills}`),
      log: { info: () => {}, warn: () => {}, error: () => {} },
      account: `duty-officer@${side}`,
      fetch: (...request) => (isAlive() ? links[side].fetch(...request) : forever()),
    });
    life = { service, isAlive: true, doomed: undefined };
    service.subscribe((event) => {
      if (!isAlive()) return;
      if (event.kind === "offered") service.accept(event.offer.handoffId);
      if (event.kind === "accepted") service.ready(event.handoffId, manifest);
      if (event.kind === "ready") service.go(event.handoffId);
      if (event.kind === "switched" && offered.get(event.handoffId)?.giver !== side)
        service.receive(event.handoffId, { kind: "accepted" });
      if (event.kind === "concluded") concluded[side].add(event.handoffId);
    });
    await service.start();
    await footing.open(side, service);
    lives[side] = life;
    for (const [handoffId, { giver, vehicleId }] of offered)
      if (giver === side) service.offer(offerFor(handoffId, giver, vehicleId));
  }
  const offerFor = (handoffId: HandoffId, giver: Side, vehicleId: VehicleId) => ({
    ...offerOf(handoffId, clock.nowMs()),
    direction: giver === "vn" ? ("export" as const) : ("import" as const),
    vehicleId,
    expiresAtMs: clock.nowMs() + 24 * 3_600_000,
  });
  const pass = async (ms: number, isSo: () => boolean): Promise<void> => {
    const untilMs = clock.nowMs() + ms;
    for (;;) {
      do await new Promise((resolve) => setImmediate(resolve));
      while (inWork > 0);
      const dueMs = clock.nextDueMs() ?? Number.POSITIVE_INFINITY;
      if (isSo() || dueMs > untilMs) return;
      clock.advance(dueMs - clock.nowMs());
    }
  };

  await Promise.all(SIDES.map(bring));
  const endMs = START_MS + minutes * 60_000;
  const isOver = (): boolean => clock.nowMs() >= endMs;
  clock.every(1_000, () => {
    for (const side of SIDES) {
      const life = lives[side];
      if (life === undefined) continue;
      if (offered.size > 0 && random.next() < 1_000 / MEAN_LIFE_MS && !isOver())
        life.doomed = random.next() < 0.5 ? "before" : "after";
      for (const [vehicleId, register] of registers)
        if (random.next() >= VEHICLE_LOSS_SHARE) life.service.observeRegister(vehicleId, register);
    }
  });
  clock.every(A_HANDOFF_EVERY_MS, () => {
    if (isOver()) return;
    const giver = offered.size % 2 === 0 ? "vn" : "cn";
    const vehicleId = `sim.${giver}-${offered.size}` as VehicleId;
    const handoffId = `h-${offered.size}` as HandoffId;
    registers.set(vehicleId, { authority: giver, epoch: 4 });
    offered.set(handoffId, { giver, vehicleId });
    lives[giver]?.service.offer(offerFor(handoffId, giver, vehicleId));
  });
  await pass(
    minutes * 60_000 + END_WITHIN_MS,
    () =>
      isOver() && SIDES.every((side) => lives[side] !== undefined && concluded[side].size >= offered.size),
  );
  const custody = { vn: await footing.storeOf("vn").custody(), cn: await footing.storeOf("cn").custody() };
  await Promise.all(SIDES.map((side) => lives[side]?.service.stop()));
  return {
    handoffs: [...offered].map(([handoffId, of]) => ({ handoffId, ...of })),
    custody,
    publicKeys,
    registers,
    switches,
    kills,
    commits,
    lost: links.vn.figures().lost + links.cn.figures().lost,
    doubled: links.vn.figures().doubled + links.cn.figures().doubled,
    doneAfterS: (clock.nowMs() - endMs) / 1_000,
  };
}

const forever = <Result>(): Promise<Result> => new Promise<Result>(() => {});

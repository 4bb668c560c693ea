import { countedIds, type ManualClock, manualClock, type NetworkConditions } from "@baton/fleet-adapter";
import { type HandoffPointId, otherSide, SIDES, type Side } from "@baton/maps";
import {
  freshTransferDevice,
  type Pad,
  type TransferDevice,
  type TransferEvent,
  transferDevice,
} from "../core/transfer-device.ts";
import { createHandoffMemory, createMemoryHandoffStore, type HandoffStore } from "../handoff-store.ts";
import { type MemoryPartnerLink, memoryPartnerLink } from "../memory-partner-link.ts";
import type { HandoffEvent, HandoffId, Offer } from "../port.ts";
import { createHandoffs } from "../service.ts";
import type { HandoffService } from "../service-port.ts";
import type { TransferReport } from "../transfer-port.ts";
import { seeded } from "./seeded.ts";
import { keyRingOf } from "./test-keys.ts";
import { manifest, offerOf } from "./two-sides.ts";

const START_MS = Date.UTC(2026, 10, 22);
const POINT = "export-crane" as HandoffPointId;
const WORK_MS = 20_000;
const TO_PAD_MS = 15_000;
const LOCKS_MS = 4_000;
const REPORT_EVERY_MS = 5_000;
const RESTART_MS = 8_000;

const LOADED: Pad = { isAtRest: true, twistLocks: "closed", hasContainer: true };
const EMPTY: Pad = { isAtRest: true, twistLocks: "open", hasContainer: false };

/** Where a process dies, to be started again a little later: at its n-th commit, just before it or just after it. */
export interface DeathAt {
  readonly side: Side;
  readonly atCommit: number;
  readonly when: "before" | "after";
}

export interface UnderCraneOptions {
  readonly network: NetworkConditions;
  /** How much of what goes to the crane and comes from it is lost. */
  readonly craneLossShare: number;
  readonly seed: number;
  readonly death?: DeathAt;
  /** Whether the taker's mission says `go` by itself. */
  readonly goes?: boolean;
}

export interface UnderCrane {
  readonly clock: ManualClock;
  readonly events: { readonly side: Side; readonly event: HandoffEvent }[];
  service(side: Side): HandoffService;
  crane(): TransferDevice;
  /** What the crane's controller hears from its own sensors and drives. */
  feel(event: TransferEvent): void;
  offer(handoffId: string, more?: Partial<Offer>): void;
  told<Kind extends HandoffEvent["kind"]>(side: Side, kind: Kind): Extract<HandoffEvent, { kind: Kind }>[];
  pass(ms: number, isSo?: () => boolean): Promise<void>;
  end(): Promise<void>;
}

/**
 * Two sides in memory, and a crane between two pads whose vehicles come, open and close their locks and leave as missions would
 * have them: a side's vehicle leaves its pad when its own hand-off room says that this is over, and never before.
 */
export async function underCrane(options: UnderCraneOptions): Promise<UnderCrane> {
  const { network, seed, death, craneLossShare, goes = true } = options;
  const clock = manualClock(START_MS);
  const random = seeded(seed);
  const events: UnderCrane["events"] = [];
  const memories = { vn: createHandoffMemory(), cn: createHandoffMemory() };
  const commits = { vn: 0, cn: 0 };
  const services: Record<Side, HandoffService | undefined> = { vn: undefined, cn: undefined };
  const wanted = new Map<HandoffId, Offer>();
  const onPad = new Map<Side, HandoffId>();
  let device = freshTransferDevice({ authority: "vn", epoch: 41 });
  let endWork: (() => void) | undefined;
  const forAwhile = <T>(): Promise<T> => new Promise<T>(() => {});
  const isLost = (): boolean => random.next() < craneLossShare;

  const report = (): void => {
    const { phase, register, fault } = device;
    const { handoffId, ...held } = register;
    const said: TransferReport = {
      deviceId: "crane",
      atMs: clock.nowMs(),
      phase,
      register: handoffId === undefined ? held : { ...held, handoffId: handoffId as HandoffId },
      ...(fault === undefined ? {} : { fault }),
    };
    for (const side of SIDES) if (!isLost()) services[side]?.observeTransfer(POINT, said);
  };
  const feel = (event: TransferEvent): void => {
    const before = device;
    const [next, effects] = transferDevice(device, event);
    device = next;
    for (const effect of effects) {
      if (effect.kind === "tell") report();
      else {
        endWork?.();
        endWork = effect.kind === "halt" ? undefined : clock.after(WORK_MS, () => worked());
      }
    }
    if (before.phase !== device.phase) moveLocks();
  };
  const worked = (): void => {
    endWork = undefined;
    const { phase, giver } = device;
    feel({ kind: "worked" });
    const side = phase === "lifting" ? giver : otherSide(giver);
    const pad = device.pads[side];
    if (pad !== undefined && (phase === "lifting" || phase === "landing"))
      feel({ kind: "sensed", side, pad: { ...pad, hasContainer: phase === "landing" } });
  };
  const moveLocks = (): void => {
    const { phase, giver } = device;
    const side = phase === "engaged" ? giver : phase === "landed" ? otherSide(giver) : undefined;
    if (side === undefined) return;
    clock.after(LOCKS_MS, () => {
      const pad = device.pads[side];
      const twistLocks = phase === "engaged" ? "open" : "closed";
      if (pad !== undefined && device.phase === phase)
        feel({ kind: "sensed", side, pad: { ...pad, twistLocks } });
    });
  };

  /** A vehicle rolls in for a hand-off, once whoever stood there has left. */
  const bringToPad = (side: Side, handoffId: HandoffId, then: () => void): void => {
    const there = onPad.get(side);
    if (there === handoffId) {
      then();
      return;
    }
    if (there !== undefined) {
      clock.after(TO_PAD_MS, () => bringToPad(side, handoffId, then));
      return;
    }
    onPad.set(side, handoffId);
    clock.after(TO_PAD_MS, () => {
      if (onPad.get(side) !== handoffId) return;
      feel({ kind: "sensed", side, pad: wanted.has(handoffId) && side === "vn" ? LOADED : EMPTY });
      then();
    });
  };
  const leave = (side: Side, handoffId: HandoffId): void => {
    if (onPad.get(side) !== handoffId) return;
    onPad.delete(side);
    feel({ kind: "sensed", side, pad: undefined });
  };

  const links: Record<Side, MemoryPartnerLink> = { vn: linkOf("vn"), cn: linkOf("cn") };
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
  const bring = async (side: Side): Promise<void> => {
    let isAlive = true;
    const die = <T>(): Promise<T> => {
      isAlive = false;
      services[side] = undefined;
      clock.after(RESTART_MS, () => void bring(side));
      return forAwhile();
    };
    const inner = createMemoryHandoffStore(memories[side]);
    const store: HandoffStore = {
      ...inner,
      commit: async (change) => {
        if (!isAlive) return forAwhile();
        const isDeath = death?.side === side && ++commits[side] === death.atCommit;
        if (isDeath && death.when === "before") return die();
        const answer = await inner.commit(change);
        return isDeath ? die() : answer;
      },
      acknowledged: (messageId) => (isAlive ? inner.acknowledged(messageId) : forAwhile()),
    };
    const service = createHandoffs({
      side,
      partnerSide: otherSide(side),
      partnerUrl: `http://${otherSide(side)}.example`,
      keys: keyRingOf(side),
      store,
      fleet: { instruct: () => {} },
      transfers: {
        serves: (point) => point === POINT,
        command: (_point, command) => {
          if (isAlive && !isLost()) feel({ ...command, by: side });
        },
      },
      clock,
      timers: {
        after: (ms, task) => clock.after(ms, () => isAlive && task()),
        every: (ms, task) => clock.every(ms, () => isAlive && task()),
      },
      ids: countedIds(`${side}-${clock.nowMs()}`),
      log: { info: () => {}, warn: () => {}, error: () => {} },
      account: `duty-officer@${side}`,
      fetch: (...request) => (isAlive ? links[side].fetch(...request) : forAwhile()),
    });
    service.subscribe((event) => {
      if (!isAlive) return;
      events.push({ side, event });
      const isGiver = side === "vn";
      if (event.kind === "offered") service.accept(event.offer.handoffId);
      if (event.kind === "accepted")
        bringToPad(side, event.handoffId, () => (services[side] ?? service).ready(event.handoffId, manifest));
      if (event.kind === "ready" && goes)
        bringToPad(side, event.handoffId, () => (services[side] ?? service).go(event.handoffId));
      if (event.kind === "switched" && !isGiver) service.receive(event.handoffId, { kind: "accepted" });
      if (event.kind === "switched" || event.kind === "concluded" || event.kind === "ended")
        leave(side, event.handoffId);
    });
    await service.start();
    services[side] = service;
    for (const offer of wanted.values()) if (side === "vn") service.offer(offer);
  };
  await Promise.all(SIDES.map(bring));
  const stopReports = clock.every(REPORT_EVERY_MS, report);

  const service = (side: Side): HandoffService => {
    const running = services[side];
    if (running === undefined) throw new Error(`${side} is not running`);
    return running;
  };
  return {
    clock,
    events,
    service,
    crane: () => device,
    feel,
    offer: (name, more = {}) => {
      const offer = {
        ...offerOf(name, clock.nowMs()),
        mode: "container-transfers",
        handoffPointId: POINT,
        ...more,
      } as const;
      wanted.set(offer.handoffId, offer);
      services.vn?.offer(offer);
    },
    told: (side, kind) =>
      events.flatMap(({ side: by, event }) => (by === side && isOfKind(event, kind) ? [event] : [])),
    pass: async (ms, isSo = () => false) => {
      const untilMs = clock.nowMs() + ms;
      for (;;) {
        // Every promise that can settle without time passing has settled when an immediate runs.
        await new Promise((resolve) => setImmediate(resolve));
        const dueMs = clock.nextDueMs() ?? Number.POSITIVE_INFINITY;
        if (isSo() || dueMs > untilMs) return;
        clock.advance(dueMs - clock.nowMs());
      }
    },
    end: async () => {
      stopReports();
      await Promise.all(SIDES.map((side) => services[side]?.stop()));
    },
  };
}

function isOfKind<Kind extends HandoffEvent["kind"]>(
  event: HandoffEvent,
  kind: Kind,
): event is Extract<HandoffEvent, { kind: Kind }> {
  return event.kind === kind;
}

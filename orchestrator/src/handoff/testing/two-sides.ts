import {
  type Clock,
  type ControlRegister,
  countedIds,
  type Instruction,
  type Timers,
  type VehicleId,
  wallClock,
} from "@baton/fleet-adapter";
import type { HandoffPointId, Side } from "@baton/maps";
import { otherSide } from "@baton/maps";
import Fastify, { type FastifyInstance } from "fastify";
import { Redis } from "ioredis";
import { freePort } from "../../testing/free-port.ts";
import type { Change, HandoffStore } from "../handoff-store.ts";
import { httpFetch } from "../http-fetch.ts";
import {
  createKeyRing,
  generateKeyPair,
  type KeyRing,
  type KnownKey,
  readPrivateKey,
  readPublicKey,
} from "../keys.ts";
import type { Manifest } from "../manifest.ts";
import type { Fetch, PartnerAnswer } from "../partner-ask.ts";
import type { HandoffEvent, HandoffId, Offer } from "../port.ts";
import { createRedisHandoffStore } from "../redis-handoff-store.ts";
import { createHandoffs } from "../service.ts";
import type { HandoffService } from "../service-port.ts";
import type { HandoffSettings } from "../settings.ts";

/**
 * Two sides of a border as they run: each its own keys in a real Redis, its own HTTP server on loopback, its own mission;
 * between them a vehicle with a control register. Their clock runs SPEED times faster than the machine's.
 */
export const SPEED = 20;

export const VEHICLE = "sim.vn-01" as VehicleId;
export const manifest: Manifest = {
  container: {
    containerNo: "CSQU3054383",
    sizeType: "45G1",
    declaredGrossKg: 21_000,
    weighedGrossKg: 21_040.5,
    seals: [{ sealNo: "VN-0042", sealClass: "H", state: "armed" }],
    goodsSummary: "dragon fruit, quả thanh long, 火龙果",
  },
  consignment: { orderId: "o-1", declarationNo: "VN-2026-1", channel: "green" },
  scan: { scanReference: "scan-1", sha256: "a".repeat(64), verdict: "clear" },
  vehicle: { manufacturer: "sim", serialNumber: "vn-01", lengthM: 15, widthM: 3, batteryPct: 80 },
  direction: "export",
  priority: 3,
};

export function offerOf(handoffId: string, nowMs: number, vehicleId: VehicleId = VEHICLE): Offer {
  return {
    handoffId: handoffId as HandoffId,
    handoffPointId: "export-1" as HandoffPointId,
    direction: "export",
    vehicleId,
    vehicleHome: "vn",
    manifest: { ...manifest, vehicle: { ...manifest.vehicle, batteryPct: 81 } },
    etaMs: Math.round(nowMs) + 60_000,
    expiresAtMs: Math.round(nowMs) + 3_600_000,
  };
}

/** What a side's mission does by itself when it is told something; tests replace what they want to hold back. */
export interface Conduct {
  readonly accepts: boolean;
  readonly readies: boolean;
  readonly goes: boolean;
  readonly receives: boolean;
}
const WILLING: Conduct = { accepts: true, readies: true, goes: true, receives: true };

/** Where a process dies, to be started again at once: at its n-th commit, just before it or just after it. */
export interface Death {
  readonly side: Side;
  readonly atCommit: number;
  readonly when: "before" | "after";
}

export interface TwoSides {
  readonly clock: Clock & Timers;
  readonly keys: Readonly<Record<Side, KeyRing>>;
  readonly publicKeys: readonly KnownKey[];
  readonly events: Readonly<Record<Side, HandoffEvent[]>>;
  readonly instructions: Instruction[];
  readonly vehicle: { register: ControlRegister; deaf: boolean };
  service(side: Side): HandoffService;
  isRunning(side: Side): boolean;
  /** Sides whose store cannot be reached. */
  readonly storeDown: Set<Side>;
  url(side: Side): string;
  store(side: Side): HandoffStore;
  conduct: Conduct;
  /** What the network does with each request of either side. */
  network: (send: () => Promise<PartnerAnswer>, from: Side) => Promise<PartnerAnswer>;
  /** Has the process died that was to die? */
  hasDied: boolean;
  /** Ends a side's process without a goodbye. */
  kill(side: Side): Promise<void>;
  start(side: Side): Promise<void>;
  /** Events of one kind that a side was told. */
  told<Kind extends HandoffEvent["kind"]>(side: Side, kind: Kind): Extract<HandoffEvent, { kind: Kind }>[];
  end(): Promise<void>;
}

export interface TwoSidesOptions {
  readonly settings?: Partial<HandoffSettings>;
  readonly death?: Death;
}

export async function createTwoSides(
  redisUrl: string,
  { settings, death }: TwoSidesOptions = {},
): Promise<TwoSides> {
  const redis = new Redis(redisUrl);
  const clock = wallClock({ speed: SPEED });
  const zonePrefix = `test-${crypto.randomUUID()}`;
  const pems = { vn: generateKeyPair(), cn: generateKeyPair() };
  const publicKeys: KnownKey[] = (["vn", "cn"] as const).map((side) => ({
    keyId: `${side}-1`,
    side,
    publicKey: readPublicKey(pems[side].publicPem),
  }));
  const ring = (side: Side): KeyRing =>
    createKeyRing({
      side,
      keyId: `${side}-1`,
      privateKey: readPrivateKey(pems[side].privatePem),
      publicKeys: publicKeys.filter((key) => key.side !== side),
    });
  const ports = { vn: await freePort(), cn: await freePort() };
  const url = (side: Side): string => `http://127.0.0.1:${ports[side]}`;
  const store = (side: Side): HandoffStore =>
    createRedisHandoffStore({ redis, zoneId: `${zonePrefix}:${side}` });
  const running: Partial<
    Record<Side, { service: HandoffService; app: FastifyInstance; dead: { yes: boolean } }>
  > = {};
  let incarnations = 0;

  const sides: TwoSides = {
    clock,
    keys: { vn: ring("vn"), cn: ring("cn") },
    publicKeys,
    events: { vn: [], cn: [] },
    instructions: [],
    vehicle: { register: { authority: "vn", epoch: 4 }, deaf: false },
    conduct: WILLING,
    network: (send) => send(),
    url,
    store,
    service(side) {
      const found = running[side];
      if (found === undefined) throw new Error(`${side} is not running`);
      return found.service;
    },
    isRunning: (side) => running[side] !== undefined,
    storeDown: new Set(),
    hasDied: false,
    async kill(side) {
      const found = running[side];
      if (found === undefined) return;
      delete running[side];
      found.dead.yes = true;
      void found.service.stop();
      await found.app.close();
    },
    async start(side) {
      const dead = { yes: false };
      const send: Fetch = (target, init) => sides.network(() => httpFetch(target, init), side);
      const service = createHandoffs({
        side,
        partnerSide: otherSide(side),
        partnerUrl: url(otherSide(side)),
        keys: sides.keys[side],
        store: mortal(
          store(side),
          dead,
          () => sides.storeDown.has(side),
          death?.side === side && !sides.hasDied ? death : undefined,
          () => {
            sides.hasDied = true;
            void sides.kill(side).then(() => sides.start(side));
          },
        ),
        fleet: { instruct: (_vehicleId, instruction) => dead.yes || obey(sides, instruction) },
        clock,
        timers: clock,
        ids: countedIds(`${side}-${zonePrefix}-${incarnations++}`),
        log: { info: () => {}, warn: () => {}, error: () => {} },
        account: `duty-officer@${side}`,
        fetch: (target, init) => (dead.yes ? Promise.reject(new Error("dead")) : send(target, init)),
        settings: { tickMs: 500, retryFirstMs: 200, retryMaxMs: 2_000, repeatMs: 4_000, ...settings },
      });
      service.subscribe((event) => {
        if (dead.yes) return;
        sides.events[side].push(event);
        actAsMission(service, event, side, sides.conduct);
      });
      const app = Fastify({ forceCloseConnections: true });
      await app.register(service.routes, { prefix: "/partner/v1" });
      await app.listen({ port: ports[side], host: "127.0.0.1" });
      running[side] = { service, app, dead };
      await service.start();
    },
    told(side, kind) {
      return sides.events[side].filter(isKind(kind));
    },
    async end() {
      stopStates();
      await Promise.all([sides.kill("vn"), sides.kill("cn")]);
      const left = await redis.keys(`{${zonePrefix}:*`);
      if (left.length > 0) await redis.del(...left);
      await redis.quit();
    },
  };
  // The vehicle reports its state to both sides, again and again.
  const stopStates = clock.every(200, () => {
    for (const side of ["vn", "cn"] as const)
      running[side]?.service.observeRegister(VEHICLE, sides.vehicle.register);
  });
  await sides.start("vn");
  await sides.start("cn");
  return sides;
}

function isKind<Kind extends HandoffEvent["kind"]>(kind: Kind) {
  return (event: HandoffEvent): event is Extract<HandoffEvent, { kind: Kind }> => event.kind === kind;
}

function actAsMission(service: HandoffService, event: HandoffEvent, side: Side, conduct: Conduct): void {
  if (event.kind === "offered" && conduct.accepts) service.accept(event.offer.handoffId);
  if (event.kind === "accepted" && conduct.readies) service.ready(event.handoffId, manifest);
  if (event.kind === "ready" && conduct.goes) service.go(event.handoffId);
  if (event.kind === "switched" && conduct.receives && side === "cn")
    service.receive(event.handoffId, { kind: "accepted" });
}

function obey({ vehicle, instructions }: TwoSides, instruction: Instruction): void {
  instructions.push(instruction);
  if (vehicle.deaf || instruction.kind !== "transferControl") return;
  const { register } = vehicle;
  if (register.authority !== instruction.from || register.epoch !== instruction.expectedEpoch) return;
  const { to, handoffId } = instruction;
  vehicle.register = { authority: to, epoch: register.epoch + 1, handoffId };
}

/** A store whose process dies at a given commit: from then on nothing it asks for happens, and nothing is answered. */
function mortal(
  store: HandoffStore,
  dead: { yes: boolean },
  isDown: () => boolean,
  plan: Death | undefined,
  die: () => void,
): HandoffStore {
  let commits = 0;
  const never = new Promise<never>(() => {});
  const whileAlive = async <Result>(run: () => Promise<Result>): Promise<Result> => {
    if (dead.yes) return never;
    if (isDown()) throw new Error("connection refused");
    return run();
  };
  return {
    open: () => whileAlive(() => store.open()),
    load: () => whileAlive(() => store.load()),
    custody: () => whileAlive(() => store.custody()),
    keepVisit: (record) => whileAlive(() => store.keepVisit(record)),
    acknowledged: (messageId) => whileAlive(() => store.acknowledged(messageId)),
    rememberNonce: (...nonce) => whileAlive(() => store.rememberNonce(...nonce)),
    commit: (change: Change) =>
      whileAlive(async () => {
        commits++;
        if (commits !== plan?.atCommit) return store.commit(change);
        dead.yes = true;
        if (plan.when === "after") await store.commit(change);
        die();
        return never;
      }),
  };
}

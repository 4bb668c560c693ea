import { sign, verify } from "node:crypto";
import {
  type ControlRegister,
  countedIds,
  type Instruction,
  manualClock,
  type RandomSource,
  type Timers,
  type VehicleId,
} from "@baton/fleet-adapter";
import { otherSide, SIDES, type Side } from "@baton/maps";
import { expect, it } from "vitest";
import { recordHash, recordOf, verifyChain } from "./custody.ts";
import { createHandoffMemory, createMemoryHandoffStore, type HandoffStore } from "./handoff-store.ts";
import type { Jws } from "./jws.ts";
import { createKeyRing, generateKeyPair, type KnownKey, readPrivateKey, readPublicKey } from "./keys.ts";
import { type MemoryPartnerLink, memoryPartnerLink } from "./memory-partner-link.ts";
import type { HandoffId } from "./port.ts";
import { createHandoffs } from "./service.ts";
import type { HandoffService } from "./service-port.ts";
import { manifest, offerOf } from "./testing/two-sides.ts";

/** An hour of traffic at the line on the worst of days; a shorter one unless asked for (`BATON_CHAOS_MINUTES=60`). */
const MINUTES = Number(process.env.BATON_CHAOS_MINUTES ?? 10);
const SEED = Number(process.env.BATON_SEED ?? 20261122);
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

const jws: Jws = {
  sign: async (payload, header, privateKey) => {
    const protectedHeader = Buffer.from(JSON.stringify(header)).toString("base64url");
    const input = `${protectedHeader}.${Buffer.from(payload).toString("base64url")}`;
    const signature = sign(null, Buffer.from(input), privateKey).toString("base64url");
    return { protected: protectedHeader, signature };
  },
  verify: async (payload, { protected: header, signature }, publicKey) =>
    verify(null, Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, "base64url")),
};
const pems = { vn: generateKeyPair(), cn: generateKeyPair() };
const publicKeys: readonly KnownKey[] = SIDES.map((side) => ({
  keyId: `${side}-1`,
  side,
  publicKey: readPublicKey(pems[side].publicPem),
}));

function seeded(seed: number): RandomSource {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return {
    next: () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    },
  };
}

/** One life of a side's process: nothing of it does anything once it has been killed. */
interface Life {
  readonly service: HandoffService;
  isAlive: boolean;
  /** Killed at its next commit: before the store has it, or after, with nothing of it carried out. */
  doomed: "before" | "after" | undefined;
}

it(`hands over 200 vehicles an hour with a fifth of everything lost, a fifth doubled, and both sides killed again and again: none lost, none double, ledgers equal (seed ${SEED})`, async () => {
  const clock = manualClock(START_MS);
  const random = seeded(SEED);
  const registers = new Map<VehicleId, ControlRegister>();
  const switches = new Map<VehicleId, number>();
  const memories = { vn: createHandoffMemory(), cn: createHandoffMemory() };
  const lives: Record<Side, Life | undefined> = { vn: undefined, cn: undefined };
  const figures = { kills: 0, commits: 0 };
  /** What missions still want: durable with them, and said again to each new process. */
  const offered = new Map<HandoffId, { readonly giver: Side; readonly vehicleId: VehicleId }>();

  const forAwhile = <T>(): Promise<T> => new Promise<T>(() => {});
  const storeOf = (side: Side, life: () => Life | undefined): HandoffStore => {
    const inner = createMemoryHandoffStore(memories[side]);
    const alive = (): boolean => life()?.isAlive !== false;
    return {
      ...inner,
      commit: async (change) => {
        if (!alive()) return forAwhile();
        figures.commits++;
        const me = life();
        if (me?.doomed === "before") {
          kill(side);
          return forAwhile();
        }
        const answer = await inner.commit(change);
        if (me?.doomed !== "after") return answer;
        kill(side);
        return forAwhile();
      },
      acknowledged: (messageId) => (alive() ? inner.acknowledged(messageId) : forAwhile()),
    };
  };
  const obey = (vehicleId: VehicleId, instruction: Instruction): void => {
    const register = registers.get(vehicleId);
    if (instruction.kind !== "transferControl" || register?.authority !== instruction.from) return;
    if (register.epoch !== instruction.expectedEpoch || random.next() < VEHICLE_LOSS_SHARE) return;
    registers.set(vehicleId, {
      authority: instruction.to,
      epoch: register.epoch + 1,
      handoffId: instruction.handoffId,
    });
    switches.set(vehicleId, (switches.get(vehicleId) ?? 0) + 1);
  };
  const links: Record<Side, MemoryPartnerLink> = { vn: linkOf("vn"), cn: linkOf("cn") };
  function linkOf(side: Side): MemoryPartnerLink {
    const there = otherSide(side);
    return memoryPartnerLink({
      timers: clock,
      random: seeded(SEED + (side === "vn" ? 1 : 2)),
      network: NETWORK,
      door: (...request) => lives[there]?.service.receiveFromPartner(...request) ?? forAwhile(),
      beat: (...request) => lives[there]?.service.heartbeatFromPartner(...request) ?? forAwhile(),
      sign: (answer) => lives[there]?.service.gate.signAnswer(answer) ?? {},
    });
  }
  function kill(side: Side): void {
    const life = lives[side];
    if (life === undefined) return;
    life.isAlive = false;
    lives[side] = undefined;
    figures.kills++;
    clock.after(2_000 + Math.floor(random.next() * 20_000), () => void bring(side));
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
      partnerUrl: `http://${otherSide(side)}.example`,
      keys: createKeyRing({
        side,
        keyId: `${side}-1`,
        privateKey: readPrivateKey(pems[side].privatePem),
        publicKeys: publicKeys.filter((key) => key.side !== side),
        jws,
      }),
      store: storeOf(side, () => life),
      fleet: { instruct: (vehicleId, instruction) => isAlive() && obey(vehicleId, instruction) },
      clock,
      timers,
      ids: countedIds(`${side}-${figures.kills}`),
      log: { info: () => {}, warn: () => {}, error: () => {} },
      account: `duty-officer@${side}`,
      fetch: (...request) => (isAlive() ? links[side].fetch(...request) : forAwhile()),
    });
    life = { service, isAlive: true, doomed: undefined };
    service.subscribe((event) => {
      if (!isAlive()) return;
      if (event.kind === "offered") service.accept(event.offer.handoffId);
      if (event.kind === "accepted") service.ready(event.handoffId, manifest);
      if (event.kind === "ready") service.go(event.handoffId);
      if (event.kind === "switched" && offered.get(event.handoffId)?.giver !== side)
        service.receive(event.handoffId, { kind: "accepted" });
    });
    await service.start();
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
  const pass = async (ms: number, isSo: () => boolean = () => false): Promise<void> => {
    const untilMs = clock.nowMs() + ms;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const dueMs = clock.nextDueMs() ?? Number.POSITIVE_INFINITY;
      if (isSo() || dueMs > untilMs) return;
      clock.advance(dueMs - clock.nowMs());
    }
  };

  await Promise.all(SIDES.map(bring));
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
  const endMs = START_MS + MINUTES * 60_000;
  const isOver = (): boolean => clock.nowMs() >= endMs;
  let next = 0;
  clock.every(A_HANDOFF_EVERY_MS, () => {
    if (isOver()) return;
    const giver = next % 2 === 0 ? "vn" : "cn";
    const vehicleId = `sim.${giver}-${next}` as VehicleId;
    const handoffId = `h-${next++}` as HandoffId;
    registers.set(vehicleId, { authority: giver, epoch: 4 });
    offered.set(handoffId, { giver, vehicleId });
    lives[giver]?.service.offer(offerFor(handoffId, giver, vehicleId));
  });
  const isDone = (): boolean =>
    isOver() &&
    SIDES.every(
      (side) => lives[side] !== undefined && memories[side].countersigned.size + givenBy(side) >= next,
    );
  const givenBy = (side: Side): number =>
    memories[side].ledger.filter(({ handoffId }) => offered.get(handoffId as HandoffId)?.giver === side)
      .length;
  await pass(MINUTES * 60_000 + 30 * 60_000, isDone);

  expect(figures.kills).toBeGreaterThan(MINUTES / 2);
  expect(next).toBeGreaterThanOrEqual(Math.floor((MINUTES * 60_000) / A_HANDOFF_EVERY_MS) - 1);
  const chains = { vn: await lives.vn?.service.custody(), cn: await lives.cn?.service.custody() };
  const hashes = (side: Side): Map<string, string> =>
    new Map((chains[side] ?? []).map((record) => [recordOf(record)?.handoffId ?? "?", recordHash(record)]));
  for (const side of SIDES) {
    expect(chains[side], `${side} keeps one record of each`).toHaveLength(next);
    expect(await verifyChain(chains[side] ?? [], side, publicKeys)).toMatchObject({
      ok: true,
      records: next,
      pending: 0,
    });
  }
  expect(hashes("vn"), "both ledgers say the same, record for record").toEqual(hashes("cn"));
  for (const [handoffId, { giver, vehicleId }] of offered) {
    expect(registers.get(vehicleId), handoffId).toEqual({ authority: otherSide(giver), epoch: 5, handoffId });
    expect(switches.get(vehicleId)).toBe(1);
  }
  console.log(
    `${next} hand-offs in ${MINUTES} min of traffic, ${figures.kills} kills, ${figures.commits} commits, done ${((clock.nowMs() - endMs) / 1000).toFixed(0)} s after the last; lost ${links.vn.figures().lost + links.cn.figures().lost}, doubled ${links.vn.figures().doubled + links.cn.figures().doubled}`,
  );
}, 600_000);

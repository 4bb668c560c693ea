import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { type ManualClock, manualClock } from "../time/manual-clock.ts";
import type { LinkMessage, LinkOptions, MessageLink } from "./link.ts";
import { type MemoryBroker, memoryBroker } from "./memory-broker.ts";
import type { NetworkConditions, RandomSource } from "./network.ts";

/** mulberry32 (T. Ettinger, 2017). */
function random(seed: number): RandomSource {
  let state = seed >>> 0;
  return {
    next: () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let word = Math.imul(state ^ (state >>> 15), state | 1);
      word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
      return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}

const share = fc.double({ min: 0, max: 0.6, noNaN: true });
const latencyMs = fc.tuple(fc.nat(40), fc.nat(40)).map(([min, more]) => ({ min, max: min + more }));
const faultless = latencyMs.map((latency) => ({
  latencyMs: latency,
  lossShare: 0,
  duplicateShare: 0,
  reorderShare: 0,
}));
const anyNetwork: fc.Arbitrary<NetworkConditions> = fc.record({
  latencyMs,
  lossShare: share,
  duplicateShare: share,
  reorderShare: share,
});

interface Heard {
  readonly atMs: number;
  readonly by: string;
  readonly topic: string;
  readonly value: unknown;
}

let clock: ManualClock;
let broker: MemoryBroker;
let heard: Heard[];
let said: string[];

function begin(network?: NetworkConditions, seed = 1): void {
  clock = manualClock();
  heard = [];
  said = [];
  broker = memoryBroker({
    clock,
    timers: clock,
    random: random(seed),
    ...(network === undefined ? {} : { network }),
  });
}
beforeEach(() => begin());

function open(clientId: string, subscriptions: string[] = [], more: Partial<LinkOptions> = {}): MessageLink {
  return broker.openLink({
    clientId,
    subscriptions,
    onOpen: () => said.push(`${clientId} opened`),
    onClose: () => said.push(`${clientId} closed`),
    onMessage: (topic, payload) => {
      const read = payload.json();
      const value = payload.isEmpty ? "" : read.ok ? read.value : read.reason;
      heard.push({ atMs: clock.nowMs(), by: clientId, topic, value });
    },
    ...more,
  });
}
/** Long enough for everything that is on its way. */
const settle = (): void => clock.advance(2_000);
const valuesOf = (by: string): unknown[] => heard.filter((one) => one.by === by).map((one) => one.value);
const will = (word: string): { will: { topic: string; message: LinkMessage } } => ({
  will: { topic: "status", message: { word } },
});

describe("a broker in memory", () => {
  it("hands over the very object, to each who asked for it, and to nobody from inside publish", () => {
    const order = Object.freeze({ orderId: "o-1" });
    const link = open("a", ["fleet/+/order"]);
    open("b", ["fleet/#", "fleet/v1/order"]);
    open("c", ["fleet/v2/order"]);
    settle();
    link.publish("fleet/v1/order", order);
    expect(heard).toEqual([]);
    clock.advance(0);
    expect(heard.map(({ by }) => by).sort()).toEqual(["a", "b"]);
    for (const one of heard) expect(one.value).toBe(order);
  });

  it("drops what is published before the session stands or after its end, and says when it stands", async () => {
    begin({ latencyMs: { min: 10, max: 10 }, lossShare: 0, duplicateShare: 0, reorderShare: 0 });
    open("ear", ["#"]);
    clock.advance(10);
    const link = open("mouth");
    link.publish("a", { when: "too early" });
    clock.advance(10);
    await link.whenOpen();
    link.publish("a", { when: "in time" });
    await link.end();
    link.publish("a", { when: "too late" });
    settle();
    expect(valuesOf("ear")).toEqual([{ when: "in time" }]);
    expect(said).toEqual(["ear opened", "mouth opened", "mouth closed"]);
  });

  it("refuses what is no JSON, and what is too long, as bytes from a wire would be", () => {
    const problems: unknown[] = [];
    open("ear", ["a"], { onMessage: (_topic, payload) => problems.push(payload.json(8)) });
    const link = open("mouth");
    settle();
    link.publish("a", "{ no");
    link.publish("a", JSON.stringify({ far: "too much" }));
    settle();
    expect(problems).toEqual([
      { ok: false, reason: expect.stringContaining("is not JSON") },
      { ok: false, reason: "has 18 bytes, more than 8" },
    ]);
  });

  it("says of a message whether it was kept from before the session", () => {
    const stored: [string, boolean][] = [];
    const mouth = open("mouth");
    settle();
    mouth.publish("a", { at: 1 }, { retain: true });
    settle();
    open("ear", ["a"], { onMessage: (topic, _payload, isStored) => stored.push([topic, isStored]) });
    settle();
    mouth.publish("a", { at: 2 }, { retain: true });
    settle();
    expect(stored).toEqual([
      ["a", true],
      ["a", false],
    ]);
  });

  it("gives a newcomer what is retained, and no more what was taken back", () => {
    const link = open("mouth");
    settle();
    link.publish("keep/1", { value: 1 }, { retain: true });
    link.publish("keep/1", { value: 2 }, { retain: true, qos: 1 });
    link.publish("keep/2", { value: 3 }, { retain: true });
    link.publish("keep/2", "", { retain: true });
    link.publish("pass/1", { value: 4 });
    settle();
    open("late", ["keep/+", "pass/+"]);
    settle();
    expect(heard).toMatchObject([{ by: "late", topic: "keep/1", value: { value: 2 } }]);
    expect(broker.figures().retained).toBe(1);
  });

  it("never lets a newcomer hear the older of two words last", () => {
    fc.assert(
      fc.property(faultless, fc.integer(), (network, seed) => {
        begin(network, seed);
        const link = open("mouth");
        settle();
        link.publish("a", { word: 1 }, { retain: true, qos: 1 });
        settle();
        open("late", ["a"], { onOpen: () => link.publish("a", { word: 2 }, { retain: true, qos: 1 }) });
        settle();
        expect(valuesOf("late")).toEqual([{ word: 1 }, { word: 2 }]);
      }),
    );
  });

  it("publishes the last will of a client that is cut off, and not of one that says goodbye", async () => {
    open("ear", ["status"]);
    const orderly = open("orderly", [], will("orderly is gone"));
    open("cut", [], will("cut is gone"));
    settle();
    await orderly.end({ topic: "status", message: { word: "goodbye" } });
    broker.cut(/^cut$/);
    settle();
    expect(valuesOf("ear")).toEqual([{ word: "goodbye" }, { word: "cut is gone" }]);
    expect(said.slice(3)).toEqual(["orderly closed", "cut closed"]);
    open("late", ["status"]);
    settle();
    expect(valuesOf("late"), "a will is retained").toEqual([{ word: "cut is gone" }]);
  });

  it("keeps a client away that was cut off until the network is mended, and lets it come back by itself", () => {
    const link = open("ear", ["a"]);
    const mouth = open("mouth");
    settle();
    broker.cut(/ear|newcomer/);
    open("newcomer", ["a"]);
    mouth.publish("a", { lost: true }, { qos: 1 });
    link.publish("a", { never: "sent" });
    settle();
    expect(heard).toEqual([]);
    expect(broker.figures().sessions).toBe(1);
    broker.mend();
    settle();
    mouth.publish("a", { lost: false });
    settle();
    expect(valuesOf("ear")).toEqual([{ lost: false }]);
    expect(valuesOf("newcomer")).toEqual([{ lost: false }]);
    expect(said.filter((one) => one.startsWith("ear"))).toEqual(["ear opened", "ear closed", "ear opened"]);
  });

  it.each([
    ["in its turn", 0],
    ["held up", 1],
  ])("loses what was on its way, %s, to a client that is cut off", (_how, reorderShare) => {
    begin({ latencyMs: { min: 1_000, max: 1_000 }, lossShare: 0, duplicateShare: 0, reorderShare });
    open("ear", ["a"]);
    const mouth = open("mouth");
    settle();
    mouth.publish("a", { on: "its way" }, { qos: 1 });
    clock.advance(20);
    broker.cut(/ear/);
    broker.mend();
    clock.advance(500);
    expect(said.at(-1)).toBe("ear opened");
    clock.advance(5_000);
    expect(heard).toEqual([]);
  });

  it("tells a dead process nothing any more, but the world its will", () => {
    open("ear", ["status"]);
    const dead = open("dead", ["status"], will("dead is dead"));
    open("dead after a cut");
    settle();
    broker.cut(/after a cut/);
    broker.kill(/after a cut/);
    broker.kill(/^dead$/);
    broker.cut(/^dead$/);
    broker.mend();
    dead.publish("status", { word: "from the grave" });
    settle();
    expect(said.filter((one) => one.startsWith("dead"))).toEqual(["dead opened", "dead after a cut opened"]);
    expect(valuesOf("dead")).toEqual([]);
    expect(valuesOf("ear")).toEqual([{ word: "dead is dead" }]);
  });

  it("ends a session when another begins under its id", () => {
    const troubles: string[] = [];
    open("one", ["a"], { ...will("one is gone"), onTrouble: (detail) => troubles.push(detail) });
    open("ear", ["status"]);
    settle();
    const second = open("one", ["a"]);
    settle();
    second.publish("a", { to: "the second" });
    settle();
    expect(valuesOf("one")).toEqual([{ to: "the second" }]);
    expect(valuesOf("ear")).toEqual([{ word: "one is gone" }]);
    expect(troubles).toEqual(["another session took over the client id one"]);
    expect(said).toEqual(["one opened", "ear opened", "one closed", "one opened"]);
  });

  it("says that no broker answers when the client is cut off for too long", async () => {
    broker.cut();
    const link = open("a");
    const failure = link.whenOpen().catch((error: unknown) => error);
    clock.advance(10_000);
    expect(await failure).toMatchObject({ code: "mqtt-unreachable" });
    broker.mend();
    clock.advance(500);
    expect(said).toEqual(["a opened"]);
  });

  it("refuses a network that is none", () => {
    const ofShare = (lossShare: number): NetworkConditions => ({
      latencyMs: { min: 0, max: 0 },
      lossShare,
      duplicateShare: 0,
      reorderShare: 0,
    });
    expect(() => begin(ofShare(1.5))).toThrow(/lossShare is from 0 to 1, not 1.5/);
    expect(() => begin({ ...ofShare(0), latencyMs: { min: 5, max: 2 } })).toThrow(/not 5 to 2/);
  });
});

/** What a run of traffic does; the same commands mean the same run. */
const command = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("publish" as const),
      by: fc.nat(2),
      on: fc.nat(2),
      qos: fc.constantFrom(0 as const, 1 as const),
      retain: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cut" as const), who: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("mend" as const) }) },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

/** Three clients that talk and listen; the number of a message is its place in the run. */
function run(network: NetworkConditions, seed: number, commands: readonly Command[]): readonly Heard[] {
  begin(network, seed);
  const clients = ["c0", "c1", "c2"].map((id) => open(id, ["t/+"], will(`${id} is gone`)));
  settle();
  for (const [number, one] of commands.entries()) {
    if (one.kind === "wait") clock.advance(one.ms);
    if (one.kind === "cut") broker.cut(new RegExp(`^c${one.who}$`));
    if (one.kind === "mend") broker.mend();
    if (one.kind === "publish") {
      const message = Object.freeze({ by: `c${one.by}`, number });
      clients[one.by]?.publish(`t/${one.on}`, message, { qos: one.qos, retain: one.retain });
    }
  }
  settle();
  return heard;
}

const traffic = fc.array(command, { maxLength: 60 });
const withoutCuts = traffic.map((commands) =>
  commands.filter((one) => one.kind === "publish" || one.kind === "wait"),
);
const numbersOf = (run: readonly Heard[], by: string): { from: string; number: number }[] =>
  run.flatMap(({ by: who, value }) => {
    const isOurs = typeof value === "object" && value !== null && "number" in value && "by" in value;
    return who === by && isOurs ? [{ from: String(value.by), number: Number(value.number) }] : [];
  });
const CLIENTS = ["c0", "c1", "c2"];

describe("whatever the network does", () => {
  it("the same seed gives the same run, and another seed another", () => {
    fc.assert(
      fc.property(anyNetwork, fc.integer(), traffic, (network, seed, commands) => {
        expect(JSON.stringify(run(network, seed, commands))).toBe(
          JSON.stringify(run(network, seed, commands)),
        );
      }),
    );
    const network = {
      latencyMs: { min: 0, max: 30 },
      lossShare: 0.2,
      duplicateShare: 0.2,
      reorderShare: 0.2,
    };
    const talk = Array.from({ length: 30 }, () => ({
      kind: "publish" as const,
      by: 0,
      on: 0,
      qos: 0 as const,
      retain: false,
    }));
    expect(run(network, 1, talk)).not.toEqual(run(network, 2, talk));
  });

  it("without faults each receiver hears each publisher once, in the order sent, within the latency", () => {
    fc.assert(
      fc.property(faultless, fc.integer(), withoutCuts, (network, seed, commands) => {
        const all = run(network, seed, commands);
        for (const by of CLIENTS) {
          const numbers = numbersOf(all, by);
          for (const from of CLIENTS) {
            const sent = commands.flatMap((one, number) =>
              one.kind === "publish" && `c${one.by}` === from ? [number] : [],
            );
            expect(numbers.filter((one) => one.from === from).map(({ number }) => number)).toEqual(sent);
          }
        }
        let nowMs = 2_000;
        const sentAtMs = commands.map((one) => {
          if (one.kind === "wait") nowMs += one.ms;
          return nowMs;
        });
        for (const { atMs, by, topic, value } of all) {
          const [{ number } = { number: -1 }] = numbersOf([{ atMs, by, topic, value }], by);
          const tookMs = atMs - (sentAtMs[number] ?? Number.NaN);
          expect(tookMs).toBeGreaterThanOrEqual(network.latencyMs.min);
          expect(tookMs).toBeLessThanOrEqual(network.latencyMs.max);
        }
      }),
    );
  });

  it("what was sent at QoS 1 arrives, at QoS 0 at most once, and nothing that was not sent", () => {
    fc.assert(
      fc.property(anyNetwork, fc.integer(), withoutCuts, (network, seed, commands) => {
        const all = run(network, seed, commands);
        for (const by of CLIENTS) {
          const numbers = numbersOf(all, by).map(({ number }) => number);
          for (const [number, one] of commands.entries()) {
            const times = numbers.filter((each) => each === number).length;
            if (one.kind !== "publish") expect(times).toBe(0);
            else if (one.qos === 1) expect(times).toBeGreaterThanOrEqual(1);
            else expect(times).toBeLessThanOrEqual(1);
          }
        }
      }),
    );
  });

  it("once it is mended, everyone knows what was retained last on each topic", () => {
    fc.assert(
      fc.property(faultless, fc.integer(), traffic, (network, seed, commands) => {
        run(
          network,
          seed,
          commands.map((one) => (one.kind === "publish" ? { ...one, retain: true } : one)),
        );
        broker.mend();
        settle();
        open("judge", ["t/+"]);
        settle();
        const known = (by: string): Map<string, unknown> =>
          new Map(heard.filter((one) => one.by === by).map(({ topic, value }) => [topic, value]));
        for (const client of CLIENTS) expect(known(client)).toEqual(known("judge"));
      }),
    );
  });

  it("loses, doubles and holds up about as many as it was told to", () => {
    begin({ latencyMs: { min: 5, max: 20 }, lossShare: 0.1, duplicateShare: 0.05, reorderShare: 0.02 }, 7);
    open("ear", ["a"]);
    const link = open("mouth");
    settle();
    for (let count = 0; count < 10_000; count += 1) {
      link.publish("a", { by: "mouth", number: count }, { qos: count % 2 === 0 ? 0 : 1 });
      clock.advance(1);
    }
    settle();
    const { lost, doubled, heldUp, delivered, published } = broker.figures();
    expect(published).toBe(10_000);
    expect(delivered).toBe(10_000 - lost + doubled);
    expect(lost / 5_000).toBeCloseTo(0.1, 1);
    expect(doubled / 5_000).toBeCloseTo(0.05, 1);
    expect(heldUp / 10_000).toBeCloseTo(0.02, 1);
    const counts = numbersOf(heard, "ear").map(({ number }) => number);
    const overtaken = counts.filter((count, at) => count < (counts[at - 1] ?? 0)).length;
    expect(overtaken).toBeGreaterThan(heldUp / 2);
  });
});

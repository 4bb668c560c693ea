import { type ManualClock, manualClock } from "@baton/fleet-adapter";
import { beforeEach, describe, expect, it } from "vitest";
import type { AskFailure } from "./partner-ask.ts";
import { PartnerWatch } from "./partner-watch.ts";

const SECOND = 1_000;
const AWAY: AskFailure = { kind: "unreachable", detail: "connection refused" };
const FORGED: AskFailure = { kind: "untrusted", detail: "status 200, bad-signature" };
const NO: AskFailure = { kind: "refused", status: 404, code: "route-unknown", retryable: false, detail: "" };

let clock: ManualClock;
let watch: PartnerWatch;
let told: string[];
let beats: number[];
let answer: () => Promise<AskFailure | undefined>;
beforeEach(() => {
  clock = manualClock();
  told = [];
  beats = [];
  answer = () => Promise.resolve(undefined);
  watch = new PartnerWatch({
    partnerUrl: "http://cn.example",
    clock,
    heartbeatMs: 10 * SECOND,
    silentAfterMs: 30 * SECOND,
    beat: () => {
      beats.push(clock.nowMs() / SECOND);
      return answer();
    },
    announce: (event) => {
      if (event.kind === "trouble") told.push(`${event.code}: ${event.detail}`);
    },
  });
});

/** Looks once a second, as the room does, and lets each answer come. */
async function pass(seconds: number, meanwhile: () => void = () => {}): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    watch.look();
    await new Promise((resolve) => setImmediate(resolve));
    meanwhile();
    clock.advance(SECOND);
  }
}

describe("a partner that has nothing to say and is told nothing", () => {
  it("is asked for a sign of life every ten seconds, and is heard", async () => {
    await pass(31);
    expect(beats).toEqual([0, 10, 20, 30]);
    expect(watch.lastHeardAtMs).toBe(30 * SECOND);
    expect(told).toEqual([]);
  });

  it("shows as silent thirty seconds after it was first out of reach, once, and as back with its first answer", async () => {
    answer = () => Promise.resolve(AWAY);
    await pass(30);
    expect(told).toEqual([]);
    await pass(40);
    expect(told).toEqual(["partner-silent: http://cn.example has not answered for 30 s: connection refused"]);
    expect(watch.isSilent).toBe(true);
    answer = () => Promise.resolve(undefined);
    await pass(11);
    expect(told[1]).toBe("partner-back: after 70 s");
    expect(watch.isSilent).toBe(false);
  });

  it("shows as silent when its answers never come or fail", async () => {
    answer = () => Promise.reject(new Error("no answer within 10000 ms"));
    await pass(31);
    expect(told).toEqual([
      "partner-silent: http://cn.example has not answered for 30 s: no answer within 10000 ms",
    ]);
  });

  it("is not asked again before it has answered or the way has given up", async () => {
    answer = () => new Promise(() => {});
    await pass(60);
    expect(beats).toEqual([0]);
  });
});

describe("what counts as a sign of life", () => {
  it("is a no, too, when the partner has signed it: one that knows no heartbeat is there", async () => {
    answer = () => Promise.resolve(NO);
    await pass(60);
    expect(told).toEqual([]);
  });

  it("is no answer that the partner has not signed", async () => {
    answer = () => Promise.resolve(FORGED);
    await pass(31);
    expect(told[0]).toContain("bad-signature");
  });

  it("is an answer to any message: nothing is asked while messages are answered", async () => {
    await pass(60, () => watch.answered());
    expect(beats).toEqual([0]);
  });

  it("is not the partner's own word, which does not say that ours reaches it", async () => {
    answer = () => Promise.resolve(AWAY);
    await pass(31, () => watch.spoke());
    expect(told[0]).toContain("partner-silent");
    expect(watch.lastHeardAtMs).toBe(30 * SECOND);
  });

  it("but a silent partner that speaks is asked at once whether it hears us", async () => {
    answer = () => Promise.resolve(AWAY);
    await pass(42);
    expect(beats).toEqual([0, 10, 20, 30, 40]);
    answer = () => Promise.resolve(undefined);
    watch.spoke();
    await pass(1);
    expect(beats.at(-1)).toBe(42);
    expect(watch.isSilent).toBe(false);
  });
});

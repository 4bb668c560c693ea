import type { VehicleId } from "@baton/fleet-adapter";
import type { HandoffPointId } from "@baton/maps";
import { describe, expect, it } from "vitest";
import type { Manifest } from "../manifest.ts";
import type { HandoffId } from "../port.ts";
import type { Effect, Step } from "./effects.ts";
import { beginGiver, type GiverEvent, giver } from "./giver.ts";
import type { GiverState } from "./giver-state.ts";
import { knownEpoch } from "./known-epoch.ts";
import { beginTaker, type TakerEvent, type TakerState, taker } from "./taker.ts";

const manifest: Manifest = {
  vehicle: { manufacturer: "sim", serialNumber: "vn-01", lengthM: 15, widthM: 3, batteryPct: 80 },
  direction: "export",
  priority: 0,
};
const terms = {
  handoffPointId: "export-1" as HandoffPointId,
  direction: "export" as const,
  vehicleId: "sim.vn-01" as VehicleId,
  vehicleHome: "vn" as const,
  manifest,
  etaMs: 0,
  expiresAtMs: 1_000,
};
const handoffId = "h-1" as HandoffId;
const record = { payload: "p", signatures: [{ protected: "t", signature: "t" }] };

const givers = (...events: GiverEvent[]): Step<GiverState> =>
  events.reduce<Step<GiverState>>(
    ([state], event) => giver(state, event),
    beginGiver({ handoffId, ...terms }, "vn", "cn", 0),
  );
const takers = (...events: TakerEvent[]): Step<TakerState> =>
  events.reduce<Step<TakerState>>(
    ([state], event) => taker(state, event),
    beginTaker(handoffId, { mode: "control-passes", ...terms }, "vn", "cn", 0),
  );
const kinds = (effects: readonly Effect[]): string[] =>
  effects.map((effect) =>
    effect.kind === "send"
      ? effect.message.type
      : effect.kind === "announce"
        ? `tell ${effect.event.kind}`
        : effect.kind,
  );

const nowMs = 10;
const accepted: GiverEvent = { kind: "message", message: { type: "accept", body: {} }, nowMs };
const go: GiverEvent = { kind: "message", message: { type: "go", body: {} }, nowMs };
const ready: GiverEvent = { kind: "ready", manifest, nowMs };
const seen = (authority: "vn" | "cn", epoch: number) => ({
  kind: "register" as const,
  register: { authority, epoch },
  nowMs,
});
const told: TakerEvent = { kind: "message", message: { type: "ready", body: { manifest, epoch: 4 } }, nowMs };

describe("the giver", () => {
  it("says ready only once it knows that the vehicle's register names it", () => {
    expect(kinds(givers(accepted, ready)[1])).toEqual([]);
    expect(kinds(givers(accepted, ready, seen("cn", 4))[1])).toEqual(["tell trouble"]);
    const [state, effects] = givers(accepted, ready, seen("vn", 4));
    expect(state).toMatchObject({ phase: "readied", epoch: 4 });
    expect(kinds(effects)).toEqual(["ready"]);
  });

  it("says no ready on a state that is older than what it knew, also from hand-offs that came to nothing", () => {
    const [ended] = givers(accepted, ready, seen("vn", 8), {
      kind: "message",
      message: { type: "revoke", body: { how: "revoked", reason: "r" } },
      nowMs,
    });
    expect(ended.phase).toBe("ended");
    expect(knownEpoch([ended])).toBe(8);
    const next = [accepted, ready, seen("vn", 7)].reduce<Step<GiverState>>(
      ([state], event) => giver(state, event),
      beginGiver({ handoffId, ...terms }, "vn", "cn", 0, knownEpoch([ended])),
    );
    expect(next).toMatchObject([{ phase: "readying" }, []]);
    expect(giver(next[0], seen("vn", 8))[0]).toMatchObject({ phase: "readied", epoch: 8 });
  });

  it("switches the witness on go, and believes only the witness that it has switched", () => {
    const [state, effects] = givers(accepted, ready, seen("vn", 4), go);
    expect(kinds(effects)).toEqual(["tell going", "switch"]);
    expect(effects[1]).toEqual({ kind: "switch", from: "vn", expectedEpoch: 4, to: "cn" });
    expect(giver(state, seen("vn", 4))).toEqual([state, []]);
    expect(giver(state, { kind: "tick", nowMs: 1_000_000 }), "no clock ends it").toEqual([state, []]);
    const [refused, problems] = giver(state, { kind: "receipt", finding: undefined, nowMs });
    expect(refused).toBe(state);
    expect(problems).toMatchObject([{ kind: "refuse", code: "witness-not-seen" }]);
    expect(giver(state, seen("cn", 5))[0]).toMatchObject({ phase: "switched", epoch: 5 });
  });

  it("reports a switch that was faster than the taker's wish to stop it", () => {
    const wish: GiverEvent = {
      kind: "message",
      message: { type: "revoke-request", body: { reason: "r" } },
      nowMs,
    };
    const [state, effects] = givers(accepted, ready, seen("vn", 4), go, wish);
    expect(effects).toEqual([{ kind: "switch", from: "vn", expectedEpoch: 4, to: "vn" }]);
    expect(giver(state, seen("cn", 5))[0].phase, "the transfer won").toBe("switched");
    expect(kinds(givers(accepted, ready, seen("vn", 4), go, seen("cn", 5), wish)[1])).toEqual(["switched"]);
  });

  it("tells a taker that is late what became of it", () => {
    const withdrawn = givers({ kind: "withdraw", reason: "w", nowMs });
    expect(kinds(withdrawn[1])).toEqual(["withdraw", "tell ended"]);
    expect(kinds(giver(withdrawn[0], accepted)[1])).toEqual(["withdraw"]);
  });
});

describe("a hand-off of a container", () => {
  const mode = "container-transfers" as const;
  const [offered] = beginGiver({ handoffId, ...terms, mode }, "vn", "cn", 0);
  const after = (...events: GiverEvent[]): Step<GiverState> =>
    events.reduce<Step<GiverState>>(([state], event) => giver(state, event), [offered, []]);
  const presented = (authority: "vn" | "cn", epoch: number) => ({
    kind: "register" as const,
    register: { authority, epoch, handoffId },
    nowMs,
  });

  it("is presented to the crane first, and ready is said on the crane's number for it", () => {
    const [state, effects] = after(accepted, ready, seen("cn", 4));
    expect(state.phase).toBe("readying");
    expect(effects).toEqual([{ kind: "dock", expectedEpoch: 4 }]);
    expect(giver(state, presented("vn", 5))).toMatchObject([
      { phase: "readied", epoch: 5 },
      [{ kind: "send" }],
    ]);
  });

  it("is over for the giver when the crane has handed it over, and given up when it has counted on without", () => {
    const [switching] = after(accepted, ready, presented("vn", 5), go);
    expect(giver(switching, presented("cn", 6))[0].phase).toBe("switched");
    expect(giver(switching, seen("vn", 6))[0].phase).toBe("ended");
  });

  it("docks the taker's vehicle with its go, and again when it says go again", () => {
    const [taken] = beginTaker(handoffId, { ...terms, mode }, "vn", "cn", 0);
    const gone = [{ kind: "accept", nowMs } as const, told, { kind: "go", nowMs } as const].reduce<
      Step<TakerState>
    >(([state], event) => taker(state, event), [taken, []]);
    expect(kinds(gone[1])).toEqual(["go", "dock"]);
    expect(kinds(taker(gone[0], { kind: "repeat", nowMs })[1])).toEqual(["go", "dock"]);
  });
});

describe("a request that is made again", () => {
  it("tells nothing while its answer is awaited, so that two who repeat themselves come to rest", () => {
    expect(kinds(givers(accepted, ready, ready)[1])).toEqual([]);
    expect(kinds(givers(accepted, ready, seen("vn", 4), ready)[1])).toEqual([]);
    const receive: TakerEvent = { kind: "receive", record, nowMs };
    const received = takers({ kind: "accept", nowMs }, told, { kind: "go", nowMs }, seen("cn", 5), receive);
    expect(kinds(received[1])).toEqual(["append", "receipt"]);
    expect(taker(received[0], receive)).toEqual([received[0], []]);
  });
});

describe("the taker", () => {
  it("takes an offer that came after its time for what it is, and tells no mission", () => {
    const [state, effects] = beginTaker(handoffId, { mode: "control-passes", ...terms }, "vn", "cn", 1_000);
    expect(state).toMatchObject({ phase: "ended", how: "expired" });
    expect(kinds(effects)).toEqual(["revoke"]);
  });

  it("says its last answer again to a giver that repeats itself, and changes nothing", () => {
    const [gone] = takers({ kind: "accept", nowMs }, told, { kind: "go", nowMs });
    const [again, effects] = taker(gone, told);
    expect(again).toBe(gone);
    expect(kinds(effects)).toEqual(["go"]);
  });

  it("keeps its ground after go whatever clock or message says, until the witness has spoken", () => {
    const [gone] = takers({ kind: "accept", nowMs }, told, { kind: "go", nowMs });
    const withdraw = {
      type: "withdraw" as const,
      body: { how: "withdrawn" as const, reason: "limps", fencedEpoch: 5 },
    };
    const [warned] = taker(taker(gone, { kind: "tick", nowMs: 1_000_000 })[0], {
      kind: "message",
      message: withdraw,
      nowMs,
    });
    expect(warned.phase).toBe("gone");
    expect(taker(warned, seen("vn", 4))[0].phase).toBe("gone");
    expect(taker(warned, seen("vn", 5))[0]).toMatchObject({
      phase: "ended",
      how: "withdrawn",
      reason: "limps",
    });
  });

  it("calls a person when the vehicle is its own without its go", () => {
    expect(kinds(takers({ kind: "accept", nowMs }, told, seen("cn", 5))[1])).toEqual([
      "tell switched",
      "tell trouble",
    ]);
  });
});

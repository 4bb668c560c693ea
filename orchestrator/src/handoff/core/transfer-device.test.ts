import type { Side } from "@baton/maps";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HandoffId } from "../port.ts";
import {
  freshTransferDevice,
  holdsVehicle,
  isCommitted,
  type Pad,
  type TransferDevice,
  type TransferEffect,
  type TransferEvent,
  transferDevice,
} from "./transfer-device.ts";

const handoffId = "h-1" as HandoffId;
const loaded: Pad = { isAtRest: true, twistLocks: "closed", hasContainer: true };
const empty: Pad = { isAtRest: true, twistLocks: "open", hasContainer: false };
const sensed = (side: Side, pad: Pad | undefined): TransferEvent => ({ kind: "sensed", side, pad });
const dock = (by: Side, expectedEpoch: number): TransferEvent => ({
  kind: "dock",
  by,
  handoffId,
  expectedEpoch,
});
const order = (to: Side, expectedEpoch: number): TransferEvent => ({
  kind: "switch",
  by: "vn",
  to,
  handoffId,
  expectedEpoch,
});
const worked: TransferEvent = { kind: "worked" };

const after = (...events: TransferEvent[]): { state: TransferDevice; effects: readonly TransferEffect[] } =>
  events.reduce<{ state: TransferDevice; effects: readonly TransferEffect[] }>(
    ({ state }, event) => {
      const [next, effects] = transferDevice(state, event);
      return { state: next, effects };
    },
    { state: freshTransferDevice(), effects: [] },
  );

const BOTH_THERE = [sensed("vn", loaded), sensed("cn", empty)];
const LOWERING = [...BOTH_THERE, dock("vn", 0), dock("cn", 1), order("cn", 1)];
const LIFTED = [...LOWERING, worked, sensed("vn", { ...loaded, twistLocks: "open" }), worked];
const HANGING = [...LIFTED, sensed("vn", empty)];

describe("a crane at the line", () => {
  it("hands a container over with one event, when the taker has locked it and the giver is rid of it", () => {
    const landed = [...HANGING, worked, sensed("cn", { ...empty, hasContainer: true })];
    expect(after(...landed).state).toMatchObject({
      phase: "landed",
      register: { authority: "vn", epoch: 1 },
    });
    const { state } = after(...landed, sensed("cn", loaded), worked);
    expect(state).toMatchObject({ phase: "free", register: { authority: "cn", epoch: 2, handoffId } });
  });

  it("reaches for nothing before both have docked for this hand-off and the giver has said so", () => {
    expect(after(...BOTH_THERE, dock("vn", 0), order("cn", 1)).state.phase).toBe("presented");
    expect(after(...BOTH_THERE, dock("vn", 0), dock("cn", 1)).state.phase).toBe("presented");
    expect(after(...BOTH_THERE, dock("vn", 0), dock("cn", 0), order("cn", 1)).state.phase).toBe("presented");
    expect(after(sensed("vn", loaded), dock("vn", 0), dock("cn", 1), order("cn", 1)).state.phase).toBe(
      "presented",
    );
    expect(after(...LOWERING).state.phase).toBe("lowering");
    expect(after(...LOWERING).effects).toContainEqual({ kind: "work", work: "engage" });
  });

  it("obeys nobody but the giver", () => {
    const byTaker: TransferEvent = { kind: "switch", by: "cn", to: "cn", handoffId, expectedEpoch: 1 };
    expect(after(...BOTH_THERE, dock("vn", 0), dock("cn", 1), byTaker).state.phase).toBe("presented");
  });

  it("gives up as long as it has not engaged, under a new number, and not any more from then on", () => {
    const { state, effects } = after(...LOWERING, order("vn", 1));
    expect(state).toMatchObject({ phase: "free", register: { authority: "vn", epoch: 2 } });
    expect(state.register).not.toHaveProperty("handoffId");
    expect(effects).toContainEqual({ kind: "halt" });
    expect(after(...LOWERING, order("vn", 1), order("cn", 1)).state.phase, "the late word is void").toBe(
      "free",
    );
    expect(after(...LOWERING, worked, order("vn", 1)).state.phase).toBe("engaged");
    expect(after(...HANGING, order("vn", 1)).state).toMatchObject({
      register: { authority: "vn", epoch: 1 },
    });
  });

  it("waits with the container hanging until a vehicle of the taker is at rest below", () => {
    const { state } = after(
      ...LOWERING,
      worked,
      sensed("cn", undefined),
      sensed("vn", { ...loaded, twistLocks: "open" }),
      worked,
    );
    expect(state.phase).toBe("hanging");
    const [rid] = transferDevice(state, sensed("vn", empty));
    const [landing, effects] = transferDevice(rid, sensed("cn", empty));
    expect(landing.phase).toBe("landing");
    const [stopped, halted] = transferDevice(landing, sensed("cn", { ...empty, isAtRest: false }));
    expect(stopped.phase).toBe("hanging");
    expect([effects[0], halted[0]]).toEqual([{ kind: "work", work: "land" }, { kind: "halt" }]);
  });

  it("believes neither the lift nor the landing before the vehicle below says so", () => {
    expect(after(...LIFTED).state.phase, "the giver still has a container aboard").toBe("hanging");
    const locked = after(...HANGING, worked, sensed("cn", { ...empty, twistLocks: "closed" }));
    expect(locked.state.phase, "locks that are closed under nothing").toBe("landed");
  });

  it("stays as it is when it breaks down with the container hanging, and goes on when it is mended or switched on again", () => {
    const broken = after(...HANGING, { kind: "fault", detail: "hoist" });
    expect(broken.state).toMatchObject({ fault: "hoist", register: { authority: "vn", epoch: 1 } });
    expect(broken.effects).toContainEqual({ kind: "halt" });
    expect(transferDevice(broken.state, worked)[0], "no work counts that it was stopped in").toBe(
      broken.state,
    );
    expect(transferDevice(broken.state, { kind: "restarted" })[0]).toMatchObject({
      fault: "hoist",
      phase: "hanging",
    });
    const [mended, effects] = transferDevice(broken.state, { kind: "mended" });
    expect(mended.phase).toBe("landing");
    expect(effects).toContainEqual({ kind: "work", work: "land" });
  });

  it("stops for a person when a vehicle moves that it has its spreader on", () => {
    expect(after(...LOWERING, worked, sensed("vn", undefined)).state.fault).toContain("vn has moved");
    expect(after(...LOWERING, sensed("vn", undefined)).state, "nothing has hold of it yet").toMatchObject({
      phase: "free",
      register: { epoch: 2 },
    });
  });

  it("never works over a pad without a vehicle at rest, and only ever counts up, whatever it is told", () => {
    const side = fc.constantFrom<Side>("vn", "cn");
    const epoch = fc.integer({ min: 0, max: 6 });
    const id = fc.constantFrom("h-1" as HandoffId, "h-2" as HandoffId);
    const pad = fc.option(
      fc.record({
        isAtRest: fc.boolean(),
        twistLocks: fc.constantFrom<Pad["twistLocks"]>("open", "closed"),
        hasContainer: fc.boolean(),
      }),
      { nil: undefined },
    );
    const event: fc.Arbitrary<TransferEvent> = fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant("sensed" as const), side, pad }) },
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant("dock" as const),
          by: side,
          handoffId: id,
          expectedEpoch: epoch,
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant("switch" as const),
          by: side,
          to: side,
          handoffId: id,
          expectedEpoch: epoch,
        }),
      },
      { weight: 4, arbitrary: fc.constant(worked) },
      fc.constant<TransferEvent>({ kind: "fault", detail: "f" }),
      fc.constant<TransferEvent>({ kind: "mended" }),
      fc.constant<TransferEvent>({ kind: "restarted" }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let state = freshTransferDevice();
        for (const one of [...BOTH_THERE, ...events]) {
          const [next, effects] = transferDevice(state, one);
          for (const of of ["vn", "cn"] as const) {
            if (holdsVehicle(next, of) && next.fault === undefined)
              expect(next.pads[of]?.isAtRest).toBe(true);
          }
          const raised = next.register.epoch - state.register.epoch;
          expect(raised === 0 || raised === 1).toBe(true);
          if (next.register.authority !== state.register.authority && isCommitted(state))
            expect(state.phase).toBe("releasing");
          if (effects.some(({ kind }) => kind === "work")) expect(next.fault).toBeUndefined();
          state = next;
        }
      }),
    );
  });
});

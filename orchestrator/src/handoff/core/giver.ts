import type { ControlRegister } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import Type, { type Static } from "typebox";
import { Manifest } from "../manifest.ts";
import type { HandoffEvent, Offer } from "../port.ts";
import { type Effect, readWitness, type Step } from "./effects.ts";
import {
  DeclineCodeText,
  EarlyEnd,
  HandoffIdText,
  OfferBody,
  type RecordFinding,
  SideName,
  SignedRecord,
  type TakerMessage,
} from "./messages.ts";

/** What every phase of the giver knows. */
const always = {
  role: Type.Literal("giver"),
  handoffId: HandoffIdText,
  giver: SideName,
  taker: SideName,
  offer: OfferBody,
  /** When this phase began, on this side's clock. */
  sinceMs: Type.Number(),
};
/** The manifest is final and the register stood at `epoch` when the taker was told. */
const ready = { manifest: Manifest, epoch: Type.Integer() };
const early = { how: EarlyEnd, reason: Type.String() };

/** The giver's durable state. A schema, since it is read back from Redis after a restart. */
export const GiverState = Type.Union([
  Type.Object({ ...always, phase: Type.Literal("offered") }),
  Type.Object({ ...always, phase: Type.Literal("accepted") }),
  /** Made ready by the mission; the witness is not known yet. */
  Type.Object({ ...always, phase: Type.Literal("readying"), manifest: Manifest }),
  Type.Object({ ...always, ...ready, phase: Type.Literal("readied") }),
  /** `go` has come: the transfer may be on its way. Only the witness ends this phase. */
  Type.Object({ ...always, ...ready, phase: Type.Literal("switching") }),
  /** We want it ended and raise the epoch first. Only the witness ends this phase, or a taker that never said `go`. */
  Type.Object({ ...always, ...ready, ...early, phase: Type.Literal("fencing"), goSeen: Type.Boolean() }),
  /** `epoch` is now the one at which the taker holds the vehicle. */
  Type.Object({ ...always, ...ready, phase: Type.Literal("switched") }),
  Type.Object({
    ...always,
    ...ready,
    phase: Type.Literal("concluded"),
    record: SignedRecord,
    recordHash: Type.String(),
  }),
  Type.Object({ ...always, phase: Type.Literal("declined"), code: DeclineCodeText }),
  Type.Object({
    ...always,
    ...early,
    phase: Type.Literal("ended"),
    fencedEpoch: Type.Optional(Type.Integer()),
  }),
]);
export type GiverState = Static<typeof GiverState>;

export type GiverEvent =
  | { readonly kind: "ready"; readonly manifest: Manifest; readonly nowMs: number }
  | { readonly kind: "withdraw"; readonly reason: string; readonly nowMs: number }
  | { readonly kind: "message"; readonly message: TakerMessage; readonly nowMs: number }
  /** The taker's receipt. `finding` is undefined when it was not judged, since the phase does not need it. */
  | { readonly kind: "receipt"; readonly finding: RecordFinding | undefined; readonly nowMs: number }
  | { readonly kind: "register"; readonly register: ControlRegister; readonly nowMs: number }
  | { readonly kind: "tick"; readonly nowMs: number }
  /** The step has waited long, or we have restarted: say and do again what is outstanding. */
  | { readonly kind: "repeat"; readonly nowMs: number };

type Phase<Name extends GiverState["phase"]> = Extract<GiverState, { phase: Name }>;

export function beginGiver(offer: Offer, giver: Side, taker: Side, nowMs: number): Step<GiverState> {
  const { handoffId, ...terms } = offer;
  const state: Phase<"offered"> = {
    role: "giver",
    handoffId,
    giver,
    taker,
    offer: { mode: "control-passes", ...terms },
    sinceMs: nowMs,
    phase: "offered",
  };
  return [state, outstanding(state)];
}

export function giver(state: GiverState, event: GiverEvent): Step<GiverState> {
  switch (event.kind) {
    case "ready":
      // Said again while the answer is awaited: nothing to tell, or two that repeat themselves would never stop.
      if (state.phase === "readying" || state.phase === "readied") return [state, []];
      if (state.phase !== "accepted") return [state, announceGiver(state)];
      return [{ ...common(state, event.nowMs), phase: "readying", manifest: event.manifest }, []];
    case "withdraw":
      return end(state, "withdrawn", event.reason, event.nowMs);
    case "message":
      return hear(state, event.message, event.nowMs);
    case "receipt":
      return countersign(state, event.finding, event.nowMs);
    case "register":
      return witness(state, event.register, event.nowMs);
    case "tick":
      // After `go` no clock decides anything.
      if (event.nowMs < state.offer.expiresAtMs || !isBeforeGo(state)) return [state, []];
      return end(state, "expired", "the offer's time is over", event.nowMs);
    case "repeat":
      return [state, outstanding(state)];
  }
}

/** Does this side command the vehicle? From `go` until the witness is seen, nobody drives it. */
export function giverCommands(state: GiverState): boolean {
  switch (state.phase) {
    case "offered":
    case "accepted":
    case "readying":
    case "readied":
    case "declined":
    case "ended":
      return true;
    case "switching":
    case "fencing":
    case "switched":
    case "concluded":
      return false;
  }
}

export function isGiverClosed(state: GiverState): boolean {
  return state.phase === "concluded" || state.phase === "declined" || state.phase === "ended";
}

/** What this side's missions are told of the phase that the hand-off is in, again and again if need be. */
export function announceGiver(state: GiverState): readonly Effect[] {
  const event = eventOf(state);
  return event === undefined ? [] : [{ kind: "announce", event }];
}

function eventOf(state: GiverState): HandoffEvent | undefined {
  const { handoffId } = state;
  switch (state.phase) {
    case "offered":
    case "fencing":
      return undefined;
    case "accepted":
    case "readying":
    case "readied":
      return { kind: "accepted", handoffId };
    case "switching":
      return { kind: "going", handoffId };
    case "switched":
      return { kind: "switched", handoffId, vehicleId: state.offer.vehicleId, epoch: state.epoch };
    case "concluded":
      return { kind: "concluded", handoffId, recordHash: state.recordHash };
    case "declined":
      return { kind: "declined", handoffId, code: state.code };
    case "ended":
      return { kind: "ended", handoffId, how: state.how, reason: state.reason };
  }
}

function hear(state: GiverState, message: TakerMessage, nowMs: number): Step<GiverState> {
  switch (message.type) {
    case "accept":
      if (state.phase === "offered") return enter({ ...common(state, nowMs), phase: "accepted" });
      if (state.phase === "declined") return outOfPhase(state, "accept");
      return [state, farewell(state)];
    case "decline":
      if (state.phase === "offered") {
        return enter({ ...common(state, nowMs), phase: "declined", code: message.body.code });
      }
      if (state.phase === "declined" || state.phase === "ended") return [state, []];
      return outOfPhase(state, "decline");
    case "go":
      if (state.phase === "readied") {
        const { manifest, epoch } = state;
        const next: Phase<"switching"> = { ...common(state, nowMs), phase: "switching", manifest, epoch };
        return [next, [...announceGiver(next), ...outstanding(next)]];
      }
      if (state.phase === "fencing") return [state.goSeen ? state : { ...state, goSeen: true }, []];
      if (
        state.phase === "offered" ||
        state.phase === "accepted" ||
        state.phase === "readying" ||
        state.phase === "declined"
      ) {
        return outOfPhase(state, "go");
      }
      return [state, farewell(state)];
    case "revoke":
      if (isBeforeGo(state) || (state.phase === "fencing" && !state.goSeen)) {
        // It never said `go`, so no transfer was ever sent: nothing to fence.
        const { how, reason } = message.body;
        return enter({ ...common(state, nowMs), phase: "ended", how, reason });
      }
      if (state.phase === "ended" || state.phase === "declined") return [state, []];
      return outOfPhase(state, "revoke");
    case "revoke-request":
      if (state.phase === "readied" || state.phase === "switching") {
        return fence(state, "revoked", message.body.reason, true, nowMs);
      }
      if (state.phase === "fencing") return [state.goSeen ? state : { ...state, goSeen: true }, []];
      if (state.phase === "switched" || state.phase === "concluded") {
        return [state, [{ kind: "send", message: { type: "switched", body: { epoch: state.epoch } } }]];
      }
      if (state.phase === "ended") return [state, farewell(state)];
      return outOfPhase(state, "revoke-request");
  }
}

function countersign(state: GiverState, finding: RecordFinding | undefined, nowMs: number): Step<GiverState> {
  switch (state.phase) {
    case "readied":
    case "switching":
    case "fencing":
      // The taker saw the register before us. Not its word but the witness moves us on; it will say it again.
      return [state, [{ kind: "refuse", code: "witness-not-seen", detail: `still ${state.phase} here` }]];
    case "switched": {
      // It came while the witness was just being seen: not judged yet, so it is asked for again.
      if (finding === undefined)
        return [state, [{ kind: "refuse", code: "witness-not-seen", detail: "seen only now" }]];
      if (finding.kind === "disagrees") {
        const { handoffId } = state;
        return [
          state,
          [
            { kind: "refuse", code: "custody-disagrees", detail: finding.detail },
            {
              kind: "announce",
              event: { kind: "trouble", handoffId, code: "custody-disagrees", detail: finding.detail },
            },
          ],
        ];
      }
      const { manifest, epoch } = state;
      const { record, recordHash } = finding;
      const next: Phase<"concluded"> = {
        ...common(state, nowMs),
        phase: "concluded",
        manifest,
        epoch,
        record,
        recordHash,
      };
      return [next, [{ kind: "append", record }, sendCountersign(next), ...announceGiver(next)]];
    }
    case "concluded":
      return [state, [sendCountersign(state)]];
    case "offered":
    case "accepted":
    case "readying":
    case "declined":
    case "ended":
      return outOfPhase(state, "receipt");
  }
}

function witness(state: GiverState, register: ControlRegister, nowMs: number): Step<GiverState> {
  if (state.phase === "readying") {
    const { handoffId, manifest } = state;
    if (register.authority !== state.giver) {
      const detail = `the register of ${state.offer.vehicleId} names ${register.authority}`;
      return [
        state,
        [{ kind: "announce", event: { kind: "trouble", handoffId, code: "not-holder", detail } }],
      ];
    }
    const next: Phase<"readied"> = {
      ...common(state, nowMs),
      phase: "readied",
      manifest,
      epoch: register.epoch,
    };
    return [next, outstanding(next)];
  }
  if (state.phase !== "readied" && state.phase !== "switching" && state.phase !== "fencing")
    return [state, []];
  const reading = readWitness(register, state.epoch, state.taker);
  if (reading === "unchanged") return [state, []];
  if (reading === "taker") {
    const { manifest } = state;
    return enter({ ...common(state, nowMs), phase: "switched", manifest, epoch: register.epoch });
  }
  // Raised in our own name: a transfer of this hand-off can never succeed any more.
  const { how, reason } =
    state.phase === "fencing"
      ? state
      : { how: "withdrawn" as const, reason: "the vehicle's control epoch was raised" };
  const next: Phase<"ended"> = {
    ...common(state, nowMs),
    phase: "ended",
    how,
    reason,
    fencedEpoch: register.epoch,
  };
  return [next, [...farewell(next), ...announceGiver(next)]];
}

/** Ends it: at once before `ready`, by raising the epoch from `ready` on, not at all once the witness has switched. */
function end(state: GiverState, how: EarlyEnd, reason: string, nowMs: number): Step<GiverState> {
  switch (state.phase) {
    case "offered":
    case "accepted":
    case "readying": {
      const next: Phase<"ended"> = { ...common(state, nowMs), phase: "ended", how, reason };
      return [next, [...farewell(next), ...announceGiver(next)]];
    }
    case "readied":
      // The taker's `go` may be on its way already.
      return fence(state, how, reason, false, nowMs);
    case "switching":
      return fence(state, how, reason, true, nowMs);
    case "fencing":
    case "switched":
    case "concluded":
    case "declined":
    case "ended":
      return [state, announceGiver(state)];
  }
}

function fence(
  state: Phase<"readied" | "switching">,
  how: EarlyEnd,
  reason: string,
  goSeen: boolean,
  nowMs: number,
): Step<GiverState> {
  const { manifest, epoch } = state;
  const next: Phase<"fencing"> = {
    ...common(state, nowMs),
    phase: "fencing",
    manifest,
    epoch,
    how,
    reason,
    goSeen,
  };
  return [next, outstanding(next)];
}

/** What the phase waits for an answer to. */
function outstanding(state: GiverState): readonly Effect[] {
  switch (state.phase) {
    case "offered":
      return [{ kind: "send", message: { type: "offer", body: state.offer } }];
    case "readied":
      return [
        { kind: "send", message: { type: "ready", body: { manifest: state.manifest, epoch: state.epoch } } },
      ];
    case "switching":
      return [{ kind: "transferControl", from: state.giver, expectedEpoch: state.epoch, to: state.taker }];
    case "fencing":
      return [{ kind: "transferControl", from: state.giver, expectedEpoch: state.epoch, to: state.giver }];
    case "accepted":
    case "readying":
    case "switched":
    case "concluded":
    case "declined":
    case "ended":
      return [];
  }
}

/** To a taker that speaks of a hand-off which we have ended: so it is told again. */
function farewell(state: GiverState): readonly Effect[] {
  if (state.phase !== "ended") return [];
  const { how, reason, fencedEpoch } = state;
  const body = fencedEpoch === undefined ? { how, reason } : { how, reason, fencedEpoch };
  return [{ kind: "send", message: { type: "withdraw", body } }];
}

function sendCountersign(state: Phase<"concluded">): Effect {
  return { kind: "send", message: { type: "countersign", body: { record: state.record } } };
}

function isBeforeGo(state: GiverState): state is Phase<"offered" | "accepted" | "readying" | "readied"> {
  return (
    state.phase === "offered" ||
    state.phase === "accepted" ||
    state.phase === "readying" ||
    state.phase === "readied"
  );
}

function enter(next: GiverState): Step<GiverState> {
  return [next, announceGiver(next)];
}

function outOfPhase(state: GiverState, what: string): Step<GiverState> {
  return [
    state,
    [{ kind: "refuse", code: "out-of-phase", detail: `${what} does not belong to phase ${state.phase}` }],
  ];
}

function common(state: GiverState, nowMs: number) {
  const { handoffId, giver: from, taker, offer } = state;
  const role = "giver" as const;
  return { role, handoffId, giver: from, taker, offer, sinceMs: nowMs };
}

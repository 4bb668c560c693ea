import Type, { type Static } from "typebox";
import { Manifest } from "../manifest.ts";
import type { HandoffEvent } from "../port.ts";
import type { Effect } from "./effects.ts";
import {
  DeclineCodeText,
  EarlyEnd,
  HandoffIdText,
  OfferBody,
  ReturnLoadBody,
  SideName,
  SignedRecord,
} from "./messages.ts";
import { type Holder, type WordRefusal, wordRefusal, words } from "./word.ts";

/** What every phase of the giver knows. */
const always = {
  role: Type.Literal("giver"),
  handoffId: HandoffIdText,
  giver: SideName,
  taker: SideName,
  offer: OfferBody,
  /** When this phase began, on this side's clock. */
  sinceMs: Type.Number(),
  /** What this side knew of the vehicle's register before this phase: a smaller epoch is an old state that comes late. */
  sinceEpoch: Type.Optional(Type.Integer()),
  ...words,
};
/** The manifest is final and the register stood at `epoch` when the taker was told. */
const ready = { manifest: Manifest, epoch: Type.Integer() };
const early = { how: EarlyEnd, reason: Type.String() };

/** The giver's durable state. A schema, since it is read back from Redis after a restart. */
export const GiverState = Type.Union([
  Type.Object({ ...always, phase: Type.Literal("offered") }),
  Type.Object({ ...always, phase: Type.Literal("accepted"), returnLoad: Type.Optional(ReturnLoadBody) }),
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

/** The state of one phase. */
export type GiverPhase<Name extends GiverState["phase"]> = Extract<GiverState, { phase: Name }>;

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

/** Why this side's people cannot say who holds; `undefined` when they can. */
export function giverWordRefusal(state: GiverState, holder: Holder): WordRefusal | undefined {
  return wordRefusal(state, giverCanSay(state), holder);
}

function giverCanSay(state: GiverState): readonly Holder[] {
  switch (state.phase) {
    case "switching":
    case "fencing":
      return ["giver", "taker"];
    case "switched":
    case "concluded":
      return ["taker"];
    case "ended":
      return state.fencedEpoch === undefined ? [] : ["giver"];
    case "offered":
    case "accepted":
    case "readying":
    case "readied":
    case "declined":
      return [];
  }
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
    case "accepted": {
      const { returnLoad } = state;
      return { kind: "accepted", handoffId, ...(returnLoad === undefined ? {} : { returnLoad }) };
    }
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

/** What the phase waits for an answer to. */
export function outstanding(state: GiverState): readonly Effect[] {
  switch (state.phase) {
    case "offered":
      return [{ kind: "send", message: { type: "offer", body: state.offer } }];
    case "readied":
      return [
        { kind: "send", message: { type: "ready", body: { manifest: state.manifest, epoch: state.epoch } } },
      ];
    case "switching":
      return [{ kind: "switch", from: state.giver, expectedEpoch: state.epoch, to: state.taker }];
    case "fencing":
      return [{ kind: "switch", from: state.giver, expectedEpoch: state.epoch, to: state.giver }];
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
export function farewell(state: GiverState): readonly Effect[] {
  if (state.phase !== "ended") return [];
  const { how, reason, fencedEpoch } = state;
  const body = fencedEpoch === undefined ? { how, reason } : { how, reason, fencedEpoch };
  return [{ kind: "send", message: { type: "withdraw", body } }];
}

export function sendCountersign(state: GiverPhase<"concluded">): Effect {
  return { kind: "send", message: { type: "countersign", body: { record: state.record } } };
}

import type { ControlRegister } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import Type, { type Static } from "typebox";
import { Manifest } from "../manifest.ts";
import type { DeclineCode, HandoffEvent, HandoffId, ReturnLoad } from "../port.ts";
import { type Effect, readWitness, type Step } from "./effects.ts";
import {
  DeclineCodeText,
  EarlyEnd,
  type GiverMessage,
  HandoffIdText,
  OfferBody,
  type RecordFinding,
  ReturnLoadBody,
  SideName,
  SignedRecord,
} from "./messages.ts";
import {
  agreedHolder,
  denies,
  type Holder,
  heard,
  nextRound,
  RESOLVED,
  type Saying,
  type Word,
  type WordRefusal,
  wordRefusal,
  words,
  wordsOf,
} from "./word.ts";
import { troubleOfWords } from "./word-trouble.ts";

/** What every phase of the taker knows. */
const always = {
  role: Type.Literal("taker"),
  handoffId: HandoffIdText,
  giver: SideName,
  taker: SideName,
  offer: OfferBody,
  /** When this phase began, on this side's clock. */
  sinceMs: Type.Number(),
  ...words,
};
const ready = { manifest: Manifest, epoch: Type.Integer() };
const early = { how: EarlyEnd, reason: Type.String() };

/** The taker's durable state. A schema, since it is read back from Redis after a restart. */
export const TakerState = Type.Union([
  Type.Object({ ...always, phase: Type.Literal("offered") }),
  Type.Object({ ...always, phase: Type.Literal("accepted"), returnLoad: Type.Optional(ReturnLoadBody) }),
  /** The giver's `ready` is here; our first blocks are not granted yet. */
  Type.Object({ ...always, ...ready, phase: Type.Literal("prepared") }),
  /** We have said `go`: our ground is the vehicle's until the witness speaks. `ending`: what was said of an end meanwhile. */
  Type.Object({
    ...always,
    ...ready,
    phase: Type.Literal("gone"),
    revokeReason: Type.Optional(Type.String()),
    ending: Type.Optional(Type.Object(early)),
  }),
  /** The witness names us; `epoch` is the one at which we hold the vehicle. */
  Type.Object({ ...always, ...ready, phase: Type.Literal("switched") }),
  Type.Object({ ...always, ...ready, phase: Type.Literal("receipted"), record: SignedRecord }),
  Type.Object({
    ...always,
    ...ready,
    phase: Type.Literal("concluded"),
    record: SignedRecord,
    recordHash: Type.String(),
  }),
  Type.Object({ ...always, phase: Type.Literal("declined"), code: DeclineCodeText }),
  /** `byUs`: the giver has yet to learn it from us. */
  Type.Object({ ...always, ...early, phase: Type.Literal("ended"), byUs: Type.Boolean() }),
]);
export type TakerState = Static<typeof TakerState>;

export type TakerEvent =
  | { readonly kind: "accept"; readonly returnLoad?: ReturnLoad; readonly nowMs: number }
  | { readonly kind: "decline"; readonly code: DeclineCode; readonly nowMs: number }
  | { readonly kind: "go"; readonly nowMs: number }
  | { readonly kind: "revoke"; readonly reason: string; readonly nowMs: number }
  /** The mission's receipt, made into a record with our signature. Undefined when the phase did not need one. */
  | { readonly kind: "receive"; readonly record: SignedRecord | undefined; readonly nowMs: number }
  | { readonly kind: "offer"; readonly nowMs: number }
  | { readonly kind: "message"; readonly message: GiverMessage; readonly nowMs: number }
  /** The giver's countersignature. `finding` is undefined when it was not judged, since the phase does not need it. */
  | { readonly kind: "countersign"; readonly finding: RecordFinding | undefined; readonly nowMs: number }
  | { readonly kind: "register"; readonly register: ControlRegister; readonly nowMs: number }
  /** A named account of this side says who holds, where no witness ever will. */
  | { readonly kind: "resolve"; readonly saying: Saying; readonly nowMs: number }
  | { readonly kind: "tick"; readonly nowMs: number }
  /** The step has waited long, or we have restarted: say again what is outstanding. */
  | { readonly kind: "repeat"; readonly nowMs: number };

type Phase<Name extends TakerState["phase"]> = Extract<TakerState, { phase: Name }>;

export function beginTaker(
  handoffId: HandoffId,
  offer: OfferBody,
  giver: Side,
  taker: Side,
  nowMs: number,
): Step<TakerState> {
  const state: Phase<"offered"> = {
    role: "taker",
    handoffId,
    giver,
    taker,
    offer,
    sinceMs: nowMs,
    phase: "offered",
  };
  if (nowMs >= offer.expiresAtMs) {
    // No mission has heard of it, and none needs to.
    const [late] = end(state, "expired", "the offer came after its time", nowMs);
    return [late, answer(late)];
  }
  return [state, announceTaker(state)];
}

export function taker(state: TakerState, event: TakerEvent): Step<TakerState> {
  switch (event.kind) {
    case "accept": {
      if (state.phase !== "offered") return [state, announceTaker(state)];
      const { returnLoad } = event;
      const next: Phase<"accepted"> = {
        ...common(state, event.nowMs),
        phase: "accepted",
        ...(returnLoad === undefined ? {} : { returnLoad }),
      };
      return [next, answer(next)];
    }
    case "decline": {
      if (state.phase !== "offered") return [state, announceTaker(state)];
      const next: Phase<"declined"> = { ...common(state, event.nowMs), phase: "declined", code: event.code };
      return [next, answer(next)];
    }
    case "go": {
      if (state.phase !== "prepared") return [state, announceTaker(state)];
      const { manifest, epoch } = state;
      const next: Phase<"gone"> = { ...common(state, event.nowMs), phase: "gone", manifest, epoch };
      return [next, answer(next)];
    }
    case "revoke":
      return revoke(state, event.reason, event.nowMs);
    case "receive": {
      // Said again while the answer is awaited: nothing to tell, or two that repeat themselves would never stop.
      if (state.phase === "receipted") return [state, []];
      if (state.phase !== "switched" || event.record === undefined) return [state, announceTaker(state)];
      const { manifest, epoch } = state;
      const { record } = event;
      const next: Phase<"receipted"> = {
        ...common(state, event.nowMs),
        phase: "receipted",
        manifest,
        epoch,
        record,
      };
      return [next, [{ kind: "append", record }, ...answer(next)]];
    }
    case "offer":
      return [state, answer(state)];
    case "message":
      return hear(state, event.message, event.nowMs);
    case "countersign":
      return conclude(state, event.finding, event.nowMs);
    case "register":
      return witness(state, event.register, event.nowMs);
    case "resolve":
      return say(state, event.saying, event.nowMs);
    case "tick":
      if (event.nowMs < state.offer.expiresAtMs || !isTakerBeforeGo(state)) return [state, []];
      return end(state, "expired", "the offer's time is over", event.nowMs);
    case "repeat":
      return [state, state.phase === "gone" || state.phase === "receipted" ? answer(state) : []];
  }
}

/** Does this side command the vehicle? Only once the witness names it. */
export function takerCommands(state: TakerState): boolean {
  return state.phase === "switched" || state.phase === "receipted" || state.phase === "concluded";
}

export function isTakerClosed(state: TakerState): boolean {
  return state.phase === "concluded" || state.phase === "declined" || state.phase === "ended";
}

/** What this side's missions are told of the phase that the hand-off is in, again and again if need be. */
export function announceTaker(state: TakerState): readonly Effect[] {
  const event = eventOf(state);
  return event === undefined ? [] : [{ kind: "announce", event }];
}

function eventOf(state: TakerState): HandoffEvent | undefined {
  const { handoffId } = state;
  switch (state.phase) {
    case "offered":
      return { kind: "offered", offer: { handoffId, ...state.offer } };
    case "accepted":
    case "gone":
      return undefined;
    case "prepared":
      return { kind: "ready", handoffId, manifest: state.manifest };
    case "switched":
    case "receipted":
      return { kind: "switched", handoffId, vehicleId: state.offer.vehicleId, epoch: state.epoch };
    case "concluded":
      return { kind: "concluded", handoffId, recordHash: state.recordHash };
    case "declined":
      return { kind: "declined", handoffId, code: state.code };
    case "ended":
      return { kind: "ended", handoffId, how: state.how, reason: state.reason };
  }
}

function hear(state: TakerState, message: GiverMessage, nowMs: number): Step<TakerState> {
  switch (message.type) {
    case "ready":
      if (state.phase === "accepted") {
        const { manifest, epoch } = message.body;
        return enter({ ...common(state, nowMs), phase: "prepared", manifest, epoch });
      }
      if (state.phase === "offered" || state.phase === "declined") return outOfPhase(state, "ready");
      return [state, state.phase === "gone" || state.phase === "ended" ? answer(state) : []];
    case "withdraw": {
      const { how, reason } = message.body;
      if (isTakerBeforeGo(state)) {
        return enter({ ...common(state, nowMs), phase: "ended", how, reason, byUs: false });
      }
      // After `go` its word explains the end; the witness makes it.
      if (state.phase === "gone") return [{ ...state, ending: { how, reason } }, []];
      if (state.phase === "ended" || state.phase === "declined") return [state, []];
      return outOfPhase(state, "withdraw");
    }
    case "switched":
      if (state.phase === "offered" || state.phase === "accepted" || state.phase === "declined") {
        return outOfPhase(state, "switched");
      }
      return [state, []];
    case "resolution":
      return heed(heard(state, message.body), nowMs);
  }
}

function conclude(state: TakerState, finding: RecordFinding | undefined, nowMs: number): Step<TakerState> {
  if (state.phase === "concluded") return [state, []];
  if (state.phase !== "receipted") return outOfPhase(state, "countersign");
  if (finding === undefined) throw new Error("a countersignature reached a receipted taker unjudged");
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
  return [next, [{ kind: "complete", record }, ...announceTaker(next)]];
}

function witness(state: TakerState, register: ControlRegister, nowMs: number): Step<TakerState> {
  if (state.phase !== "prepared" && state.phase !== "gone") return [state, []];
  const reading = readWitness(register, state);
  if (reading !== "unchanged" && denies(state, reading)) return [state, []];
  if (reading === "taker") {
    const { handoffId, manifest } = state;
    const next: Phase<"switched"> = {
      ...common(state, nowMs),
      phase: "switched",
      manifest,
      epoch: register.epoch,
    };
    if (state.phase === "gone") return enter(next);
    // The giver switched without our `go`. The vehicle is ours all the same; its ground is not granted: a person looks.
    const detail = "the giver switched the vehicle before our go";
    return [
      next,
      [
        ...announceTaker(next),
        { kind: "announce", event: { kind: "trouble", handoffId, code: "switched-without-go", detail } },
      ],
    ];
  }
  if (reading === "giver" && state.phase === "gone") {
    const said = state.ending ?? fallbackEnding(state);
    return enter({
      ...common(state, nowMs),
      phase: "ended",
      how: said.how,
      reason: said.reason,
      byUs: false,
    });
  }
  return [state, []];
}

/** Our people's word, to the partner too. One that this phase does not leave open changes nothing. */
function say(state: TakerState, saying: Saying, nowMs: number): Step<TakerState> {
  const round = nextRound(state);
  if (round === undefined || takerWordRefusal(state, saying.holder) !== undefined) return [state, []];
  const ourWord: Word = { round, ...saying };
  const [next, effects] = heed({ ...state, ourWord }, nowMs);
  return [
    next,
    [{ kind: "send", message: { type: "resolution", body: ourWord } }, ...effects, ...announceTaker(next)],
  ];
}

/** Does what both sides' people have said alike. */
function heed(state: TakerState, nowMs: number): Step<TakerState> {
  const holder = agreedHolder(state);
  if (holder === undefined) return [state, troubleOfWords(state)];
  if (state.phase !== "gone") return [state, []];
  const { manifest, epoch } = state;
  if (holder === "taker")
    return enter({ ...common(state, nowMs), phase: "switched", manifest, epoch: epoch + 1 });
  const { how } = state.ending ?? fallbackEnding(state);
  return enter({ ...common(state, nowMs), phase: "ended", how, reason: RESOLVED, byUs: false });
}

/** Why this side's people cannot say who holds; `undefined` when they can. */
export function takerWordRefusal(state: TakerState, holder: Holder): WordRefusal | undefined {
  return wordRefusal(state, takerCanSay(state), holder);
}

function takerCanSay({ phase }: TakerState): readonly Holder[] {
  switch (phase) {
    case "gone":
      return ["giver", "taker"];
    case "switched":
    case "receipted":
    case "concluded":
      return ["taker"];
    case "ended":
    case "declined":
      return ["giver"];
    case "offered":
    case "accepted":
    case "prepared":
      return [];
  }
}

function fallbackEnding(state: Phase<"gone">): { how: EarlyEnd; reason: string } {
  if (state.revokeReason !== undefined) return { how: "revoked", reason: state.revokeReason };
  return { how: "withdrawn", reason: "the giver raised the vehicle's control epoch" };
}

function revoke(state: TakerState, reason: string, nowMs: number): Step<TakerState> {
  if (isTakerBeforeGo(state)) return end(state, "revoked", reason, nowMs);
  if (state.phase === "gone") {
    const next: Phase<"gone"> = state.revokeReason === undefined ? { ...state, revokeReason: reason } : state;
    return [next, answer(next)];
  }
  return [state, announceTaker(state)];
}

function end(
  state: Phase<"offered" | "accepted" | "prepared">,
  how: EarlyEnd,
  reason: string,
  nowMs: number,
): Step<TakerState> {
  const next: Phase<"ended"> = { ...common(state, nowMs), phase: "ended", how, reason, byUs: true };
  return [next, [...answer(next), ...announceTaker(next)]];
}

/** What we have said last, for a giver that says its step again. */
function answer(state: TakerState): readonly Effect[] {
  switch (state.phase) {
    case "accepted": {
      const { returnLoad } = state;
      const body = returnLoad === undefined ? {} : { returnLoad };
      return [{ kind: "send", message: { type: "accept", body } }];
    }
    case "declined":
      return [{ kind: "send", message: { type: "decline", body: { code: state.code } } }];
    case "gone": {
      const go: Effect = { kind: "send", message: { type: "go", body: {} } };
      const said: Effect[] =
        state.offer.mode === "container-transfers"
          ? [go, { kind: "dock", expectedEpoch: state.epoch }]
          : [go];
      if (state.revokeReason === undefined) return said;
      return [
        ...said,
        { kind: "send", message: { type: "revoke-request", body: { reason: state.revokeReason } } },
      ];
    }
    case "receipted":
      return [{ kind: "send", message: { type: "receipt", body: { record: state.record } } }];
    case "ended": {
      const { how, reason } = state;
      return state.byUs ? [{ kind: "send", message: { type: "revoke", body: { how, reason } } }] : [];
    }
    case "offered":
    case "prepared":
    case "switched":
    case "concluded":
      return [];
  }
}

/** Whether its offer can still run out. */
export function isTakerBeforeGo(state: TakerState): state is Phase<"offered" | "accepted" | "prepared"> {
  return state.phase === "offered" || state.phase === "accepted" || state.phase === "prepared";
}

function enter(next: TakerState): Step<TakerState> {
  return [next, announceTaker(next)];
}

function outOfPhase(state: TakerState, what: string): Step<TakerState> {
  return [
    state,
    [{ kind: "refuse", code: "out-of-phase", detail: `${what} does not belong to phase ${state.phase}` }],
  ];
}

function common(state: TakerState, nowMs: number) {
  const { handoffId, giver, taker: to, offer } = state;
  const role = "taker" as const;
  return { role, handoffId, giver, taker: to, offer, sinceMs: nowMs, ...wordsOf(state) };
}

import type { ControlRegister } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import type { Manifest } from "../manifest.ts";
import type { Offer } from "../port.ts";
import { readWitness, type Step } from "./effects.ts";
import {
  announceGiver,
  farewell,
  type GiverPhase,
  type GiverState,
  giverWordRefusal,
  outstanding,
  sendCountersign,
} from "./giver-state.ts";
import type { EarlyEnd, RecordFinding, TakerMessage } from "./messages.ts";
import { agreedHolder, denies, heard, nextRound, RESOLVED, type Saying, type Word, wordsOf } from "./word.ts";
import { troubleOfWords } from "./word-trouble.ts";

export type GiverEvent =
  | { readonly kind: "ready"; readonly manifest: Manifest; readonly nowMs: number }
  | { readonly kind: "withdraw"; readonly reason: string; readonly nowMs: number }
  | { readonly kind: "message"; readonly message: TakerMessage; readonly nowMs: number }
  /** The taker's receipt. `finding` is undefined when it was not judged, since the phase does not need it. */
  | { readonly kind: "receipt"; readonly finding: RecordFinding | undefined; readonly nowMs: number }
  | { readonly kind: "register"; readonly register: ControlRegister; readonly nowMs: number }
  /** A named account of this side says who holds, where no witness ever will. */
  | { readonly kind: "resolve"; readonly saying: Saying; readonly nowMs: number }
  | { readonly kind: "tick"; readonly nowMs: number }
  /** The step has waited long, or we have restarted: say and do again what is outstanding. */
  | { readonly kind: "repeat"; readonly nowMs: number };

export function beginGiver(
  offer: Offer,
  giver: Side,
  taker: Side,
  nowMs: number,
  sinceEpoch = 0,
): Step<GiverState> {
  const { handoffId, ...terms } = offer;
  const state: GiverPhase<"offered"> = {
    role: "giver",
    handoffId,
    giver,
    taker,
    offer: { ...terms, mode: terms.mode ?? "control-passes" },
    sinceMs: nowMs,
    ...(sinceEpoch === 0 ? {} : { sinceEpoch }),
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
    case "resolve":
      return say(state, event.saying, event.nowMs);
    case "tick":
      // After `go` no clock decides anything.
      if (event.nowMs < state.offer.expiresAtMs || !isGiverBeforeGo(state)) return [state, []];
      return end(state, "expired", "the offer's time is over", event.nowMs);
    case "repeat":
      return [state, outstanding(state)];
  }
}

function hear(state: GiverState, message: TakerMessage, nowMs: number): Step<GiverState> {
  switch (message.type) {
    case "accept":
      if (state.phase === "offered") {
        const { returnLoad } = message.body;
        return enter({
          ...common(state, nowMs),
          phase: "accepted",
          ...(returnLoad === undefined ? {} : { returnLoad }),
        });
      }
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
        const next: GiverPhase<"switching"> = {
          ...common(state, nowMs),
          phase: "switching",
          manifest,
          epoch,
        };
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
      if (isGiverBeforeGo(state) || (state.phase === "fencing" && !state.goSeen)) {
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
    case "resolution":
      return heed(heard(state, message.body), nowMs);
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
      const next: GiverPhase<"concluded"> = {
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
    if (register.epoch < (state.sinceEpoch ?? 0)) return [state, []];
    // The device shows what was presented before: it is asked to look at what stands there now.
    if (state.offer.mode === "container-transfers" && register.handoffId !== handoffId)
      return [state, [{ kind: "dock", expectedEpoch: register.epoch }]];
    if (register.authority !== state.giver) {
      const detail = `the register of ${state.offer.vehicleId} names ${register.authority}`;
      return [
        state,
        [{ kind: "announce", event: { kind: "trouble", handoffId, code: "not-holder", detail } }],
      ];
    }
    const next: GiverPhase<"readied"> = {
      ...common(state, nowMs),
      phase: "readied",
      manifest,
      epoch: register.epoch,
    };
    return [next, outstanding(next)];
  }
  if (state.phase !== "readied" && state.phase !== "switching" && state.phase !== "fencing")
    return [state, []];
  const reading = readWitness(register, state);
  if (reading === "unchanged" || denies(state, reading)) return [state, []];
  if (reading === "taker") {
    const { manifest } = state;
    return enter({ ...common(state, nowMs), phase: "switched", manifest, epoch: state.epoch + 1 });
  }
  // Raised in our own name: a transfer of this hand-off can never succeed any more.
  const { how, reason } =
    state.phase === "fencing"
      ? state
      : { how: "withdrawn" as const, reason: "the vehicle's control epoch was raised" };
  const next: GiverPhase<"ended"> = {
    ...common(state, nowMs),
    phase: "ended",
    how,
    reason,
    fencedEpoch: register.epoch,
  };
  return [next, [...farewell(next), ...announceGiver(next)]];
}

/** Our people's word, to the partner too. One that this phase does not leave open changes nothing. */
function say(state: GiverState, saying: Saying, nowMs: number): Step<GiverState> {
  const round = nextRound(state);
  if (round === undefined || giverWordRefusal(state, saying.holder) !== undefined) return [state, []];
  const ourWord: Word = { round, ...saying };
  const [next, effects] = heed({ ...state, ourWord }, nowMs);
  return [
    next,
    [{ kind: "send", message: { type: "resolution", body: ourWord } }, ...effects, ...announceGiver(next)],
  ];
}

/** Does what both sides' people have said alike. */
function heed(state: GiverState, nowMs: number): Step<GiverState> {
  const holder = agreedHolder(state);
  if (holder === undefined) return [state, troubleOfWords(state)];
  if (state.phase !== "switching" && state.phase !== "fencing") return [state, []];
  const { manifest, epoch } = state;
  if (holder === "taker")
    return enter({ ...common(state, nowMs), phase: "switched", manifest, epoch: epoch + 1 });
  const how = state.phase === "fencing" ? state.how : "withdrawn";
  return enter({ ...common(state, nowMs), phase: "ended", how, reason: RESOLVED });
}

/** Ends it: at once before `ready`, by raising the epoch from `ready` on, not at all once the witness has switched. */
function end(state: GiverState, how: EarlyEnd, reason: string, nowMs: number): Step<GiverState> {
  switch (state.phase) {
    case "offered":
    case "accepted":
    case "readying": {
      const next: GiverPhase<"ended"> = { ...common(state, nowMs), phase: "ended", how, reason };
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
  state: GiverPhase<"readied" | "switching">,
  how: EarlyEnd,
  reason: string,
  goSeen: boolean,
  nowMs: number,
): Step<GiverState> {
  const { manifest, epoch } = state;
  const next: GiverPhase<"fencing"> = {
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

/** Whether its offer can still run out. */
export function isGiverBeforeGo(
  state: GiverState,
): state is GiverPhase<"offered" | "accepted" | "readying" | "readied"> {
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
  const { handoffId, giver: from, taker, offer, sinceEpoch } = state;
  const role = "giver" as const;
  // What was known of the register in one phase is known in all that follow.
  const epoch = Math.max(sinceEpoch ?? 0, "epoch" in state ? state.epoch : 0);
  const known = epoch === 0 ? {} : { sinceEpoch: epoch };
  return { role, handoffId, giver: from, taker, offer, sinceMs: nowMs, ...known, ...wordsOf(state) };
}

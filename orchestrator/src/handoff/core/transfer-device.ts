import type { ControlRegister } from "@baton/fleet-adapter";
import { otherSide, type Side } from "@baton/maps";
import Type, { type Static } from "typebox";
import type { HandoffId } from "../port.ts";
import { SideName } from "./messages.ts";

/**
 * The transfer device of a hand-off point where containers change vehicle: a crane over two pads, one on each side of the
 * line. It is the witness of such a hand-off: its custody register `{authority, epoch}` says whose the container is, and the
 * number grows with each event (presented, handed over, given up). A pure machine: the simulated crane runs it, the
 * exhaustive search runs it, and a controller of a real one has to behave like it.
 *
 *     free ──dock (giver)──> presented ──both docked, hand over──> lowering ──engaged──> engaged ──locks open──> lifting
 *     lifting ──> hanging ──giver rid of it, taker at rest──> landing ──> landed ──locks closed──> releasing ──HANDED OVER──> free
 *     before it has engaged: give-up, or a giver's vehicle that leaves ──GIVEN UP──> free
 *
 * From `engaged` on there is no way back: what hangs is set down on the taker's vehicle, however late.
 */
export const TRANSFER_PHASES = [
  "free",
  "presented",
  "lowering",
  "engaged",
  "lifting",
  "hanging",
  "landing",
  "landed",
  "releasing",
] as const;
export type TransferPhase = (typeof TRANSFER_PHASES)[number];

/** What the device's own sensors see on a pad. */
const Pad = Type.Object({
  isAtRest: Type.Boolean(),
  twistLocks: Type.Union([Type.Literal("open"), Type.Literal("closed")]),
  hasContainer: Type.Boolean(),
});
/** Absent: nothing stands there, or what stands there is only rolling in. */
export type Pad = Static<typeof Pad>;

export const TransferDevice = Type.Object({
  phase: Type.Enum([...TRANSFER_PHASES]),
  register: Type.Object({
    authority: SideName,
    epoch: Type.Integer({ minimum: 0 }),
    handoffId: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  }),
  /** The giver of what is presented. */
  giver: SideName,
  /** The taker has said that its vehicle stands there for this hand-off, and stays. */
  takerDocked: Type.Boolean(),
  /** The giver has said that the container may go. */
  isOrdered: Type.Boolean(),
  pads: Type.Object({ vn: Type.Optional(Pad), cn: Type.Optional(Pad) }),
  /** What stopped it, until somebody has mended it; the work under way is then begun again. */
  fault: Type.Optional(Type.String({ maxLength: 256 })),
});
export type TransferDevice = Static<typeof TransferDevice>;

/** A command names the epoch that it was meant for: one that comes late, or twice, changes nothing. */
export type DockCommand = { readonly handoffId: HandoffId; readonly expectedEpoch: number };

export type TransferEvent =
  /** A side's word that its vehicle stands on its pad for this hand-off and will not move until the device lets it. */
  | ({ readonly kind: "dock"; readonly by: Side } & DockCommand)
  /** The holder's word: hand it over (`to` the other side), or give up (`to` itself). */
  | ({ readonly kind: "switch"; readonly by: Side; readonly to: Side } & DockCommand)
  | { readonly kind: "sensed"; readonly side: Side; readonly pad: Pad | undefined }
  /** The work under way is done. */
  | { readonly kind: "worked" }
  | { readonly kind: "fault"; readonly detail: string }
  | { readonly kind: "mended" }
  /** It has been switched off and on: what it was doing is begun again. */
  | { readonly kind: "restarted" };

export type TransferWork = "engage" | "lift" | "land" | "release";

export type TransferEffect =
  /** To be begun, in place of whatever was under way. */
  | { readonly kind: "work"; readonly work: TransferWork }
  /** Stop where it is. */
  | { readonly kind: "halt" }
  /** The register, or the phase, is another one: tell both sides. */
  | { readonly kind: "tell" };

export type TransferStep = readonly [TransferDevice, readonly TransferEffect[]];

const NOTHING: readonly TransferEffect[] = [];

/** A device over two empty pads. */
export function freshTransferDevice(
  register: ControlRegister = { authority: "vn", epoch: 0 },
): TransferDevice {
  const giver = register.authority;
  return { phase: "free", register, giver, takerDocked: false, isOrdered: false, pads: {} };
}

export function transferDevice(state: TransferDevice, event: TransferEvent): TransferStep {
  switch (event.kind) {
    case "dock":
      return dock(state, event);
    case "switch":
      return order(state, event);
    case "sensed":
      return sense(state, event.side, event.pad);
    case "worked":
      return state.fault === undefined ? worked(state) : [state, NOTHING];
    case "fault":
      if (state.fault !== undefined) return [state, NOTHING];
      return [{ ...state, fault: event.detail.slice(0, 256) }, [{ kind: "halt" }, { kind: "tell" }]];
    case "mended": {
      if (state.fault === undefined) return [state, NOTHING];
      const { fault: _over, ...mended } = state;
      return beginAgain(mended);
    }
    case "restarted":
      return beginAgain(state);
  }
}

/**
 * Whether the spreader is, or is about to be, on what stands on a side's pad: its vehicle must not move then. The giver's from
 * when the spreader comes down until the container is off it; the taker's from when it comes over it until it has let go.
 */
export function holdsVehicle({ phase, giver }: TransferDevice, side: Side): boolean {
  if (side === giver) return phase === "lowering" || phase === "engaged" || phase === "lifting";
  return phase === "landing" || phase === "landed" || phase === "releasing";
}

/** Whether the spreader has the container, so that it is going to be the taker's whatever anyone says. */
export function isCommitted({ phase }: TransferDevice): boolean {
  return phase !== "free" && phase !== "presented" && phase !== "lowering";
}

function dock(
  state: TransferDevice,
  { by, handoffId, expectedEpoch }: Extract<TransferEvent, { kind: "dock" }>,
): TransferStep {
  const { register, pads, phase } = state;
  const pad = pads[by];
  if (expectedEpoch !== register.epoch || pad?.isAtRest !== true) return [state, NOTHING];
  if (handoffId === register.handoffId && phase === "presented" && by !== state.giver) {
    if (state.takerDocked || pad.hasContainer) return [state, NOTHING];
    return goOn({ ...state, takerDocked: true }, [{ kind: "tell" }]);
  }
  // A giver may present another one in place of what it has presented: the vehicle of that one has left.
  const isFree = phase === "free" || (phase === "presented" && by === state.giver && !state.isOrdered);
  // A loaded vehicle on the other pad is of the one before: whose it is has yet to be seen there. Until it has left, nothing
  // new is presented, so that the register never runs ahead of whoever has to read it.
  const isOver = pads[otherSide(by)]?.hasContainer !== true;
  if (!isFree || !isOver || handoffId === register.handoffId || !pad.hasContainer) return [state, NOTHING];
  return [
    {
      ...state,
      phase: "presented",
      register: { authority: by, epoch: register.epoch + 1, handoffId },
      giver: by,
      takerDocked: false,
      isOrdered: false,
    },
    [{ kind: "tell" }],
  ];
}

function order(state: TransferDevice, event: Extract<TransferEvent, { kind: "switch" }>): TransferStep {
  const { register, phase, giver } = state;
  const isHolders =
    event.by === giver && event.by === register.authority && event.handoffId === register.handoffId;
  if (!isHolders || event.expectedEpoch !== register.epoch || phase === "free") return [state, NOTHING];
  if (event.to !== giver) {
    if (state.isOrdered) return [state, NOTHING];
    return goOn({ ...state, isOrdered: true }, NOTHING);
  }
  return isCommitted(state) ? [state, NOTHING] : giveUp(state);
}

/** The container stays the giver's, under a new number: whatever was meant for the old one is void. */
function giveUp(state: TransferDevice): TransferStep {
  const { register, giver } = state;
  return [
    {
      ...state,
      phase: "free",
      register: { authority: giver, epoch: register.epoch + 1 },
      takerDocked: false,
      isOrdered: false,
    },
    [{ kind: "halt" }, { kind: "tell" }],
  ];
}

function sense(state: TransferDevice, side: Side, pad: Pad | undefined): TransferStep {
  if (isSamePad(state.pads[side], pad)) return [state, NOTHING];
  const { [side]: _before, ...others } = state.pads;
  const next: TransferDevice = { ...state, pads: pad === undefined ? others : { ...others, [side]: pad } };
  if (state.phase === "free") return [next, NOTHING];
  const isThere = pad?.isAtRest === true;
  if (!isThere && holdsVehicle(state, side)) {
    const detail = `the vehicle of ${side} has moved under the spreader`;
    if (side === state.giver && state.phase === "lowering") return giveUp(next);
    // Over the taker's vehicle, the container still hanging: it waits above until one stands there again.
    if (side !== state.giver && state.phase === "landing")
      return [{ ...next, phase: "hanging" }, [{ kind: "halt" }, { kind: "tell" }]];
    return [{ ...next, fault: state.fault ?? detail }, [{ kind: "halt" }, { kind: "tell" }]];
  }
  if (!isThere && side === state.giver && state.phase === "presented") return giveUp(next);
  if (!isThere && side !== state.giver && (state.phase === "presented" || state.phase === "lowering")) {
    // The taker's word is over with its vehicle: nobody reaches for the container before it has come back.
    const back: TransferDevice = { ...next, phase: "presented", takerDocked: false };
    return [back, state.phase === "lowering" ? [{ kind: "halt" }, { kind: "tell" }] : [{ kind: "tell" }]];
  }
  return goOn(next, NOTHING);
}

function worked(state: TransferDevice): TransferStep {
  const { register, giver } = state;
  switch (state.phase) {
    case "lowering":
      return goOn({ ...state, phase: "engaged" }, [{ kind: "tell" }]);
    case "lifting":
      return goOn({ ...state, phase: "hanging" }, [{ kind: "tell" }]);
    case "landing":
      return goOn({ ...state, phase: "landed" }, [{ kind: "tell" }]);
    case "releasing":
      // Taker locked, giver released: the one event that makes it the taker's.
      return [
        {
          ...state,
          phase: "free",
          register: { ...register, authority: otherSide(giver), epoch: register.epoch + 1 },
          takerDocked: false,
          isOrdered: false,
        },
        [{ kind: "tell" }],
      ];
    case "free":
    case "presented":
    case "engaged":
    case "hanging":
    case "landed":
      return [state, NOTHING];
  }
}

/** Begins what can be begun now. */
function goOn(state: TransferDevice, told: readonly TransferEffect[]): TransferStep {
  if (state.fault !== undefined) return [state, told];
  const { giver, pads } = state;
  const from = pads[giver];
  const to = pads[otherSide(giver)];
  const begin = (phase: TransferPhase, work: TransferWork): TransferStep => [
    { ...state, phase },
    [{ kind: "work", work }, { kind: "tell" }],
  ];
  switch (state.phase) {
    case "presented":
      return state.isOrdered && state.takerDocked && from?.isAtRest === true && to?.isAtRest === true
        ? begin("lowering", "engage")
        : [state, told];
    case "engaged":
      return from?.twistLocks === "open" ? begin("lifting", "lift") : [state, told];
    case "hanging":
      // The giver's own word that it is rid of it, not only the spreader's.
      return to?.isAtRest === true && from?.hasContainer !== true ? begin("landing", "land") : [state, told];
    case "landed":
      // Locks that are closed under nothing hold nothing.
      return to?.twistLocks === "closed" && to.hasContainer ? begin("releasing", "release") : [state, told];
    case "free":
    case "lowering":
    case "lifting":
    case "landing":
    case "releasing":
      return [state, told];
  }
}

/** What each work was begun from, to begin it again when it was broken off. */
const BEGUN_FROM: Partial<Record<TransferPhase, TransferPhase>> = {
  lowering: "presented",
  lifting: "engaged",
  landing: "hanging",
  releasing: "landed",
};

function beginAgain(state: TransferDevice): TransferStep {
  return goOn({ ...state, phase: BEGUN_FROM[state.phase] ?? state.phase }, [{ kind: "tell" }]);
}

function isSamePad(a: Pad | undefined, b: Pad | undefined): boolean {
  return (
    a?.isAtRest === b?.isAtRest && a?.twistLocks === b?.twistLocks && a?.hasContainer === b?.hasContainer
  );
}

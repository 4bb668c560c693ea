import type { VehicleId } from "@baton/fleet-adapter";
import { type HandoffPointId, otherSide, type Side } from "@baton/maps";
import type { Manifest } from "../../manifest.ts";
import type { HandoffId, HandoverMode, Offer } from "../../port.ts";
import type { Step } from "../effects.ts";
import { type GiverEvent, giver } from "../giver.ts";
import type { GiverState } from "../giver-state.ts";
import { refusalToResolve } from "../may-resolve.ts";
import type { Message, RecordFinding, SignedRecord } from "../messages.ts";
import { type TakerEvent, type TakerState, taker } from "../taker.ts";
import {
  type TransferDevice,
  type TransferEvent,
  type TransferStep,
  transferDevice,
} from "../transfer-device.ts";
import { type Holder, nextRound } from "../word.ts";

/**
 * The world of a search: one vehicle with its control register, both sides with the machines of production, the network
 * between them, and both sides' missions doing whatever they may. Two hand-offs can be in flight: the second begins while
 * messages, instructions and records of the first are still on their way, in the same direction or back.
 *
 * The network is the worst there is: whatever was ever said may arrive at any time, in any order, any number of times, or
 * never, and so may every instruction to the vehicle and every state of it, old ones included. Loss, duplication,
 * reordering and delay need no bounds then, nor does a vehicle that cannot be reached. Neither does a crash: state and
 * outbox of a step are committed together, so that a crash loses what was to be done after the commit, and here nothing
 * needs to happen that was not committed. Hand-offs are bounded, by two; nothing else is.
 */
export interface World {
  readonly handoffs: readonly Conversation[];
  /** All that the register has been, oldest first; the last one is what it is. */
  readonly registers: readonly Entry[];
  /** Instructions that were ever given. */
  readonly instructions: readonly Instruction[];
  /** The vehicle is lost for good: it obeys nothing any more and says nothing new, and people may speak in its place. */
  readonly lost: boolean;
  /** Where containers change vehicle: the crane, and whose hand-off's vehicle stands on which pad. */
  readonly crane?: Crane;
}

export interface Crane {
  readonly device: TransferDevice;
  readonly pads: Readonly<Record<Side, number | undefined>>;
}

/** What happens next, in words, and the world after it. */
export interface Happening {
  readonly what: string;
  readonly world: World;
}

/** One hand-off: its machines, and what they have said. */
export interface Conversation {
  readonly giver: Side;
  readonly giverState: GiverState;
  readonly takerState: TakerState | undefined;
  /** Everything that was said, and may arrive. */
  readonly said: readonly Said[];
  /** The giver's mission has said `ready`: all of its checks are done. */
  readonly released: boolean;
  /** What its sender never said has changed the giver's state. */
  readonly believed: boolean;
  /** The taker's mission has checked what came. */
  readonly checked: boolean;
  /** Records that each side has put into its custody chain for this hand-off. */
  readonly kept: { readonly giver: number; readonly taker: number };
}

export interface Said {
  readonly by: "giver" | "taker";
  readonly message: Message;
  /** It is in the sender's outbox still, for it was never taken: it will arrive once the network lets it. */
  readonly due: boolean;
}

/** What the register was, and which hand-off made it so. */
export interface Entry {
  readonly authority: Side;
  readonly by: number | undefined;
}

/** To the vehicle, or to the crane. */
export interface Instruction {
  readonly kind: "switch" | "dock";
  readonly by: number;
  readonly from: Side;
  readonly to: Side;
  readonly expectedEpoch: number;
}

/** What is searched: production's own machines, vehicle and door, or a variant with a seeded bug. */
export interface Machines {
  readonly giver: (state: GiverState, event: GiverEvent) => Step<GiverState>;
  readonly taker: (state: TakerState, event: TakerEvent) => Step<TakerState>;
  /** Where containers change vehicle, the crane's own machine; where vehicles pass, there is none. */
  readonly device?: (state: TransferDevice, event: TransferEvent) => TransferStep;
  /** The vehicle's part: the register after an instruction, or the same one. */
  readonly obey: (registers: readonly Entry[], instruction: Instruction) => readonly Entry[];
  /** What a side's room lets its people say. */
  readonly maySay: (state: GiverState | TakerState, holder: Holder) => boolean;
  /** How many hand-offs there are, one beginning before the one before is over for both. */
  readonly handoffs: number;
  /** Whether one crane takes containers over the line in both directions; where vehicles pass, they come back anyway. */
  readonly eitherWay: boolean;
  /** Whether a message that its sender never said gets past signatures (`signatures.ts`). */
  readonly believesForged: boolean;
  /** Whether the vehicle's register survives its restart. */
  readonly registerSurvives: boolean;
  /** Whether the vehicle may be lost for good, so that people have to say who holds it. */
  readonly mayBeLost: boolean;
}

export const production: Machines = {
  giver,
  taker,
  obey: compareAndSet,
  // Two rounds are searched.
  maySay: (state, holder) => (nextRound(state) ?? 3) < 3 && refusalToResolve(state, holder) === undefined,
  handoffs: 2,
  eitherWay: false,
  believesForged: false,
  registerSurvives: true,
  mayBeLost: false,
};

/** The same machines, and a vehicle that may be lost for good: after which nothing more is offered. */
export const productionWithLoss: Machines = { ...production, handoffs: 1, mayBeLost: true };

/** The same machines, with a crane at the line between them. */
export const productionWithCrane: Machines = { ...production, device: transferDevice };

/** Only its holder's instruction, only at the epoch it was meant for. */
function compareAndSet(registers: readonly Entry[], instruction: Instruction): readonly Entry[] {
  const { by, from, to, expectedEpoch } = instruction;
  const now = registers.at(-1);
  if (now?.authority !== from || epochOf(registers) !== expectedEpoch) return registers;
  return [...registers, { authority: to, by }];
}

export const EXPIRY_MS = 1_000;
export const START_EPOCH = 7;

export const epochOf = (registers: readonly Entry[]): number => START_EPOCH + registers.length - 1;

export const manifest: Manifest = {
  vehicle: { manufacturer: "sim", serialNumber: "vn-01", lengthM: 15, widthM: 3, batteryPct: 80 },
  direction: "export",
  priority: 0,
};

export const handoffIdOf = (index: number): HandoffId => `h-${index + 1}` as HandoffId;

export function offerOf(index: number, from: Side, mode: HandoverMode): Offer {
  return {
    handoffId: handoffIdOf(index),
    mode,
    handoffPointId: "export-1" as HandoffPointId,
    direction: from === "vn" ? "export" : "import",
    vehicleId: "sim.vn-01" as VehicleId,
    vehicleHome: "vn",
    manifest,
    etaMs: 0,
    expiresAtMs: EXPIRY_MS,
  };
}

export const halfSigned: SignedRecord = { payload: "p", signatures: [{ protected: "t", signature: "t" }] };
const bothSigned: SignedRecord = {
  payload: "p",
  signatures: [...halfSigned.signatures, { protected: "g", signature: "g" }],
};
export const agrees: RecordFinding = { kind: "agrees", record: bothSigned, recordHash: "r" };

export const takerOf = (conversation: Conversation): Side => otherSide(conversation.giver);

/** The conversation in which a side's own part was the last to begin: by it the side knows whether it commands. */
export function newestOf(world: World, side: Side): Conversation | undefined {
  return world.handoffs.findLast(
    (one) => one.giver === side || (takerOf(one) === side && one.takerState !== undefined),
  );
}

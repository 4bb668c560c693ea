import { FIRST_LINK, type SignedRecord } from "./custody.ts";
import type { Envelope, OfferBody, VisitEnvelope, Word } from "./messages.ts";
import type { Page } from "./pages.ts";

/** What a register says of a vehicle: who may drive it, and how often that has changed. */
export interface Register {
  readonly authority: string;
  readonly epoch: number;
}

export interface EmulatedHandoff {
  readonly handoffId: string;
  readonly role: "giver" | "taker";
  phase:
    | "offered"
    | "accepted"
    | "readied"
    | "gone"
    | "fencing"
    | "switched"
    | "receipted"
    | "concluded"
    | "declined"
    | "ended";
  readonly offer: OfferBody;
  manifest: unknown;
  epoch: number;
  /** As a host: the visitor stands at the line, and is let go when there is ground for it. */
  isReady?: boolean;
  /** The newest that each side's people have said of a vehicle that is lost. */
  ourWord?: Word;
  theirWord?: Word;
}

/** Whether a vehicle's own side goes on driving it: what is handed over is the right to. */
export const isVisit = ({ offer }: EmulatedHandoff): boolean => offer.mode === "host-grants";

/** What an emulator knows, kept outside of it: one that ended is followed by another that goes on from there. */
export interface EmulatorMemory {
  readonly handoffs: Map<string, EmulatedHandoff>;
  readonly ledger: SignedRecord[];
  readonly registers: Map<string, Register>;
  /** Of its ledger, by the vehicles that visit its ground. */
  readonly pages: Map<string, Page>;
  /** What the peer has told, in the order in which it was taken. */
  readonly heard: string[];
  readonly seen: Map<string, string>;
  /** What the peer has not taken yet. */
  readonly outbox: Set<Envelope | VisitEnvelope>;
  lastLink: string;
}

export const emptyMemory = (): EmulatorMemory => ({
  handoffs: new Map(),
  ledger: [],
  registers: new Map(),
  pages: new Map(),
  heard: [],
  seen: new Map(),
  outbox: new Set(),
  lastLink: FIRST_LINK,
});

import type { VehicleId } from "@baton/fleet-adapter";
import Type, { type Static } from "typebox";
import { GiverState } from "./core/giver-state.ts";
import type { SignedRecord } from "./core/messages.ts";
import { TakerState } from "./core/taker.ts";
import { VisitPage } from "./core/visit/page.ts";
import { Visitor } from "./core/visit/visitor.ts";
import type { HandoffId } from "./port.ts";
import { Envelope } from "./wire.ts";

/** One hand-off as it is kept: the machine's state, and which messages of the partner were taken. */
export const HandoffEntry = Type.Object({
  machine: Type.Union([GiverState, TakerState]),
  inbox: Type.Array(Type.Object({ messageId: Type.String(), type: Type.String(), digest: Type.String() })),
});
export type HandoffEntry = Static<typeof HandoffEntry>;

/** One visit by a host's grants as it is kept, by its vehicle: the page of our ledger for a foreign one, or what we know of our own's. */
export const VisitRecord = Type.Union([
  Type.Object({ role: Type.Literal("host"), page: VisitPage }),
  Type.Object({ role: Type.Literal("home"), visitor: Visitor }),
]);
export type VisitRecord = Static<typeof VisitRecord>;

export const vehicleOf = (record: VisitRecord): VehicleId =>
  record.role === "host" ? record.page.vehicleId : record.visitor.vehicleId;

/** A message that the partner has not acknowledged. `seq` grows; messages of one hand-off are sent in its order. */
export const OutboxItem = Type.Object({ seq: Type.Integer(), envelope: Envelope });
export type OutboxItem = Static<typeof OutboxItem>;

/** One step, kept whole or not at all. */
export interface Change {
  readonly handoffId: HandoffId;
  /** Undefined to forget a hand-off that has been over for long. */
  readonly entry: HandoffEntry | undefined;
  readonly send: readonly OutboxItem[];
  readonly append: SignedRecord | undefined;
  readonly complete: SignedRecord | undefined;
}

export interface Kept {
  readonly entries: readonly HandoffEntry[];
  readonly outbox: readonly OutboxItem[];
  readonly visits: readonly VisitRecord[];
  /** What this side signed last: the head of its custody chain. */
  readonly lastSigned: SignedRecord | undefined;
}

/**
 * Where a side keeps its hand-offs. Methods reject when the store cannot be reached; whether a commit that rejected was
 * kept is then unknown, and only `load` tells.
 */
export interface HandoffStore {
  /** Takes over: whoever opened before can change nothing from here on. */
  open(): Promise<void>;
  load(): Promise<Kept>;
  /** This side's custody chain from its first record on, in the order of signing, each with both signatures once it has them. */
  custody(): Promise<readonly SignedRecord[]>;
  commit(change: Change): Promise<"kept" | "fenced">;
  /** In place of what was kept of the vehicle before. */
  keepVisit(record: VisitRecord): Promise<"kept" | "fenced">;
  acknowledged(messageId: string): Promise<"kept" | "fenced">;
  /** Is it new? Remembers it, and forgets what was created before `forgetBeforeMs`. */
  rememberNonce(nonce: string, createdMs: number, forgetBeforeMs: number): Promise<boolean>;
}

/** For tests of what is above the store; `memory` outlives a service as Redis would. */
export interface HandoffMemory {
  fence: number;
  readonly entries: Map<string, HandoffEntry>;
  readonly outbox: Map<string, OutboxItem>;
  readonly visits: Map<string, VisitRecord>;
  readonly ledger: { handoffId: string; record: SignedRecord }[];
  readonly countersigned: Map<string, SignedRecord>;
  readonly nonces: Map<string, number>;
}

export function createHandoffMemory(): HandoffMemory {
  return {
    fence: 0,
    entries: new Map(),
    outbox: new Map(),
    visits: new Map(),
    ledger: [],
    countersigned: new Map(),
    nonces: new Map(),
  };
}

export function createMemoryHandoffStore(memory: HandoffMemory): HandoffStore {
  let fence = 0;
  return {
    async open() {
      memory.fence++;
      fence = memory.fence;
    },
    async load() {
      const { entries, outbox, visits, ledger } = memory;
      return {
        entries: [...entries.values()],
        outbox: [...outbox.values()],
        visits: [...visits.values()],
        lastSigned: ledger.at(-1)?.record,
      };
    },
    async custody() {
      return memory.ledger.map(({ handoffId, record }) => memory.countersigned.get(handoffId) ?? record);
    },
    async commit({ handoffId, entry, send, append, complete }) {
      if (fence !== memory.fence) return "fenced";
      if (entry === undefined) memory.entries.delete(handoffId);
      else memory.entries.set(handoffId, structuredClone(entry));
      for (const item of send) memory.outbox.set(item.envelope.messageId, structuredClone(item));
      if (append !== undefined) memory.ledger.push({ handoffId, record: append });
      if (complete !== undefined) memory.countersigned.set(handoffId, complete);
      return "kept";
    },
    async keepVisit(record) {
      if (fence !== memory.fence) return "fenced";
      memory.visits.set(vehicleOf(record), structuredClone(record));
      return "kept";
    },
    async acknowledged(messageId) {
      if (fence !== memory.fence) return "fenced";
      memory.outbox.delete(messageId);
      return "kept";
    },
    async rememberNonce(nonce, createdMs, forgetBeforeMs) {
      for (const [known, atMs] of memory.nonces) if (atMs < forgetBeforeMs) memory.nonces.delete(known);
      if (memory.nonces.has(nonce)) return false;
      memory.nonces.set(nonce, createdMs);
      return true;
    },
  };
}

import type { Behaviour } from "./behaviour.ts";
import { addSignature, canonical, isSignedBy, linkOf, type SignedRecord } from "./custody.ts";
import type { EmulatedHandoff, EmulatorMemory } from "./memory.ts";
import type { Jwk, OwnKey } from "./signing.ts";

export interface CustodyBookOptions {
  readonly side: "vn" | "cn";
  readonly key: OwnKey;
  readonly peerKeys: () => readonly Jwk[];
  readonly nowMs: () => number;
  readonly memory: Pick<EmulatorMemory, "ledger" | "lastLink">;
}

/** The emulated country's custody ledger: records signed by both sides, each linked to the one that its side signed before. */
export class CustodyBook {
  readonly #options: CustodyBookOptions;

  constructor(options: CustodyBookOptions) {
    this.#options = options;
  }

  /** What a taker signs first: that it has the vehicle, with what its behaviour makes untrue of it. */
  receiptFor(handoff: EmulatedHandoff, lie: Behaviour["lie"]): SignedRecord {
    const content = canonical(recordOf(handoff, this.#options.side, this.#options.nowMs(), lie));
    return this.#signed({ payload: Buffer.from(content).toString("base64url"), signatures: [] }, "taker");
  }

  /** A taker's receipt with the giver's signature, entered; undefined when the peer has not signed it. */
  countersigned(receipt: SignedRecord): SignedRecord | undefined {
    if (!isSignedBy(receipt, 0, this.#options.peerKeys())) return undefined;
    const record = this.#signed(receipt, "giver");
    this.#options.memory.ledger.push(record);
    return record;
  }

  /** Our own receipt, come back countersigned; false when the peer has not signed it. */
  enter(record: SignedRecord): boolean {
    if (!isSignedBy(record, 1, this.#options.peerKeys())) return false;
    this.#options.memory.ledger.push(record);
    return true;
  }

  #signed(record: SignedRecord, role: "giver" | "taker"): SignedRecord {
    const { side, key, memory } = this.#options;
    const signed = addSignature(record, { role, side, account: "emulator", previous: memory.lastLink }, key);
    memory.lastLink = linkOf(signed, role === "taker" ? 0 : 1);
    return signed;
  }
}

function recordOf(
  { handoffId, offer, manifest, epoch }: EmulatedHandoff,
  taker: "vn" | "cn",
  atMs: number,
  lie: Behaviour["lie"],
): Record<string, unknown> {
  const local = (offsetHours: number): string =>
    `${new Date(atMs + offsetHours * 3_600_000).toISOString().slice(0, -1)}+0${offsetHours}:00`;
  return {
    version: 1,
    handoffId,
    giver: taker === "vn" ? "cn" : "vn",
    taker,
    direction: offer.direction,
    vehicleId: offer.vehicleId,
    controlEpoch: lie === "receipt-epoch" ? epoch + 7 : epoch,
    manifest: lie === "receipt-manifest" ? { ...Object(manifest), priority: 9 } : manifest,
    handoffPointId: offer.handoffPointId,
    place: offer.handoffPointId,
    lane: "emulated",
    receivedAt: { utc: new Date(atMs).toISOString(), vn: local(7), cn: local(8) },
    result: { kind: "accepted" },
  };
}

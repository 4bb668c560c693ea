import type { VehicleId } from "@baton/fleet-adapter";
import type { Direction, HandoffPointId, Side } from "@baton/maps";
import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";
import { canonicalJson, sha256 } from "./canonical-json.ts";
import { HandoffIdText, SideName, type SignedRecord } from "./core/messages.ts";
import { type Jws, joseJws } from "./jws.ts";
import type { KeyRing, KnownKey } from "./keys.ts";
import { Manifest } from "./manifest.ts";
import type { HandoffId, ReceiptResult } from "./port.ts";

/**
 * The custody record: who took what from whom, where, when, and at which epoch of the vehicle's register. The taker
 * writes and signs it (the receipt), the giver signs the same bytes (the countersignature), both keep it.
 * A JWS in general JSON serialisation; each signature's protected header names the account that signed and carries
 * the hash of what that side signed before it, so that a missing or changed record shows in either chain by itself.
 */

const Result = Type.Union([
  Type.Object({ kind: Type.Literal("accepted") }),
  Type.Object({ kind: Type.Literal("accepted-with-remarks"), remarks: Type.String({ maxLength: 1_024 }) }),
  Type.Object({ kind: Type.Literal("refused"), code: Type.String({ maxLength: 64 }) }),
]);

export const CustodyRecord = Type.Object({
  version: Type.Literal(1),
  handoffId: HandoffIdText,
  giver: SideName,
  taker: SideName,
  direction: Type.Unsafe<Direction>(Type.Union([Type.Literal("export"), Type.Literal("import")])),
  vehicleId: Type.Unsafe<VehicleId>(Type.String()),
  /** The epoch at which the taker holds the vehicle. */
  controlEpoch: Type.Integer(),
  manifest: Manifest,
  handoffPointId: Type.Unsafe<HandoffPointId>(Type.String()),
  place: Type.String(),
  lane: Type.String(),
  /** ISO 8601: UTC, and the same instant as either side's clock on the wall shows it. */
  receivedAt: Type.Object({ utc: Type.String(), vn: Type.String(), cn: Type.String() }),
  result: Result,
});
export type CustodyRecord = Static<typeof CustodyRecord>;

const SignatureHeader = Type.Object({
  alg: Type.Literal("EdDSA"),
  kid: Type.String(),
  role: Type.Union([Type.Literal("giver"), Type.Literal("taker")]),
  side: SideName,
  account: Type.String(),
  /** `linkHash` of the record that this side signed before; GENESIS for its first. */
  previous: Type.String(),
});
type SignatureHeader = Static<typeof SignatureHeader>;
const recordCheck = Compile(CustodyRecord);
const headerCheck = Compile(SignatureHeader);

/** What the first record of a chain points to. */
export const GENESIS = sha256("baton custody chain");

export interface CustodyFacts {
  readonly handoffId: HandoffId;
  readonly giver: Side;
  readonly taker: Side;
  readonly direction: Direction;
  readonly vehicleId: VehicleId;
  readonly controlEpoch: number;
  readonly manifest: Manifest;
  readonly handoffPointId: HandoffPointId;
  readonly place: string;
  readonly lane: string;
  readonly receivedAtMs: number;
  readonly utcOffsetMinutes: Readonly<Record<Side, number>>;
  readonly result: ReceiptResult;
}

export interface Signatory {
  readonly side: Side;
  readonly account: string;
  readonly keys: KeyRing;
  /** The head of this side's own chain. */
  readonly previous: string;
}

/** The receipt: the record with the taker's signature. */
export async function signReceipt(facts: CustodyFacts, signatory: Signatory): Promise<SignedRecord> {
  const { receivedAtMs, utcOffsetMinutes, ...rest } = facts;
  const receivedAt = {
    utc: new Date(receivedAtMs).toISOString(),
    vn: localTime(receivedAtMs, utcOffsetMinutes.vn),
    cn: localTime(receivedAtMs, utcOffsetMinutes.cn),
  };
  const payload = canonicalJson({ version: 1, ...rest, receivedAt } satisfies CustodyRecord);
  return addSignature(
    { payload: Buffer.from(payload).toString("base64url"), signatures: [] },
    "taker",
    signatory,
  );
}

/** The giver's signature to the same bytes. */
export function countersignReceipt(receipt: SignedRecord, signatory: Signatory): Promise<SignedRecord> {
  return addSignature(receipt, "giver", signatory);
}

async function addSignature(
  record: SignedRecord,
  role: "giver" | "taker",
  { side, account, keys, previous }: Signatory,
): Promise<SignedRecord> {
  const { keyId, privateKey } = keys.own;
  const header: SignatureHeader = { alg: "EdDSA", kid: keyId, role, side, account, previous };
  const signed = await keys.jws.sign(Buffer.from(record.payload, "base64url"), { ...header }, privateKey);
  return { payload: record.payload, signatures: [...record.signatures, signed] };
}

export type RecordReading =
  | { readonly ok: true; readonly record: CustodyRecord; readonly headers: readonly SignatureHeader[] }
  | {
      readonly ok: false;
      readonly code: "malformed" | "unknown-key" | "bad-signature";
      readonly detail: string;
    };

/** Reads a record and checks every signature on it: the taker's first, the giver's second, each with a key of its own side. */
export async function readRecord(
  signed: SignedRecord,
  find: (keyId: string) => Pick<KnownKey, "side" | "publicKey"> | undefined,
  jws: Jws = joseJws,
): Promise<RecordReading> {
  const no = (code: "malformed" | "unknown-key" | "bad-signature", detail: string): RecordReading => ({
    ok: false,
    code,
    detail,
  });
  const record = recordOf(signed);
  if (record === undefined) return no("malformed", "the payload is not a custody record");
  if (canonicalJson(record) !== Buffer.from(signed.payload, "base64url").toString()) {
    return no("malformed", "the payload is not in canonical form");
  }
  const headers: SignatureHeader[] = [];
  for (const [at, one] of signed.signatures.entries()) {
    const header = parsed(one.protected);
    const role = at === 0 ? "taker" : "giver";
    if (!headerCheck.Check(header) || header.role !== role || header.side !== record[role]) {
      return no("malformed", `signature ${at + 1} is not the ${role}'s`);
    }
    const key = find(header.kid);
    if (key?.side !== header.side) return no("unknown-key", `key id ${header.kid}`);
    if (!(await jws.verify(signed.payload, one, key.publicKey))) {
      return no("bad-signature", `the ${role}'s signature does not fit the record`);
    }
    headers.push(header);
  }
  return { ok: true, record, headers };
}

/** What a record of our own chain says; its signatures were checked before it was kept. */
export function recordOf(signed: SignedRecord): CustodyRecord | undefined {
  const record = parsed(signed.payload);
  return recordCheck.Check(record) ? record : undefined;
}

/** One hash for the finished record, the same on both sides. */
export function recordHash(signed: SignedRecord): string {
  return sha256(canonicalJson(signed));
}

/** The hash of what one side signed: the link that its next record points to. Undefined when it has not signed. */
function linkHash(signed: SignedRecord, role: "giver" | "taker"): string | undefined {
  const one = signed.signatures[role === "taker" ? 0 : 1];
  return one && sha256(`${signed.payload}.${one.protected}.${one.signature}`);
}

/** The link that a side's next record points to, after a record that it signed itself. */
export function headAfter(lastSigned: SignedRecord | undefined, side: Side): string {
  if (lastSigned === undefined) return GENESIS;
  const record = recordOf(lastSigned);
  const link = record && linkHash(lastSigned, record.giver === side ? "giver" : "taker");
  if (link === undefined) throw new Error("the last record of this side's custody chain cannot be read");
  return link;
}

export type ChainReading =
  | {
      readonly ok: true;
      readonly records: number;
      readonly head: string /** Not countersigned yet. */;
      readonly pending: number;
    }
  | {
      readonly ok: false;
      /** Which record, from 0. */
      readonly at: number;
      readonly code: "malformed" | "unknown-key" | "bad-signature" | "broken-link";
      readonly detail: string;
    };

/** Checks one side's whole chain, from its first record on, from public keys alone. */
export async function verifyChain(
  records: readonly SignedRecord[],
  side: Side,
  publicKeys: readonly KnownKey[],
): Promise<ChainReading> {
  const byId = new Map(publicKeys.map((key) => [key.keyId, key]));
  let head = GENESIS;
  let pending = 0;
  for (const [at, signed] of records.entries()) {
    const reading = await readRecord(signed, (keyId) => byId.get(keyId));
    if (!reading.ok) return { ok: false, at, code: reading.code, detail: reading.detail };
    const role = reading.record.giver === side ? "giver" : "taker";
    const header = reading.headers.find((one) => one.role === role);
    const link = linkHash(signed, role);
    if (header === undefined || link === undefined || header.side !== side) {
      return { ok: false, at, code: "malformed", detail: `the record is not signed by ${side}` };
    }
    if (header.previous !== head) {
      const detail = `it follows ${header.previous}, and ${head} comes before it here: a record is missing or changed`;
      return { ok: false, at, code: "broken-link", detail };
    }
    if (signed.signatures.length < 2) pending++;
    head = link;
  }
  return { ok: true, records: records.length, head, pending };
}

/** Is a receipt what this giver knows of the hand-off? Undefined when it is. */
export function disagreement(
  record: CustodyRecord,
  ours: Pick<
    CustodyFacts,
    | "handoffId"
    | "giver"
    | "taker"
    | "direction"
    | "vehicleId"
    | "controlEpoch"
    | "manifest"
    | "handoffPointId"
  >,
): string | undefined {
  const { handoffId, giver, taker, direction, vehicleId, controlEpoch, manifest, handoffPointId } = record;
  const said = { handoffId, giver, taker, direction, vehicleId, controlEpoch, manifest, handoffPointId };
  for (const [name, value] of Object.entries(ours)) {
    const theirs: unknown = Object.entries(said).find(([other]) => other === name)?.[1];
    if (canonicalJson(value) !== canonicalJson(theirs)) return `${name} differs`;
  }
  return undefined;
}

function parsed(base64url: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64url, "base64url").toString());
  } catch {
    return undefined;
  }
}

function localTime(atMs: number, offsetMinutes: number): string {
  const local = new Date(atMs + offsetMinutes * 60_000).toISOString().slice(0, -1);
  const size = Math.abs(offsetMinutes);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${local}${offsetMinutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

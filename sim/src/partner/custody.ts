import { createHash, sign, verify } from "node:crypto";
import { type Jwk, type OwnKey, publicKeyOf } from "./signing.ts";

/** Custody records as docs/partner-api.md describes them, written anew from that page. */
export interface SignedRecord {
  readonly payload: string;
  readonly signatures: { readonly protected: string; readonly signature: string }[];
}

const hash = (text: string): string => createHash("sha256").update(text).digest("base64url");

/** What a side's first record points to. */
export const FIRST_LINK = hash("baton custody chain");

/** Members in the order of their names, no white space. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join(",")}}`;
}

export function addSignature(
  record: SignedRecord,
  as: {
    readonly role: "giver" | "taker";
    readonly side: string;
    readonly account: string;
    readonly previous: string;
  },
  key: OwnKey,
): SignedRecord {
  const header = Buffer.from(JSON.stringify({ alg: "EdDSA", kid: key.kid, ...as })).toString("base64url");
  const signature = sign(null, Buffer.from(`${header}.${record.payload}`), key.privateKey).toString(
    "base64url",
  );
  return { ...record, signatures: [...record.signatures, { protected: header, signature }] };
}

/** The link that the signer's next record points to. */
export function linkOf({ payload, signatures }: SignedRecord, at: 0 | 1): string {
  const one = signatures[at];
  if (one === undefined) throw new Error(`the record has no signature ${at + 1}`);
  return hash(`${payload}.${one.protected}.${one.signature}`);
}

/** Whether one signature of a record is made with one of these keys. */
export function isSignedBy(record: SignedRecord, at: 0 | 1, keys: readonly Jwk[]): boolean {
  const one = record.signatures[at];
  if (one === undefined) return false;
  const header: { kid?: unknown } = JSON.parse(Buffer.from(one.protected, "base64url").toString());
  const key = keys.find(({ kid }) => kid === header.kid);
  return (
    key !== undefined &&
    verify(
      null,
      Buffer.from(`${one.protected}.${record.payload}`),
      publicKeyOf(key),
      Buffer.from(one.signature, "base64url"),
    )
  );
}

import { createHash } from "node:crypto";
import type { Side } from "@baton/maps";
import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";
import { SideName, SignedRecord } from "./core/messages.ts";
import { type ChainReading, verifyChain } from "./custody.ts";
import { PublicJwk, readPublicKey } from "./keys.ts";

/** One side's custody chain with the public keys that it was signed with: all that is needed to prove it, years later and offline. */
export const CustodyFile = Type.Object({
  format: Type.Literal("baton-custody/1"),
  side: SideName,
  exportedAt: Type.String(),
  keys: Type.Array(Type.Object({ side: SideName, jwk: PublicJwk }), { minItems: 1 }),
  records: Type.Array(SignedRecord),
});
export type CustodyFile = Static<typeof CustodyFile>;
const check = Compile(CustodyFile);

export type CustodyFileReading =
  | { readonly kind: "no-custody-file"; readonly detail: string }
  | {
      readonly kind: "read";
      readonly side: Side;
      readonly chain: ChainReading;
      /** Whose keys the file brings, each with its thumbprint (RFC 7638), to be compared with what that side has published. */
      readonly keys: readonly { readonly side: Side; readonly kid: string; readonly thumbprint: string }[];
    };

/**
 * Checks a custody file from its first record to its last. `trusted`: public keys from elsewhere; with them the file's own
 * keys count for nothing.
 */
export async function verifyCustodyFile(
  content: unknown,
  trusted?: CustodyFile["keys"],
): Promise<CustodyFileReading> {
  if (!check.Check(content)) {
    const [first] = check.Errors(content);
    return { kind: "no-custody-file", detail: `${first?.instancePath ?? ""} ${first?.message ?? ""}`.trim() };
  }
  const keys = trusted ?? content.keys;
  const known = keys.map(({ side, jwk }) => ({
    side,
    keyId: jwk.kid,
    publicKey: readPublicKey(JSON.stringify(jwk)),
  }));
  return {
    kind: "read",
    side: content.side,
    chain: await verifyChain(content.records, content.side, known),
    keys: keys.map(({ side, jwk }) => ({ side, kid: jwk.kid, thumbprint: thumbprintOf(jwk) })),
  };
}

/** SHA-256 over the required members in their order (RFC 7638; RFC 8037, 2). */
export function thumbprintOf({ crv, kty, x }: PublicJwk): string {
  return createHash("sha256").update(JSON.stringify({ crv, kty, x })).digest("base64url");
}

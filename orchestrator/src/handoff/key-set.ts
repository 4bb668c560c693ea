import { otherSide, type Side } from "@baton/maps";
import Type from "typebox";
import { Compile } from "typebox/compile";
import { createKeyRing, type KeyRing, readPrivateKey, readPublicKey } from "./keys.ts";

const Jwk = Type.Object({
  kid: Type.String({ minLength: 1, maxLength: 64 }),
  kty: Type.String(),
  crv: Type.String(),
});
const ownKey = Compile(Jwk);
const keySet = Compile(Type.Object({ keys: Type.Array(Jwk, { minItems: 1, maxItems: 16 }) }));

/**
 * The key ring of one side from its key files: our private key (a JWK with a `kid`) and the partner's public keys
 * (a JWK set, RFC 7517; several while a key is being changed).
 * @throws {Error} that says which file is not what it should be.
 */
export function keyRingFrom(side: Side, signingKey: unknown, partnerKeys: unknown): KeyRing {
  if (!ownKey.Check(signingKey)) throw new Error("the signing key is not a JWK with a `kid`");
  if (!keySet.Check(partnerKeys))
    throw new Error("the partner's keys are not a JWK set in which each key has a `kid`");
  return createKeyRing({
    side,
    keyId: signingKey.kid,
    privateKey: readPrivateKey(JSON.stringify(signingKey)),
    publicKeys: partnerKeys.keys.map((key) => ({
      keyId: key.kid,
      side: otherSide(side),
      publicKey: readPublicKey(JSON.stringify(key)),
    })),
  });
}

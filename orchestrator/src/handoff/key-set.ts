import { createPublicKey } from "node:crypto";
import { otherSide, type Side } from "@baton/maps";
import Type, { type Static } from "typebox";
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
 * The key ring of one side from its key files: our private key (a JWK with a `kid`; or a JWK set, whose first key signs
 * and whose others are published already, or still, while a key is being changed) and the partner's public keys (a JWK
 * set, RFC 7517).
 * @throws {Error} that says which file is not what it should be.
 */
export function keyRingFrom(side: Side, signingKey: unknown, partnerKeys: unknown): KeyRing {
  const [first, ...others] = signingKeysOf(signingKey);
  if (!keySet.Check(partnerKeys))
    throw new Error("the partner's keys are not a JWK set in which each key has a `kid`");
  return createKeyRing({
    side,
    keyId: first.kid,
    privateKey: readPrivateKey(JSON.stringify(first)),
    publicKeys: [
      ...others.map((key) => ({
        keyId: key.kid,
        side,
        publicKey: createPublicKey(readPrivateKey(JSON.stringify(key))),
      })),
      ...partnerKeys.keys.map((key) => ({
        keyId: key.kid,
        side: otherSide(side),
        publicKey: readPublicKey(JSON.stringify(key)),
      })),
    ],
  });
}

/**
 * Takes over what the key files say now, without a stop: further keys are learned, and the first of our own signs from
 * here on. No key is forgotten: custody records were signed with it.
 * @throws {Error} as `keyRingFrom`; then nothing has changed.
 */
export function renewKeys(ring: KeyRing, side: Side, signingKey: unknown, partnerKeys: unknown): void {
  const fresh = keyRingFrom(side, signingKey, partnerKeys);
  for (const key of [...fresh.of(side), ...fresh.of(otherSide(side))]) {
    if (ring.find(key.keyId) === undefined) ring.learn(key);
  }
  ring.signWith(fresh.own.keyId, fresh.own.privateKey);
}

function signingKeysOf(content: unknown): readonly [Static<typeof Jwk>, ...Static<typeof Jwk>[]] {
  if (ownKey.Check(content)) return [content];
  if (keySet.Check(content)) {
    const [first, ...others] = content.keys;
    if (first !== undefined) return [first, ...others];
  }
  throw new Error("the signing key is not a JWK with a `kid`, nor a set of such keys");
}

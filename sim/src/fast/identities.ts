import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import type { Side } from "@baton/maps";
import { otherSide } from "@baton/maps";
import { createKeyRing, type Jws, type KeyRing } from "@baton/orchestrator/rooms";

/** The head of a PKCS 8 text of an Ed25519 private key (RFC 8410, section 7); its 32 bytes follow. */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

/** The keys of one simulated side: they follow from the seed, and open nothing outside its run. */
export function simulatedKeys(seed: string, side: Side, jws: Jws): KeyRing {
  const partner = otherSide(side);
  return createKeyRing({
    side,
    keyId: keyIdOf(side),
    privateKey: privateKeyOf(seed, side),
    publicKeys: [
      { keyId: keyIdOf(partner), side: partner, publicKey: createPublicKey(privateKeyOf(seed, partner)) },
    ],
    jws,
  });
}

const keyIdOf = (side: Side): string => `${side}-simulated`;

function privateKeyOf(seed: string, side: Side): KeyObject {
  const secret = createHash("sha256")
    .update(JSON.stringify(["key", seed, side]))
    .digest();
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, secret]), format: "der", type: "pkcs8" });
}

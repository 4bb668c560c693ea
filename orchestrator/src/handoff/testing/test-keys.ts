import { sign, verify } from "node:crypto";
import { SIDES, type Side } from "@baton/maps";
import type { Jws } from "../jws.ts";
import {
  createKeyRing,
  generateKeyPair,
  type KeyRing,
  type KnownKey,
  readPrivateKey,
  readPublicKey,
} from "../keys.ts";

/** Signs on the spot, so that nothing of a run waits for the machine. */
const jws: Jws = {
  sign: async (payload, header, privateKey) => {
    const protectedHeader = Buffer.from(JSON.stringify(header)).toString("base64url");
    const input = `${protectedHeader}.${Buffer.from(payload).toString("base64url")}`;
    const signature = sign(null, Buffer.from(input), privateKey).toString("base64url");
    return { protected: protectedHeader, signature };
  },
  verify: async (payload, { protected: header, signature }, publicKey) =>
    verify(null, Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, "base64url")),
};
const pems = { vn: generateKeyPair(), cn: generateKeyPair() };

/** Both sides' public keys, as each of them and whoever checks their chains knows them. */
export const publicKeys: readonly KnownKey[] = SIDES.map((side) => ({
  keyId: `${side}-1`,
  side,
  publicKey: readPublicKey(pems[side].publicPem),
}));

export function keyRingOf(side: Side): KeyRing {
  return createKeyRing({
    side,
    keyId: `${side}-1`,
    privateKey: readPrivateKey(pems[side].privatePem),
    publicKeys: publicKeys.filter((key) => key.side !== side),
    jws,
  });
}

import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import type { Side } from "@baton/maps";
import { type Jws, joseJws } from "./jws.ts";

/** A public key that signatures are checked with, and whose it is. */
export interface KnownKey {
  readonly keyId: string;
  readonly side: Side;
  readonly publicKey: KeyObject;
}

/**
 * The Ed25519 keys of one side: its own private key, and by id every public key that it believes, its own and the
 * partner's. Several keys of one side may be known at once, so that a key is changed without a stop.
 */
export interface KeyRing {
  readonly own: { readonly keyId: string; readonly privateKey: KeyObject };
  find(keyId: string): KnownKey | undefined;
  readonly jws: Jws;
}

export interface KeyRingOptions {
  readonly side: Side;
  readonly keyId: string;
  readonly privateKey: KeyObject;
  /** Public keys of the partner, and former ones of our own (old custody records were signed with them). */
  readonly publicKeys: readonly KnownKey[];
  readonly jws?: Jws;
}

/** Throws an Error that names the key when two keys have one id. */
export function createKeyRing(options: KeyRingOptions): KeyRing {
  const { side, keyId, privateKey } = options;
  const known = new Map<string, KnownKey>();
  const own: KnownKey = { keyId, side, publicKey: createPublicKey(privateKey) };
  for (const key of [own, ...options.publicKeys]) {
    if (known.has(key.keyId))
      throw new Error(`two keys have the id ${key.keyId}: give each key an id of its own`);
    known.set(key.keyId, key);
  }
  return { own: { keyId, privateKey }, find: (id) => known.get(id), jws: options.jws ?? joseJws };
}

/** Reads a private Ed25519 key, PKCS 8 PEM or JWK. Throws an Error that says what to do. */
export function readPrivateKey(text: string): KeyObject {
  return ed25519(() => {
    const trimmed = text.trim();
    return trimmed.startsWith("{")
      ? createPrivateKey({ key: JSON.parse(trimmed), format: "jwk" })
      : createPrivateKey(trimmed);
  }, "private");
}

/** Reads a public Ed25519 key, SPKI PEM or JWK. Throws an Error that says what to do. */
export function readPublicKey(text: string): KeyObject {
  return ed25519(() => {
    const trimmed = text.trim();
    return trimmed.startsWith("{")
      ? createPublicKey({ key: JSON.parse(trimmed), format: "jwk" })
      : createPublicKey(trimmed);
  }, "public");
}

/** A fresh key pair, as PEM texts to be kept in files. */
export function generateKeyPair(): { privatePem: string; publicPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    privatePem: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    publicPem: publicKey.export({ format: "pem", type: "spki" }).toString(),
  };
}

function ed25519(read: () => KeyObject, kind: "private" | "public"): KeyObject {
  const hint = `an Ed25519 ${kind} key is expected, as PEM (${kind === "private" ? "PKCS 8" : "SPKI"}) or as a JWK with "crv": "Ed25519"`;
  let key: KeyObject;
  try {
    key = read();
  } catch (cause) {
    throw new Error(`the ${kind} key cannot be read: ${hint}`, { cause });
  }
  if (key.asymmetricKeyType !== "ed25519")
    throw new Error(`the ${kind} key is ${key.asymmetricKeyType}: ${hint}`);
  return key;
}

import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import type { Side } from "@baton/maps";
import Type, { type Static } from "typebox";
import { type Jws, joseJws } from "./jws.ts";

/** A public key that signatures are checked with, and whose it is. */
export interface KnownKey {
  readonly keyId: string;
  readonly side: Side;
  readonly publicKey: KeyObject;
  /** It signs nothing new any more, and still proves the custody records that it signed. */
  readonly isRetired?: boolean;
}

/**
 * The Ed25519 keys of one side: its own private key, and by id every public key that it believes, its own and the
 * partner's. Several keys of one side may be known at once, so that a key is changed without a stop: the new one is
 * learned, then signed with, then the old one retired.
 */
export interface KeyRing {
  /** What this side signs with now. */
  readonly own: { readonly keyId: string; readonly privateKey: KeyObject };
  find(keyId: string): KnownKey | undefined;
  /** Every key of one side that is known, retired ones too, in the order in which they became known. */
  of(side: Side): readonly KnownKey[];
  /** A further public key, or the same one again, perhaps retired by now. Throws when the id is another key's. */
  learn(key: KnownKey): void;
  /** From here on this side signs with this key; the one before stays known. Throws when the id is another key's. */
  signWith(keyId: string, privateKey: KeyObject): void;
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
  const { side } = options;
  let own = { keyId: options.keyId, privateKey: options.privateKey };
  const known = new Map<string, KnownKey>();
  const learn = (key: KnownKey): void => {
    const before = known.get(key.keyId);
    if (before !== undefined && (before.side !== key.side || !before.publicKey.equals(key.publicKey))) {
      throw new Error(`two keys have the id ${key.keyId}: give each key an id of its own`);
    }
    known.set(key.keyId, key);
  };
  const publicOf = ({ keyId, privateKey }: KeyRing["own"]): KnownKey => ({
    keyId,
    side,
    publicKey: createPublicKey(privateKey),
  });
  for (const key of [publicOf(own), ...options.publicKeys]) learn(key);
  return {
    get own() {
      return own;
    },
    find: (id) => known.get(id),
    of: (wanted) => [...known.values()].filter((key) => key.side === wanted),
    learn,
    signWith(keyId, privateKey) {
      learn(publicOf({ keyId, privateKey }));
      own = { keyId, privateKey };
    },
    jws: options.jws ?? joseJws,
  };
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

/** A public key as a JWK (RFC 8037), as it is published and kept. */
export const PublicJwk = Type.Object({
  kty: Type.Literal("OKP"),
  crv: Type.Literal("Ed25519"),
  kid: Type.String({ minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9._:-]+$" }),
  x: Type.String({ minLength: 43, maxLength: 43, pattern: "^[A-Za-z0-9_-]+$" }),
});
export type PublicJwk = Static<typeof PublicJwk>;

export function publicJwkOf({ keyId, publicKey }: Pick<KnownKey, "keyId" | "publicKey">): PublicJwk {
  const { x } = publicKey.export({ format: "jwk" });
  if (x === undefined) throw new Error(`key ${keyId} is no Ed25519 key`);
  return { kty: "OKP", crv: "Ed25519", kid: keyId, x };
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

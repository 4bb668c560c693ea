import { verify } from "node:crypto";
import { otherSide, type Side } from "@baton/maps";
import type { Redis } from "ioredis";
import Type from "typebox";
import { Compile } from "typebox/compile";
import { type KeyRing, PublicJwk, publicJwkOf, readPublicKey } from "../handoff/keys.ts";
import { fieldsOf } from "../redis/hash.ts";
import { readKept } from "../redis/script.ts";
import { answered } from "../redis/store-unreachable.ts";

const KeptKey = Type.Object({ jwk: PublicJwk, retiredAtMs: Type.Optional(Type.Number()) });
const keptKey = Compile(KeptKey);

export type EnrolOutcome = "enrolled" | "known" | "conflict" | "unproven";
export type RetireOutcome = "retired" | "unknown" | "last";

/** The text that a new key signs to show that its private part is at hand. */
export function proofText(side: Side, { kid, x }: Pick<PublicJwk, "kid" | "x">): string {
  return `baton key enrolment\n${side}\n${kid}\n${x}`;
}

export interface PartnerKeys {
  /** Learns what was enrolled and retired before; throws `StoreUnreachable`. */
  load(): Promise<void>;
  /** Our own public keys, the one that signs first. */
  ours(): readonly PublicJwk[];
  /** The partner's, with those that are retired. */
  theirs(): readonly { readonly jwk: PublicJwk; readonly isRetired: boolean }[];
  /**
   * Takes a new key of the partner. `proof`: base64url of the Ed25519 signature of `proofText` with the new key. The same
   * key again changes nothing; throws `StoreUnreachable`, and then nothing has changed.
   */
  enrol(jwk: PublicJwk, proof: string): Promise<EnrolOutcome>;
  retire(keyId: string, nowMs: number): Promise<RetireOutcome>;
}

/**
 * The partner's keys beyond those of the key file: enrolled by an account of this side, or by the partner itself with a
 * request that a key of its own has signed. Key `baton:{zone}:partner:keys` (hash by key id). No key is ever forgotten.
 */
export function createPartnerKeys(options: {
  readonly ring: KeyRing;
  readonly side: Side;
  readonly redis: Redis;
  readonly zoneId: string;
}): PartnerKeys {
  const { ring, side, redis } = options;
  const partner = otherSide(side);
  const key = `baton:{${options.zoneId}}:partner:keys`;
  const usable = () => ring.of(partner).filter(({ isRetired }) => isRetired !== true);
  const keep = (jwk: PublicJwk, retiredAtMs?: number): Promise<number> =>
    answered(
      redis.hset(
        key,
        jwk.kid,
        JSON.stringify({ jwk, ...(retiredAtMs === undefined ? {} : { retiredAtMs }) }),
      ),
    );
  return {
    async load() {
      for (const [, text] of await answered(fieldsOf(redis, key))) {
        const { jwk, retiredAtMs } = readKept(keptKey, text, key);
        const publicKey = readPublicKey(JSON.stringify(jwk));
        ring.learn({ keyId: jwk.kid, side: partner, publicKey, isRetired: retiredAtMs !== undefined });
      }
    },
    ours() {
      const own = ring.of(side);
      const first = own.find(({ keyId }) => keyId === ring.own.keyId);
      return [...(first === undefined ? [] : [first]), ...own.filter((one) => one !== first)].map(
        publicJwkOf,
      );
    },
    theirs: () =>
      ring.of(partner).map((one) => ({ jwk: publicJwkOf(one), isRetired: one.isRetired === true })),
    async enrol(jwk, proof) {
      const publicKey = readPublicKey(JSON.stringify(jwk));
      const text = Buffer.from(proofText(partner, jwk));
      if (!verify(null, text, publicKey, Buffer.from(proof, "base64url"))) return "unproven";
      const known = ring.find(jwk.kid);
      if (known !== undefined) {
        const isSame =
          known.side === partner && known.publicKey.equals(publicKey) && known.isRetired !== true;
        return isSame ? "known" : "conflict";
      }
      await keep(jwk);
      ring.learn({ keyId: jwk.kid, side: partner, publicKey });
      return "enrolled";
    },
    async retire(keyId, nowMs) {
      const known = usable().find((one) => one.keyId === keyId);
      if (known === undefined) return "unknown";
      if (usable().length === 1) return "last";
      await keep(publicJwkOf(known), nowMs);
      ring.learn({ ...known, isRetired: true });
      return "retired";
    },
  };
}

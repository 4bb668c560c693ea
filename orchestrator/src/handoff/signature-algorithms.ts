import { constants, createHmac, type KeyObject, sign, timingSafeEqual, verify } from "node:crypto";

/** How a signature base is signed and a signature checked. Names are those of the registry of RFC 9421, 6.2. */
export interface SignatureAlgorithm {
  readonly name: string;
  sign(base: Uint8Array, key: KeyObject): Uint8Array;
  verify(base: Uint8Array, key: KeyObject, signature: Uint8Array): boolean;
}

const RSA_PSS = {
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: 64,
} as const;

/** RFC 9421, 3.3.6: what the partner protocol uses. */
export const ED25519: SignatureAlgorithm = {
  name: "ed25519",
  sign: (base, key) => sign(null, base, key),
  verify: (base, key, signature) => verify(null, base, key, signature),
};

/**
 * Every algorithm that a profile can be given. A country that requires its own adds it here under a name of its own, and
 * to its profile; both sides then have to know it.
 */
export const SIGNATURE_ALGORITHMS: ReadonlyMap<string, SignatureAlgorithm> = new Map(
  (
    [
      ED25519,
      {
        name: "ecdsa-p256-sha256",
        sign: (base, key) => sign("sha256", base, { key, dsaEncoding: "ieee-p1363" }),
        verify: (base, key, signature) =>
          verify("sha256", base, { key, dsaEncoding: "ieee-p1363" }, signature),
      },
      {
        name: "rsa-pss-sha512",
        sign: (base, key) => sign("sha512", base, { key, ...RSA_PSS }),
        verify: (base, key, signature) => verify("sha512", base, { key, ...RSA_PSS }, signature),
      },
      {
        name: "hmac-sha256",
        sign: (base, key) => createHmac("sha256", key).update(base).digest(),
        verify(base, key, signature) {
          const expected = createHmac("sha256", key).update(base).digest();
          return expected.length === signature.length && timingSafeEqual(expected, signature);
        },
      },
    ] satisfies SignatureAlgorithm[]
  ).map((algorithm) => [algorithm.name, algorithm]),
);

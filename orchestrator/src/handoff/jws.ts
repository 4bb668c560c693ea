import type { KeyObject } from "node:crypto";
import { type CompactJWSHeaderParameters, FlattenedSign, flattenedVerify } from "jose";

/** One signature of a JWS in general JSON serialisation (RFC 7515, section 7.2.1). */
export interface JwsSignature {
  readonly protected: string;
  readonly signature: string;
}

/**
 * Ed25519 signatures over custody records (RFC 8037). A port, because the work is done off the thread and its answers come
 * when they come: a simulation that has to be the same every time takes them in the order in which they were asked for.
 */
export interface Jws {
  sign(payload: Uint8Array, header: CompactJWSHeaderParameters, privateKey: KeyObject): Promise<JwsSignature>;
  verify(payload: string, signature: JwsSignature, publicKey: KeyObject): Promise<boolean>;
}

export const joseJws: Jws = {
  async sign(payload, header, privateKey) {
    const jws = await new FlattenedSign(payload).setProtectedHeader(header).sign(privateKey);
    if (jws.protected === undefined) throw new Error("a signature without its protected header");
    return { protected: jws.protected, signature: jws.signature };
  },
  async verify(payload, signature, publicKey) {
    try {
      await flattenedVerify({ payload, ...signature }, publicKey, { algorithms: ["EdDSA"] });
      return true;
    } catch {
      return false;
    }
  },
};

import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import Type from "typebox";
import { Compile } from "typebox/compile";
import type { Account } from "./accounts.ts";
import { ROLES } from "./roles.ts";

export interface OidcSettings {
  /** Issuer identifier; its keys are found by OpenID Connect Discovery 1.0, section 4. */
  readonly issuer: string;
  /** What the token must be meant for. */
  readonly audience: string;
  /** The claim that names one of our roles; a list of them counts by its first. */
  readonly roleClaim: string;
}

/** An authority's own identity provider, as far as Baton needs it: whose token this is. */
export interface IdentityProvider {
  /** Undefined for a token that is not the issuer's, has expired, or names no role of ours. */
  accountOf(token: string): Promise<Account | undefined>;
}

const discovery = Compile(Type.Object({ issuer: Type.String(), jwks_uri: Type.String() }));
const isRole = (text: unknown): text is Account["role"] => ROLES.some((role) => role === text);
/** Of the algorithms of RFC 7518 and RFC 8037, those that a public key verifies. */
const ALGORITHMS = ["EdDSA", "ES256", "ES384", "RS256", "PS256"];

/**
 * Access tokens of an OpenID Connect provider (JWT, RFC 9068): signature, issuer, audience and expiry are verified by
 * `jose` against the provider's published keys, which are fetched when first needed and again when a key is new.
 */
export function createIdentityProvider(
  { issuer, audience, roleClaim }: OidcSettings,
  onUnreachable: (error: unknown) => void,
  ask: typeof fetch = fetch,
): IdentityProvider {
  let keys: Promise<ReturnType<typeof createRemoteJWKSet>> | undefined;
  const discover = async (): Promise<ReturnType<typeof createRemoteJWKSet>> => {
    const answer = await ask(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
    const said: unknown = await answer.json();
    if (!discovery.Check(said) || said.issuer !== issuer)
      throw new Error(`${issuer} does not publish an OpenID Connect configuration of its own`);
    return createRemoteJWKSet(new URL(said.jwks_uri));
  };

  return {
    async accountOf(token) {
      keys ??= discover();
      try {
        const { payload } = await jwtVerify(token, await keys, { issuer, audience, algorithms: ALGORITHMS });
        const claim = payload[roleClaim];
        const role = (Array.isArray(claim) ? claim : [claim]).find(isRole);
        const name =
          typeof payload["preferred_username"] === "string" ? payload["preferred_username"] : payload.sub;
        return role === undefined || name === undefined ? undefined : { name, role };
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        // The provider did not answer: asked again with the next token.
        keys = undefined;
        onUnreachable(error);
        return undefined;
      }
    },
  };
}

import {
  type AuthorizationServer,
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  type CustomFetchOptions,
  calculatePKCECodeChallenge,
  customFetch,
  discoveryRequest,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
  None,
  processAuthorizationCodeResponse,
  processDiscoveryResponse,
  validateAuthResponse,
} from "oauth4webapi";
import { type PendingSignIn, parsePending, returnAddress } from "./pending.ts";
import type { Provider } from "./session-client.ts";

/**
 * Sign-in at an identity provider: OpenID Connect Core 1.0, Authorization Code Flow (section 3.1) as a public client
 * with PKCE (RFC 7636, S256), state and nonce. `oauth4webapi` makes and checks the messages. What comes of it is the
 * provider's access token, which the orchestrator verifies by itself.
 */

type Body = URLSearchParams | undefined;

/** Loopback is as trustworthy as the page itself; elsewhere only HTTPS. */
const isLoopback = (url: URL): boolean => ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);

const optionsFor = (issuer: string, ask: typeof fetch) => ({
  [allowInsecureRequests]: isLoopback(new URL(issuer)),
  [customFetch]: (url: string, { body, signal, ...rest }: CustomFetchOptions<string, Body>) =>
    ask(url, {
      ...rest,
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    }),
});

async function discover(issuer: string, ask: typeof fetch): Promise<AuthorizationServer> {
  const url = new URL(issuer);
  return processDiscoveryResponse(url, await discoveryRequest(url, optionsFor(issuer, ask)));
}

/** Where the browser has to go, and what it has to remember until it is back. Throws when the provider does not answer as one. */
export async function beginSignIn(
  provider: Provider,
  pageUrl: string,
  ask: typeof fetch = (input, init) => fetch(input, init),
): Promise<{ readonly goTo: string; readonly pending: PendingSignIn }> {
  const { authorization_endpoint: endpoint } = await discover(provider.issuer, ask);
  if (endpoint === undefined) throw new Error(`${provider.issuer} names no authorization endpoint`);
  const pending: PendingSignIn = {
    ...provider,
    state: generateRandomState(),
    nonce: generateRandomNonce(),
    verifier: generateRandomCodeVerifier(),
    query: new URL(pageUrl).search,
  };
  const goTo = new URL(endpoint);
  for (const [key, value] of Object.entries({
    client_id: provider.clientId,
    redirect_uri: returnAddress(pageUrl),
    response_type: "code",
    scope: "openid",
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: "S256",
  })) {
    goTo.searchParams.set(key, value);
  }
  return { goTo: goTo.href, pending };
}

/** The access token for what the provider sent the browser back with; undefined for an answer that is not to be believed. Never throws. */
export async function finishSignIn(
  kept: string | null,
  pageUrl: string,
  ask: typeof fetch = (input, init) => fetch(input, init),
): Promise<string | undefined> {
  const pending = parsePending(kept);
  if (pending === undefined) return undefined;
  try {
    const server = await discover(pending.issuer, ask);
    const client = { client_id: pending.clientId };
    const said = validateAuthResponse(server, client, new URL(pageUrl), pending.state);
    const answer = await authorizationCodeGrantRequest(
      server,
      client,
      None(),
      said,
      returnAddress(pageUrl),
      pending.verifier,
      optionsFor(pending.issuer, ask),
    );
    const tokens = await processAuthorizationCodeResponse(server, client, answer, {
      expectedNonce: pending.nonce,
      requireIdToken: true,
    });
    return tokens.access_token;
  } catch {
    return undefined;
  }
}

import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { beginSignIn, finishSignIn } from "./oidc.ts";
import { isReturn, parsePending, returnAddress } from "./pending.ts";

const PROVIDER = { issuer: "https://id.example", clientId: "baton" };
const PAGE = "https://gate.example/room/?lang=vi#lanes";
const BACK = "https://gate.example/room/";

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const json = (body: unknown): Response =>
  new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } });

/** An identity provider that redeems the code `c-1`, for an ID token with the nonce given. */
function provider(idToken: { readonly nonce: string; readonly aud?: string }) {
  const redeemed: URLSearchParams[] = [];
  const ask: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    if (request.url.endsWith("/.well-known/openid-configuration")) {
      return json({
        issuer: PROVIDER.issuer,
        authorization_endpoint: "https://id.example/authorize?tenant=vn",
        token_endpoint: "https://id.example/token",
        id_token_signing_alg_values_supported: ["RS256"],
      });
    }
    redeemed.push(new URLSearchParams(await request.text()));
    const nowS = Math.floor(Date.now() / 1000);
    const claims = { iss: PROVIDER.issuer, sub: "lan", aud: "baton", iat: nowS, exp: nowS + 60, ...idToken };
    return json({
      access_token: "access.jwt.token",
      token_type: "Bearer",
      id_token: `${part({ alg: "RS256" })}.${part(claims)}.c2ln`,
    });
  };
  return { ask, redeemed };
}

describe("sign-in at an identity provider", () => {
  test("sends the browser there with a challenge whose secret stays here, and back to the page without its query", async () => {
    const { goTo, pending } = await beginSignIn(PROVIDER, PAGE, provider({ nonce: "" }).ask);
    const url = new URL(goTo);
    expect(url.origin + url.pathname).toBe("https://id.example/authorize");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      tenant: "vn",
      client_id: "baton",
      redirect_uri: BACK,
      response_type: "code",
      scope: "openid",
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: createHash("sha256").update(pending.verifier).digest("base64url"),
      code_challenge_method: "S256",
    });
    expect(goTo).not.toContain(pending.verifier);
    expect(pending.query).toBe("?lang=vi");
  });

  test("redeems the code with the secret, for the access token", async () => {
    const { pending } = await beginSignIn(PROVIDER, PAGE, provider({ nonce: "" }).ask);
    const { ask, redeemed } = provider({ nonce: pending.nonce });
    const back = `${BACK}?code=c-1&state=${pending.state}`;
    expect(isReturn(back)).toBe(true);
    expect(await finishSignIn(JSON.stringify(pending), back, ask)).toBe("access.jwt.token");
    expect(Object.fromEntries(redeemed[0] ?? [])).toMatchObject({
      code: "c-1",
      client_id: "baton",
      redirect_uri: BACK,
      code_verifier: pending.verifier,
    });
  });

  test("redeems nothing that this browser did not ask for", async () => {
    const { pending } = await beginSignIn(PROVIDER, PAGE, provider({ nonce: "" }).ask);
    const { ask, redeemed } = provider({ nonce: pending.nonce });
    expect(
      await finishSignIn(JSON.stringify(pending), `${BACK}?code=c-1&state=another`, ask),
    ).toBeUndefined();
    expect(await finishSignIn(null, `${BACK}?code=c-1&state=${pending.state}`, ask)).toBeUndefined();
    expect(redeemed).toEqual([]);
  });

  test("believes no token that was made for another sign-in or another client, and no refusal", async () => {
    const { pending } = await beginSignIn(PROVIDER, PAGE, provider({ nonce: "" }).ask);
    const kept = JSON.stringify(pending);
    const back = `${BACK}?code=c-1&state=${pending.state}`;
    expect(await finishSignIn(kept, back, provider({ nonce: "another" }).ask)).toBeUndefined();
    expect(
      await finishSignIn(kept, back, provider({ nonce: pending.nonce, aud: "other" }).ask),
    ).toBeUndefined();
    const refused = `${BACK}?error=access_denied&state=${pending.state}`;
    expect(isReturn(refused)).toBe(true);
    expect(await finishSignIn(kept, refused, provider({ nonce: pending.nonce }).ask)).toBeUndefined();
  });

  test("knows an ordinary address from a return, and kept words from broken ones", () => {
    expect(isReturn(PAGE)).toBe(false);
    expect(returnAddress(PAGE)).toBe(BACK);
    expect(parsePending("{")).toBeUndefined();
    expect(parsePending('{"issuer":"x"}')).toBeUndefined();
  });
});

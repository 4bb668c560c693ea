import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createIdentityProvider, type IdentityProvider } from "./oidc.ts";

let server: Server;
let issuer: string;
let provider: IdentityProvider;
let privateKey: CryptoKey;
const failures: unknown[] = [];

/** A provider on loopback with one key, as small as the standard lets it be. */
beforeAll(async () => {
  const pair = await generateKeyPair("ES256");
  ({ privateKey } = pair);
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: "k1", alg: "ES256" };
  server = createServer((request, answer) => {
    answer.setHeader("content-type", "application/json");
    if (request.url === "/.well-known/openid-configuration")
      return answer.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` }));
    return answer.end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  provider = createIdentityProvider({ issuer, audience: "baton-vn", roleClaim: "baton_role" }, (error) =>
    failures.push(error),
  );
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const token = (claims: Record<string, unknown>, audience = "baton-vn", expires = "5m") =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: "ES256", kid: "k1" })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject("u-17")
    .setExpirationTime(expires)
    .sign(privateKey);

test("a token of the provider is the account that it names, in the role that it names", async () => {
  const claims = { preferred_username: "thu.nguyen", baton_role: ["staff", "customs-officer"] };
  expect(await provider.accountOf(await token(claims))).toEqual({
    name: "thu.nguyen",
    role: "customs-officer",
  });
  expect(await provider.accountOf(await token({ baton_role: "auditor" }))).toEqual({
    name: "u-17",
    role: "auditor",
  });
});

test("a token without a role of ours, for somebody else, or that has expired is nobody's", async () => {
  expect(await provider.accountOf(await token({ baton_role: "emperor" }))).toBeUndefined();
  expect(await provider.accountOf(await token({ baton_role: "auditor" }, "another-app"))).toBeUndefined();
  expect(await provider.accountOf(await token({ baton_role: "auditor" }, "baton-vn", "-1m"))).toBeUndefined();
});

test("a token that was signed by another key, or changed, is nobody's", async () => {
  const [head, , signature] = (await token({ baton_role: "viewer" })).split(".");
  const body = Buffer.from(JSON.stringify({ baton_role: "engineer", iss: issuer, aud: "baton-vn" }));
  expect(await provider.accountOf([head, body.toString("base64url"), signature].join("."))).toBeUndefined();
  expect(await provider.accountOf("not.a.token")).toBeUndefined();
});

test("a provider that does not answer is told of, and asked again with the next token", async () => {
  let isUp = false;
  const seen: unknown[] = [];
  const flaky = createIdentityProvider(
    { issuer, audience: "baton-vn", roleClaim: "baton_role" },
    (error) => seen.push(error),
    (url) => (isUp ? fetch(url) : Promise.reject(new Error("connect ECONNREFUSED"))),
  );
  const good = await token({ baton_role: "viewer" });
  expect(await flaky.accountOf(good)).toBeUndefined();
  expect(seen).toHaveLength(1);
  isUp = true;
  expect(await flaky.accountOf(good)).toMatchObject({ role: "viewer" });
});

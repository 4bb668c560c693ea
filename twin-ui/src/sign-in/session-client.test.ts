import { expect, test } from "vitest";
import { closeSession, openSession, providerOf } from "./session-client.ts";

const PAGE = "https://gate.example/room/?lang=vi";
const answering =
  (status: number, body: unknown, asked: Request[] = []): typeof fetch =>
  async (input, init) => {
    asked.push(new Request(input, init));
    return new Response(body === undefined ? null : JSON.stringify(body), { status });
  };
const silent: typeof fetch = () => Promise.reject(new TypeError("no network"));

test("a name and its password are given to the page's own orchestrator for a token", async () => {
  const asked: Request[] = [];
  const ask = answering(201, { token: "t-1", expiresAtMs: 1, me: {} }, asked);
  expect(await openSession("lan", "mật khẩu dài", PAGE, ask)).toEqual({ kind: "signed-in", token: "t-1" });
  expect(asked[0]?.url).toBe("https://gate.example/api/v1/session");
  expect(await asked[0]?.json()).toEqual({ name: "lan", password: "mật khẩu dài" });
});

test.each([
  [401, "wrong"],
  [429, "locked"],
  [503, "unreachable"],
])("an answer of %i says so: %s", async (status, kind) => {
  expect(await openSession("lan", "x", PAGE, answering(status, {}))).toEqual({ kind });
});

test("an answer without a token, or none at all, is nobody signed in", async () => {
  expect(await openSession("lan", "x", PAGE, answering(201, { me: {} }))).toEqual({ kind: "unreachable" });
  expect(await openSession("lan", "x", PAGE, silent)).toEqual({ kind: "unreachable" });
});

test("a provider is offered only when the orchestrator names one whole", async () => {
  const provider = { issuer: "https://id.example", clientId: "baton" };
  expect(await providerOf(PAGE, answering(200, { password: true, provider }))).toEqual(provider);
  expect(await providerOf(PAGE, answering(200, { password: true }))).toBeUndefined();
  expect(await providerOf(PAGE, answering(200, { provider: { issuer: "x" } }))).toBeUndefined();
  expect(await providerOf(PAGE, silent)).toBeUndefined();
});

test("signing out ends the session, and does not fail when nobody answers", async () => {
  const asked: Request[] = [];
  await closeSession("t-1", PAGE, answering(204, undefined, asked));
  expect(asked[0]?.method).toBe("DELETE");
  expect(asked[0]?.headers.get("authorization")).toBe("Bearer t-1");
  await closeSession("t-1", PAGE, silent);
});

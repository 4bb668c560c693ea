import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { accountsFrom, permits } from "./accounts.ts";

const sha256 = (token: string): string => createHash("sha256").update(token).digest("hex");
const file = { accounts: [{ name: "an", role: "operator", tokenSha256: sha256("secret-1") }] };

test("a token belongs to the account whose hash it has, and to nobody else", () => {
  const accounts = accountsFrom(file);
  expect(accounts.byToken("secret-1")).toEqual({ name: "an", role: "operator" });
  expect(accounts.byToken("secret-2")).toBeUndefined();
  expect(accounts.byToken("")).toBeUndefined();
});

test("an accounts file without accounts, or with a token in the clear, is refused", () => {
  expect(() => accountsFrom({ accounts: [] })).toThrow(/accounts/);
  expect(() =>
    accountsFrom({ accounts: [{ name: "an", role: "operator", tokenSha256: "secret-1" }] }),
  ).toThrow(/tokenSha256/);
});

test("anyone may stop a vehicle, only an operator may let it go on", () => {
  const viewer = { name: "v", role: "viewer" } as const;
  expect(permits(viewer, "vehicle:stop")).toBe(true);
  expect(permits(viewer, "vehicle:resume")).toBe(false);
});

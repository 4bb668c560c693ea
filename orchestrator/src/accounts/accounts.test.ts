import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { accountsFrom } from "./accounts.ts";
import { hashPassword, isPassword } from "./password.ts";
import { AGENCY_OF, PERMISSION_NAMES, permits, ROLES, rolesFor } from "./roles.ts";

const sha256 = (token: string): string => createHash("sha256").update(token).digest("hex");
const file = { accounts: [{ name: "an", role: "control-operator", tokenSha256: sha256("secret-1") }] };

test("a token belongs to the account whose hash it has, and to nobody else", () => {
  const accounts = accountsFrom(file);
  expect(accounts.byToken("secret-1")).toEqual({ name: "an", role: "control-operator" });
  expect(accounts.byToken("secret-2")).toBeUndefined();
  expect(accounts.byToken("")).toBeUndefined();
});

test("an accounts file without accounts, or with a token in the clear, is refused", () => {
  expect(() => accountsFrom({ accounts: [] })).toThrow(/accounts/);
  expect(() =>
    accountsFrom({ accounts: [{ name: "an", role: "control-operator", tokenSha256: "secret-1" }] }),
  ).toThrow(/tokenSha256/);
});

test("anyone may stop a vehicle, only an operator may let it go on", () => {
  const viewer = { name: "v", role: "viewer" } as const;
  expect(permits(viewer, "vehicle:stop")).toBe(true);
  expect(permits(viewer, "vehicle:resume")).toBe(false);
});

test("a password is known by its hash, composed in whatever way it was typed, and by no other", async () => {
  const hash = await hashPassword("đường biên");
  expect(await isPassword("đường biên".normalize("NFD"), hash)).toBe(true);
  expect(await isPassword("duong bien", hash)).toBe(false);
  expect(await isPassword("đường biên", "scrypt$1$1$1$x$y")).toBe(false);
});

test("each role belongs to one agency, and each permission to somebody", () => {
  for (const permission of PERMISSION_NAMES) expect(rolesFor(permission), permission).not.toHaveLength(0);
  expect(Object.keys(AGENCY_OF).sort()).toEqual([...ROLES].sort());
});

test("who decides on a container's release does not open the road, and the other way round", () => {
  const officer = { name: "o", role: "customs-officer" } as const;
  const operator = { name: "p", role: "control-operator" } as const;
  expect(permits(officer, "mission:override")).toBe(true);
  expect(permits(officer, "ground:open")).toBe(false);
  expect(permits(operator, "mission:override")).toBe(false);
  expect(permits(operator, "ground:open")).toBe(true);
});

import type { MeView } from "@baton/orchestrator/contract";
import { expect, test } from "vitest";
import { isFourEyes, obstacleTo } from "./standing.ts";

const me: MeView = {
  name: "lan",
  role: "control-operator",
  agency: "operator",
  permissions: [
    { permission: "vehicle:stop", isAllowed: true, roles: ["control-operator"], isFourEyes: false },
    { permission: "mission:override", isAllowed: false, roles: ["supervisor"], isFourEyes: true },
  ],
};

test("an account does what it may, on its own side", () => {
  expect(obstacleTo("vehicle:stop", me, "vn", "vn")).toBeUndefined();
  expect(obstacleTo("vehicle:stop", me, "vn", "cn")).toEqual({ kind: "other-side", side: "cn" });
});

test("of what it may not do it is told who may, and that it takes two", () => {
  expect(obstacleTo("mission:override", me, "vn", "vn")).toEqual({
    kind: "other-role",
    roles: ["supervisor"],
  });
  expect(isFourEyes("mission:override", me)).toBe(true);
});

test("before the orchestrator has said what the account may do, nothing may be done", () => {
  expect(obstacleTo("vehicle:stop", undefined, "vn", "vn")).toEqual({ kind: "not-known" });
});

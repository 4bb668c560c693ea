import { describe, expect, test } from "vitest";
import { elsewhere, here, servedSide } from "./testing/served-side.ts";

const side = servedSide();
const { ask, acts } = side;

describe("signing in", () => {
  const hoa = { name: "hoa", password: "đường biên 2030" };
  const signIn = async (who: object) => {
    const { status, said } = await ask("POST", "/session", who, "none");
    const token = typeof said === "object" && said !== null && "token" in said ? String(said.token) : "";
    return { status, said, token };
  };

  test("gives a token for the shift that says what the account may do, until it signs out", async () => {
    const { status, said, token } = await signIn(hoa);
    expect({ status, said }).toMatchObject({ status: 201, said: { me: { name: "hoa", role: "auditor" } } });
    const { said: me } = await ask("GET", "/me", undefined, token);
    expect(me).toMatchObject({
      agency: "operator",
      permissions: expect.arrayContaining([
        expect.objectContaining({ permission: "audit:read", isAllowed: true }),
        expect.objectContaining({ permission: "mission:override", isAllowed: false, isFourEyes: true }),
      ]),
    });
    expect((await ask("DELETE", "/session", undefined, token)).status).toBe(204);
    expect((await ask("GET", "/me", undefined, token)).status).toBe(401);
  });

  test("lasts no longer than half an hour in which nothing is asked", async () => {
    const { token } = await signIn(hoa);
    side.world.nowMs += 29 * 60_000;
    expect((await ask("GET", "/me", undefined, token)).status).toBe(200);
    side.world.nowMs += 30 * 60_000;
    expect((await ask("GET", "/me", undefined, token)).status).toBe(401);
  });

  test("with a wrong password five times makes the name wait a minute, and is on record", async () => {
    for (let i = 0; i < 5; i++)
      expect((await signIn({ ...hoa, password: "guess" })).said).toMatchObject({
        code: "account.wrong-password",
      });
    expect((await signIn(hoa)).said).toMatchObject({ code: "account.locked" });
    side.world.nowMs += 60_000;
    expect((await signIn(hoa)).status).toBe(201);
    expect(await acts()).toMatchObject([
      ...Array.from({ length: 5 }, () => ({ act: "account:sign-in", outcome: "wrong-password" })),
      { account: "hoa", outcome: "signed-in" },
    ]);
  });

  test("is as impossible for a name that has only a token, or is not known", async () => {
    for (const name of ["lan", "nobody"]) expect((await signIn({ name, password: "x" })).status).toBe(401);
  });
});

describe("alarms", () => {
  const fire = { alarmId: "a-1", code: "device.offline", detail: "scanner-1", priority: "high" } as const;

  test("are acknowledged by name, shelved for a time with a reason, and taken back", async () => {
    side.world.book.raise(fire);
    expect((await ask("POST", "/alarms/a-1/acknowledge")).status).toBe(204);
    const shelf = { minutes: 30, reason: "technician is on the way" };
    expect((await ask("POST", "/alarms/a-1/shelve", shelf)).status).toBe(204);
    expect((await ask("GET", "/alarms")).said).toMatchObject([
      { acknowledged: { by: "lan" }, shelved: { by: "lan", untilMs: side.world.nowMs + 1_800_000 } },
    ]);
    expect((await ask("POST", "/alarms/a-1/back", { reason: "he is here" })).status).toBe(204);
    expect((await ask("POST", "/alarms/a-1/back", { reason: "he is here" })).said).toMatchObject({
      code: "alarm.as-it-was",
    });
    expect((await ask("GET", "/alarms/kpi")).said).toMatchObject({ standing: 1, shelved: 0 });
  });

  test("that are over or not there are not shelved, and nobody shelves for longer than a shift", async () => {
    side.world.book.raise(fire);
    side.world.book.clear("a-1");
    const shelf = { minutes: 30, reason: "technician is on the way" };
    expect((await ask("POST", "/alarms/a-1/shelve", shelf)).said).toMatchObject({ code: "alarm.over" });
    expect((await ask("POST", "/alarms/a-2/shelve", shelf)).said).toMatchObject({ code: "alarm.unknown" });
    expect((await ask("POST", "/alarms/a-1/shelve", { ...shelf, minutes: 481 })).status).toBe(400);
  });
});

describe("the audit log", () => {
  test("is searched by account, act, subject and text, page by page, and proves that it is whole", async () => {
    for (const [vehicleId, reason] of [
      [here, "a wheel"],
      [here, "a second wheel"],
      [elsewhere, "smoke"],
    ] as const)
      await ask("POST", `/vehicles/${vehicleId}/failed`, { reason });
    const found = (query: string) => ask("GET", `/audit?${query}`, undefined, "auditor-token");
    expect((await found("text=WHEEL")).said).toMatchObject([{ sequence: 1 }, { sequence: 2 }]);
    expect((await found("text=wheel&count=1")).said).toMatchObject([{ sequence: 2 }]);
    expect((await found("text=wheel&count=1&beforeSequence=2")).said).toMatchObject([{ sequence: 1 }]);
    expect((await found("account=lan&subject=cn-01")).said).toMatchObject([{ reason: "smoke" }]);
    expect((await found("act=mission")).said).toEqual([]);
    expect((await ask("GET", "/audit/verify", undefined, "auditor-token")).said).toEqual({ entries: 3 });
    const key = `baton:{${side.world.zoneId}}:audit`;
    const second: unknown = JSON.parse((await side.redis.lindex(key, 1)) ?? "");
    await side.redis.lset(key, 1, JSON.stringify({ ...Object(second), reason: "nothing" }));
    expect((await ask("GET", "/audit/verify", undefined, "auditor-token")).said).toEqual({
      entries: 3,
      brokenAt: 2,
    });
  });
});

test("what could not be brought to the partner is seen, and brought again by whoever may, on record", async () => {
  expect(await ask("GET", "/partner/deliveries", undefined, "viewer-token")).toMatchObject({
    status: 200,
    said: [
      { webhook: { webhookId: "w-1" }, behind: 2, deadLetters: [{ sequence: 4, failure: "status 503" }] },
    ],
  });
  const again = { reason: "their server is back" };
  expect(await ask("POST", "/partner/deliveries/w-1/redeliver", again)).toEqual({
    status: 200,
    said: { taken: 1 },
  });
  expect(await ask("POST", "/partner/deliveries/w-2/redeliver", again)).toMatchObject({
    status: 404,
    said: { code: "partner.webhook-unknown" },
  });
  expect((await ask("POST", "/partner/deliveries/w-1/redeliver", again, "viewer-token")).status).toBe(403);
  expect((await ask("POST", "/partner/deliveries/w-1/redeliver", {})).status).toBe(400);
  expect(await acts()).toMatchObject([
    { account: "lan", act: "partner:redeliver", subject: "w-1", outcome: "taken:1" },
    { account: "lan", act: "partner:redeliver", subject: "w-2", outcome: "partner.webhook-unknown" },
  ]);
});

import { describe, expect, test } from "vitest";
import { here, proposalIds, servedSide } from "./testing/served-side.ts";

const side = servedSide();
const { ask, acts } = side;

test("a mission's priority can be changed, and not to just anything", async () => {
  expect((await ask("POST", "/missions/m-1/priority", { priority: 7, reason: "fruit" })).status).toBe(204);
  expect((await ask("POST", "/missions/m-1/priority", { priority: 70, reason: "fruit" })).status).toBe(400);
  expect((await ask("POST", "/missions/m-2/priority", { priority: 7, reason: "fruit" })).status).toBe(404);
});

describe("what is not dispatched", () => {
  test("is told with its reason and the facts that explain it", async () => {
    expect(await ask("GET", "/dispatch/reasons")).toEqual({
      status: 200,
      said: {
        missions: [{ missionId: "m-1", code: "waits-for-slot", facts: { untilMs: 7 } }],
        vehicles: [{ vehicleId: here, code: "no-mission" }],
      },
    });
  });
});

test("who holds a lost vehicle is said by a supervisor with a reason, and is on record", async () => {
  const says = (handoffId: string, holder: string, token = "supervisor-token") =>
    ask("POST", `/handoffs/${handoffId}/resolution`, { holder, reason: "fell into the river" }, token);
  expect(await says("h-1", "taker")).toEqual({ status: 202, said: { agreed: true } });
  expect(await says("h-2", "taker")).toMatchObject({
    status: 409,
    said: { code: "handoff.not-resolved", detail: "word-given" },
  });
  expect(await says("h-3", "giver")).toMatchObject({ status: 404, said: { code: "handoff.unknown" } });
  expect((await says("h-1", "nobody")).status).toBe(400);
  expect((await says("h-1", "taker", "viewer-token")).status).toBe(403);
  expect(await acts()).toMatchObject([
    { act: "handoff:resolve:taker", subject: "h-1", reason: "fell into the river", outcome: "agreed" },
    { act: "handoff:resolve:taker", subject: "h-2", outcome: "handoff.not-resolved" },
    { act: "handoff:resolve:giver", subject: "h-3", outcome: "handoff.unknown" },
  ]);
});

test("what a person decides in place of dispatch is done, refused with the reason, and on record", async () => {
  const because = { reason: "the scanner queue is long" };
  const to = (path: string, body: object) => ask("POST", path, { ...body, ...because });
  expect((await to("/missions/m-1/slot", { notBeforeMs: 3_600_000 })).status).toBe(204);
  expect((await to("/missions/m-1/recall", {})).status).toBe(204);
  expect((await to("/missions/m-1/vehicle", { vehicleId: here })).status).toBe(204);
  expect((await to(`/vehicles/${here}/park`, { to: "charger" })).status).toBe(204);
  expect((await to(`/vehicles/${here}/park`, { to: "the moon" })).status).toBe(400);
  expect(await to("/missions/m-2/slot", { notBeforeMs: 0 })).toMatchObject({
    status: 404,
    said: { code: "mission.unknown" },
  });
  expect(await to("/missions/m-2/recall", {})).toMatchObject({
    status: 409,
    said: { code: "act.not-possible", detail: "running at weigh" },
  });
  expect(await to("/missions/m-1/vehicle", { vehicleId: "sim.nobody" })).toMatchObject({ status: 404 });
  expect(await acts()).toMatchObject([
    { act: "mission:reslot", outcome: "slot:1970-01-01T01:00:00.000Z" },
    { act: "mission:recall", outcome: "recalled" },
    { act: "mission:assign", outcome: "assigned" },
    { act: "vehicle:park:charger", outcome: "sent" },
    { act: "mission:reslot", outcome: "mission.unknown" },
    { act: "mission:recall", outcome: "act.not-possible" },
    { act: "mission:assign", outcome: "vehicle.unknown" },
  ]);
});

describe("four eyes", () => {
  const override = { how: "override", reason: "the seal was seen by two of us" };

  test("an override waits until another account that may do it agrees, and both are on record", async () => {
    const { status, said } = await ask("POST", "/missions/m-1/resume", override, "supervisor-token");
    expect({ status, said }).toMatchObject({ status: 202, said: { by: "minh", subject: "m-1" } });
    expect(side.world.resumed).toEqual([]);
    const [waiting] = proposalIds(await ask("GET", "/proposals"));
    expect(await ask("POST", `/proposals/${waiting}/agree`, {}, "supervisor-token")).toMatchObject({
      status: 409,
      said: { code: "proposal.own" },
    });
    expect(await ask("POST", `/proposals/${waiting}/agree`, {})).toMatchObject({
      status: 403,
      said: { code: "account.forbidden" },
    });
    expect(await ask("POST", `/proposals/${waiting}/agree`, {}, "customs-token")).toEqual({
      status: 200,
      said: { outcome: "resumed" },
    });
    expect(side.world.resumed).toEqual(["override"]);
    expect(await acts()).toMatchObject([
      { account: "minh", act: "propose:mission:resume:override" },
      { account: "minh + mai", act: "mission:resume:override", outcome: "resumed" },
    ]);
  });

  test("what nobody agreed to in ten minutes, or somebody refused, is not done any more", async () => {
    await ask("POST", "/missions/m-1/resume", override, "supervisor-token");
    side.world.nowMs += 600_000;
    expect(await ask("POST", "/proposals/id-1/agree", {}, "customs-token")).toMatchObject({
      status: 404,
      said: { code: "proposal.unknown" },
    });
    await ask("POST", "/missions/m-1/resume", override, "supervisor-token");
    const refusal = { reason: "the seal is broken" };
    expect((await ask("POST", "/proposals/id-2/refuse", refusal, "customs-token")).status).toBe(204);
    expect(proposalIds(await ask("GET", "/proposals"))).toEqual([]);
    expect(side.world.resumed).toEqual([]);
  });

  test("to retry takes one", async () => {
    expect((await ask("POST", "/missions/m-1/resume", { how: "retry", reason: "again" })).status).toBe(204);
    expect(side.world.resumed).toEqual(["retry"]);
  });
});

describe("what one account may not say alone", () => {
  const reading = {
    containerNo: "CSQU3054383",
    vehicle: "vn-01",
    sealIntact: true,
  };
  const operator = "operator-token";
  const customs = "customs-token";
  test.each([
    ["reread-vehicle", "/missions/m-1/reading", { reading }, operator, "supervisor-token", "lan+minh"],
    [
      "paper-customs",
      "/missions/m-1/paper-release",
      { documentNo: "TK-77" },
      customs,
      "second-customs-token",
      ["mai", "thu"],
    ],
    ["reseal", "/missions/m-1/seal", { sealNo: "VN-77" }, customs, "second-customs-token", ["mai", "thu"]],
  ] as const)(
    "%s is done with both names when a second one agrees",
    async (act, path, body, first, second, names) => {
      side.world.possible = [act];
      const asked = await ask("POST", path, { ...body, reason: "as seen" }, first);
      expect(asked).toMatchObject({ status: 202, said: { proposalId: "id-1", reason: "as seen" } });
      expect(await ask("POST", "/proposals/id-1/agree", {}, first)).toMatchObject({
        said: { code: "proposal.own" },
      });
      expect((await ask("POST", "/proposals/id-1/agree", {}, "viewer-token")).status).toBe(403);
      expect(side.world.said).toEqual([]);
      expect((await ask("POST", "/proposals/id-1/agree", {}, second)).status).toBe(200);
      const [word] = side.world.said;
      expect(word !== undefined && "accounts" in word ? word.accounts : Object(word).account).toEqual(names);
      expect(await acts()).toMatchObject([
        { act: `propose:mission:${act.replace("-vehicle", "")}`, reason: "as seen" },
        { account: expect.stringContaining(" + "), reason: "as seen" },
      ]);
    },
  );

  test("that a vehicle is off the ground frees its ground when a second account says so, too", async () => {
    const gone = { found: "removed", reason: "the tow has it" };
    expect((await ask("POST", `/vehicles/${here}/vouched`, gone)).status).toBe(202);
    expect(proposalIds(await ask("GET", "/proposals"))).toEqual(["id-1"]);
    expect(await ask("POST", "/proposals/id-1/agree", {}, "supervisor-token")).toMatchObject({
      status: 200,
      said: { outcome: "vouched" },
    });
    expect(await acts()).toMatchObject([
      { account: "lan", act: expect.stringContaining("propose:vehicle:vouch") },
      { account: "lan + minh", subject: `${here}: removed`, outcome: "vouched" },
    ]);
  });
});

import type { NodeId } from "@baton/maps";
import { describe, expect, test } from "vitest";
import type { ClosureId } from "../reservation/port.ts";
import { ahead, edges, elsewhere, here, inBay, servedSide } from "./testing/served-side.ts";

const side = servedSide();
const { ask, acts } = side;

describe("closing ground", () => {
  const closure = { closureId: "oil-1", edgeIds: ["e1"], reason: "oil on the road" };

  test("is on record with who and why, and lasts until somebody opens it", async () => {
    expect(await ask("POST", "/closures", closure)).toEqual({ status: 202, said: { closureId: "oil-1" } });
    expect(await ask("GET", "/closures")).toEqual({ status: 200, said: [closure] });
    expect((await ask("DELETE", "/closures/oil-1?reason=cleaned")).status).toBe(202);
    expect(await ask("GET", "/closures")).toEqual({ status: 200, said: [] });
    expect(await acts()).toMatchObject([
      { account: "lan", act: "ground:close", subject: "oil-1: e1", reason: "oil on the road" },
      { account: "lan", act: "ground:open", subject: "oil-1", reason: "cleaned", outcome: "asked" },
    ]);
  });

  test("twice is one closure; under the same id on other ground it is a conflict", async () => {
    await ask("POST", "/closures", closure);
    expect((await ask("POST", "/closures", closure)).status).toBe(202);
    expect(await ask("POST", "/closures", { ...closure, edgeIds: ["e2"] })).toMatchObject({
      status: 409,
      said: { code: "closure.conflict" },
    });
    expect(await ask("GET", "/closures")).toEqual({ status: 200, said: [closure] });
  });

  test("that something is on is opened by nobody, and nothing else is closed in its name", async () => {
    const kept = "kept:sim.cn-01" as ClosureId;
    side.world.closures.set(kept, { closureId: kept, edgeIds: edges.slice(0, 1), reason: "visits" });
    for (const answer of [
      await ask("DELETE", `/closures/${kept}?reason=in%20the%20way`),
      await ask("POST", "/closures", { ...closure, closureId: kept }),
    ])
      expect(answer).toMatchObject({ status: 409, said: { code: "closure.kept" } });
    expect([...side.world.closures.keys()]).toEqual([kept]);
  });

  test("gets an id when none was given", async () => {
    const { said } = await ask("POST", "/closures", { edgeIds: ["e1", "e2"], reason: "works" });
    expect(said).toEqual({ closureId: "made-1" });
  });

  test("is refused for an edge that is not this side's, and without a reason", async () => {
    expect(await ask("POST", "/closures", { edgeIds: ["e1", "x"], reason: "works" })).toMatchObject({
      status: 422,
      said: { code: "closure.edge-unknown", detail: "x" },
    });
    expect((await ask("POST", "/closures", { edgeIds: ["e1"] })).status).toBe(400);
    expect(await ask("DELETE", "/closures/none?reason=cleaned")).toMatchObject({
      status: 404,
      said: { code: "closure.unknown" },
    });
    expect((await ask("GET", "/closures")).said).toEqual([]);
  });
});

const why = { reason: "its hook is worn" };
const CRANE = "/stations/vn.crane-1/closure";

test("a place of the yard is closed by whoever works there, seen by all, and opened with a reason", async () => {
  expect(await ask("POST", CRANE, why)).toEqual({ status: 204, said: undefined });
  expect(await ask("GET", "/stations/closures", undefined, "viewer-token")).toEqual({
    status: 200,
    said: [{ stationId: "vn.crane-1", by: "lan", reason: why.reason, sinceMs: 1_000 }],
  });
  // Asking again changes nothing, and says so on record.
  expect((await ask("POST", CRANE, { reason: "and it creaks" }, "supervisor-token")).status).toBe(204);
  expect((await ask("DELETE", `${CRANE}?reason=new%20hook`)).status).toBe(204);
  expect((await ask("GET", "/stations/closures")).said).toEqual([]);
  expect(await acts()).toMatchObject([
    { account: "lan", act: "station:close", subject: "vn.crane-1", reason: why.reason, outcome: "closed" },
    { account: "minh", act: "station:close", reason: "and it creaks", outcome: "as-it-was" },
    { account: "lan", act: "station:open", reason: "new hook", outcome: "opened" },
  ]);
});

test("what is no place of its own, or not there, or open already, is refused with what to do instead", async () => {
  expect(await ask("POST", "/stations/vn.portal-1/closure", why)).toMatchObject({
    status: 409,
    said: { code: "station.not-closable", hint: expect.stringContaining("/api/v1/closures") },
  });
  expect(await ask("POST", "/stations/vn.crane-9/closure", why)).toMatchObject({
    status: 404,
    said: { code: "station.unknown" },
  });
  expect(await ask("DELETE", `${CRANE}?reason=repaired`)).toMatchObject({
    status: 404,
    said: { code: "station.not-closed" },
  });
  expect(await ask("POST", CRANE, {})).toMatchObject({ status: 400, said: { code: "request.malformed" } });
  expect((await ask("DELETE", CRANE)).status).toBe(400);
  expect(await acts()).toMatchObject([{}, {}, { outcome: "station.not-closed" }]);
});

test("a place that could not be written down as closed is not said to be", async () => {
  side.world.ledLater = true;
  expect(await ask("POST", CRANE, why)).toMatchObject({ status: 503, said: { code: "ledger.unreachable" } });
  expect((await ask("GET", "/stations/closures")).said).toEqual([]);
});

describe("why a vehicle waits", () => {
  test("is told as the chain to the one that has to move first", async () => {
    expect(await ask("GET", `/vehicles/${here}/explanation`)).toEqual({
      status: 200,
      said: {
        vehicleId: here,
        chain: [{ vehicleId: here, blockId: "b1", heldBy: ahead, how: "claimed-before" }],
        head: { vehicleId: ahead, because: "drives" },
      },
    });
  });

  test("cannot be told of a vehicle that is not known here", async () => {
    for (const vehicleId of ["sim.nobody", elsewhere])
      expect(await ask("GET", `/vehicles/${vehicleId}/explanation`)).toMatchObject({
        status: 404,
        said: { code: "vehicle.unknown" },
      });
  });
});

describe("an action that failed and waits", () => {
  test("is answered by who may lift a stop, and by nobody when none waits", async () => {
    const answer = (vehicleId: string, said: string, token?: string) =>
      ask("POST", `/vehicles/${vehicleId}/waiting-actions`, { answer: said, reason: "lock oiled" }, token);
    expect((await answer(here, "retry")).status).toBe(202);
    expect((await answer(here, "skip")).status).toBe(202);
    expect(side.world.resumed.splice(0)).toEqual(["retry", "skip"]);
    expect(await answer(elsewhere, "retry")).toMatchObject({
      status: 409,
      said: { code: "vehicle.nothing-waits" },
    });
    expect((await answer("sim.nobody", "retry")).status).toBe(404);
    expect((await answer(here, "hope")).status).toBe(400);
    expect((await answer(here, "retry", "viewer-token")).status).toBe(403);
    expect(side.world.resumed).toEqual([]);
  });
});

describe("a vehicle that has nothing to do", () => {
  test("is put to sleep and woken by who may park it, with a reason on record", async () => {
    const say = (vehicleId: string, how: string, token?: string) =>
      ask("POST", `/vehicles/${vehicleId}/${how}`, { reason: "night" }, token);
    expect((await say(here, "sleep")).status).toBe(202);
    expect((await say(here, "wake")).status).toBe(202);
    expect(side.world.resumed.splice(0)).toEqual(["hibernate", "wake"]);
    expect(await say(elsewhere, "sleep")).toMatchObject({ status: 409, said: { code: "vehicle.busy" } });
    expect((await say("sim.nobody", "wake")).status).toBe(404);
    expect((await say(here, "sleep", "viewer-token")).status).toBe(403);
    expect((await ask("POST", `/vehicles/${here}/sleep`, {})).status).toBe(400);
    expect(side.world.resumed).toEqual([]);
  });
});

describe("marking a vehicle", () => {
  test("vouched for by a person is on record, and refused when its own word does not go with it", async () => {
    const vouch = (vehicleId: string, found: string) =>
      ask("POST", `/vehicles/${vehicleId}/vouched`, { found, reason: "seen from the tower" });
    expect((await vouch(here, "where-it-says")).status).toBe(202);
    expect((await vouch(here, "stands-idle")).status).toBe(202);
    expect(await vouch(elsewhere, "where-it-says")).toMatchObject({
      status: 409,
      said: { code: "vehicle.not-admitted" },
    });
    expect(await vouch("sim.nobody", "where-it-says")).toMatchObject({
      status: 404,
      said: { code: "vehicle.unknown" },
    });
    expect(await vouch(here, "looks-fine")).toMatchObject({
      status: 400,
      said: { code: "request.malformed" },
    });
    await ask("POST", `/vehicles/${here}/failed`, { reason: "silent" });
    expect(await vouch(here, "where-it-says")).toMatchObject({
      status: 409,
      said: { code: "vehicle.not-vouched", detail: expect.stringContaining("does not answer") },
    });
    expect(await acts()).toContainEqual(
      expect.objectContaining({
        act: "vehicle:vouch",
        account: "lan",
        subject: `${here}: where-it-says`,
        reason: "seen from the tower",
        outcome: "vehicle.not-vouched",
      }),
    );
  });

  test("as standing idle gives its order up only where it may stay; else nothing is done", async () => {
    const vouch = () => ask("POST", `/vehicles/${here}/vouched`, { found: "stands-idle", reason: "seen" });
    const refusals = [
      { said: { connection: "online", state: { ...inBay, driving: true } }, why: "it drives" },
      { said: { connection: "online", state: { ...inBay, lastNodeId: "bend" as NodeId } }, why: "may stand" },
      { said: { connection: "online", state: { ...inBay, pose: undefined } }, why: "where it is" },
      { said: { connection: "broken", state: inBay }, why: "where it is" },
    ] as const;
    for (const { said, why } of refusals) {
      side.world.heard = said;
      expect(await vouch()).toMatchObject({
        status: 409,
        said: { code: "vehicle.not-vouched", detail: expect.stringContaining(why) },
      });
    }
    side.world.heard = { connection: "online", state: inBay };
    for (const { said, why } of [
      { said: { ...inBay, driving: true }, why: "it drives" },
      { said: undefined, why: "where it is" },
    ]) {
      side.world.answers = said;
      expect(await vouch(), "it stood when it was side.world.heard of last").toMatchObject({
        status: 409,
        said: { code: "vehicle.not-vouched", detail: expect.stringContaining(why) },
      });
    }
    expect(side.world.cancelled).toEqual([]);
    side.world.answers = inBay;
    expect((await vouch()).status).toBe(202);
    expect(side.world.cancelled).toEqual([here]);
  });

  test("as failed and as recovered is on record, and only for one that stands on this side's ground", async () => {
    expect((await ask("POST", `/vehicles/${here}/failed`, { reason: "a wheel" })).status).toBe(202);
    expect((await ask("POST", `/vehicles/${here}/recovered`, { reason: "repaired" })).status).toBe(202);
    expect(await ask("POST", `/vehicles/${elsewhere}/failed`, { reason: "a wheel" })).toMatchObject({
      status: 409,
      said: { code: "vehicle.not-admitted" },
    });
    expect(await ask("POST", "/vehicles/sim.nobody/failed", { reason: "a wheel" })).toMatchObject({
      status: 404,
      said: { code: "vehicle.unknown" },
    });
    expect(await acts()).toMatchObject([
      { act: "vehicle:fail", subject: here, outcome: "asked" },
      { act: "vehicle:recover", subject: here, outcome: "asked" },
      { act: "vehicle:fail", subject: elsewhere, outcome: "vehicle.not-admitted" },
      { act: "vehicle:fail", subject: "sim.nobody", outcome: "vehicle.unknown" },
    ]);
  });
});

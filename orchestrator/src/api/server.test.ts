import { createHash } from "node:crypto";
import { connect, createServer as createTcpServer, type Server } from "node:net";
import type { VehicleId } from "@baton/fleet-adapter";
import type { BlockId, EdgeId, NodeId } from "@baton/maps";
import type { FastifyInstance } from "fastify";
import { Redis } from "ioredis";
import pino from "pino";
import { afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { accountsFrom } from "../accounts/accounts.ts";
import { hashPassword } from "../accounts/password.ts";
import { type AlarmBook, createAlarmBook } from "../alarms/alarm-book.ts";
import { createAuditLog } from "../audit/audit-log.ts";
import { speakSigned } from "../handoff/partner-routes.ts";
import { createRedisHandoffStore } from "../handoff/redis-handoff-store.ts";
import { registryOf } from "../metrics.ts";
import type { Closure, ClosureId, Explanation } from "../reservation/port.ts";
import type { Desk } from "./desk.ts";
import { createFeedHub } from "./feed-hub.ts";
import { createGroundDesk, type GroundRooms } from "./ground-desk.ts";
import { createServer } from "./server.ts";

const here = "sim.vn-01" as VehicleId;
const ahead = "sim.vn-02" as VehicleId;
const elsewhere = "sim.cn-01" as VehicleId;
const edges: readonly EdgeId[] = ["e1" as EdgeId, "e2" as EdgeId];

const explanation: Explanation = {
  vehicleId: here,
  legId: undefined,
  chain: [
    {
      vehicleId: here,
      blockId: "b1" as BlockId,
      heldBy: ahead,
      how: "claimed-before",
      projectedFreeTick: undefined,
      projectedFreeAtMs: undefined,
    },
  ],
  head: { vehicleId: ahead, because: "drives" },
};

const inBay = { pose: { xM: 0, yM: 0, headingRad: 0 }, lastNodeId: "bay1" as NodeId, driving: false };
/** As both vehicles say that they are; and the vehicles whose orders were given up. */
let heard: ReturnType<GroundRooms["vehicles"]> extends ReadonlyMap<VehicleId, infer V> ? V : never;
let cancelled: VehicleId[];
/** As they say when they are asked. */
let answers: typeof heard.state;

/** Ground that is closed. */
let closures: Map<ClosureId, Closure>;

/** A zone that has taken in at once what it was asked. */
function groundOfTwo() {
  closures = new Map();
  const failed = new Map<VehicleId, string>();
  return createGroundDesk({
    reservation: {
      close: (closure) => void closures.set(closure.closureId, closure),
      open: (closureId) => void closures.delete(closureId),
      fail: (vehicleId, reason) => void failed.set(vehicleId, reason),
      recover: (vehicleId) => void failed.delete(vehicleId),
      explain: (vehicleId) => (vehicleId === here ? explanation : undefined),
      outOfUse: () => ({
        closures: [...closures.values()],
        failed: [...failed].map(([vehicleId, reason]) => ({ vehicleId, reason })),
      }),
      holding: (vehicleId) =>
        vehicleId === here
          ? { legId: undefined, grantedEdgeIds: [], plannedEdgeIds: [], waitingFor: undefined }
          : undefined,
      standing: () => [{ vehicleId: here, nodeIds: [] }],
      vouch: async (vehicleId, found) =>
        found === "where-it-says" && failed.has(vehicleId)
          ? { kind: "refused", why: "it does not answer" }
          : { kind: "ok" },
      whyNotIdleAt: (nodeId) => (nodeId === "bay1" ? undefined : "it does not stand where one may stand"),
    },
    askState: async () => answers,
    cancelOrder: async (vehicleId) => void cancelled.push(vehicleId),
    vehicles: () =>
      new Map([
        [here, heard],
        [elsewhere, heard],
      ]),
    edgeIdOf: (text) => edges.find((edgeId) => edgeId === text),
    isKeptGround: (closureId) => closureId.startsWith("kept:"),
    nextId: () => "made-1",
  });
}

const webhook = { webhookId: "w-1", url: "https://partner.example/hook", types: [], cursor: 5, attempts: 0 };
const deadLetter = {
  webhookId: "w-1",
  sequence: 4,
  eventId: "e-4",
  type: "baton.handoff.concluded.v1",
  atMs: 7,
  failure: "status 503",
};

const notAsked = (): never => {
  throw new Error("this test does not ask for that");
};

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const quiet = { enableOfflineQueue: false, maxRetriesPerRequest: 0, retryStrategy: () => null } as const;

let app: FastifyInstance;
let redis: Redis;
let zoneId: string;
let passwordHash: string;
let nowMs: number;
let ids: number;
let resumed: string[];
let book: AlarmBook;

async function serve(connection: Redis): Promise<FastifyInstance> {
  const store = createRedisHandoffStore({ redis: connection, zoneId });
  const desk: Desk = {
    ...groundOfTwo(),
    site: notAsked,
    missions: () => [],
    mission: notAsked,
    vehicles: () => [],
    whyNotDispatched: () => ({
      missions: [{ missionId: "m-1", code: "waits-for-slot", facts: { untilMs: 7 } }],
      vehicles: [{ vehicleId: here, code: "no-mission" }],
    }),
    alarms: () => book.list(),
    alarmKpi: () => book.kpi(),
    alarmJournal: async () => [],
    borderline: notAsked,
    custody: async () => {
      await store.custody();
      return [];
    },
    placeOrder: notAsked,
    adopt: notAsked,
    byPerson: notAsked,
    closedStations: () => [],
    closeStation: notAsked,
    openStation: notAsked,
    resume: async (missionId, how) => {
      if (missionId !== "m-1") return "unknown";
      resumed.push(how);
      return "resumed";
    },
    acknowledge: (alarmId, by) => book.acknowledge(alarmId, by),
    shelve: (alarmId, by, forMs, reason) => book.shelve(alarmId, by, nowMs + forMs, reason),
    suppressAlarm: (alarmId, by, reason) => book.suppress(alarmId, by, reason),
    alarmBack: (alarmId) => (book.unshelve(alarmId) === "unshelved" ? "back" : "as-it-was"),
    stopRequest: notAsked,
    resumeVehicle: notAsked,
    answerActions: (vehicleId, answer) => {
      if (vehicleId !== here) return vehicleId === elsewhere ? "nothing-waits" : "unknown";
      resumed.push(answer);
      return "sent";
    },
    sleep: (vehicleId, how) => {
      if (vehicleId !== here) return vehicleId === elsewhere ? "busy" : "unknown";
      resumed.push(how);
      return "sent";
    },
    prioritise: async (missionId) => (missionId === "m-1" ? "prioritised" : "unknown"),
    reslot: async (missionId, notBeforeMs) =>
      missionId === "m-1" ? { kind: "given", fromMs: notBeforeMs } : { kind: "unknown" },
    resolveHandoff: async (handoffId, { holder }) =>
      handoffId === "h-1"
        ? { kind: "said", agreed: holder === "taker" }
        : { kind: "refused", why: handoffId === "h-2" ? "word-given" : "handoff-unknown" },
    recall: async (missionId) =>
      missionId === "m-1" ? { kind: "done" } : { kind: "not-possible", why: "running at weigh" },
    assign: async (_missionId, vehicleId) => ({ kind: vehicleId === here ? "done" : "vehicle-unknown" }),
    park: async (vehicleId) => ({ kind: vehicleId === here ? "done" : "vehicle-unknown" }),
    ready: () => ({ ready: true, detail: "at work" }),
  };
  return createServer({
    desk,
    accounts: accountsFrom({
      accounts: [
        { name: "lan", role: "control-operator", tokenSha256: sha256("operator-token") },
        { name: "minh", role: "supervisor", tokenSha256: sha256("supervisor-token") },
        { name: "mai", role: "customs-officer", tokenSha256: sha256("customs-token") },
        { name: "guest", role: "viewer", tokenSha256: sha256("viewer-token") },
        { name: "hoa", role: "auditor", tokenSha256: sha256("auditor-token"), passwordHash },
      ],
    }),
    audit: createAuditLog({ redis: connection, zoneId, nowMs: () => nowMs }),
    nowMs: () => nowMs,
    nextId: () => `id-${++ids}`,
    newToken: () => `session-${++ids}`,
    provider: undefined,
    tape: undefined,
    hub: createFeedHub(),
    greeting: () => [],
    metrics: registryOf("vn", []),
    partnerKeys: { enrol: async () => "unproven", theirs: () => [] },
    partnerDeliveries: {
      list: async () => [{ webhook, behind: 2, deadLetters: [deadLetter] }],
      redeliver: async (webhookId, sequences) => (webhookId === "w-1" ? (sequences?.length ?? 1) : undefined),
    },
    partnerRoutes: async (scope) => {
      speakSigned(scope, { signAnswer: () => ({}), log: { error: notAsked } });
      scope.get("/keys", async () => ({ keys: [] }));
    },
    twinFolder: undefined,
    allowedOrigins: [],
    log: pino({ level: "silent" }),
  });
}

beforeAll(async () => {
  passwordHash = await hashPassword("đường biên 2030");
});
beforeEach(async () => {
  nowMs = 1_000;
  ids = 0;
  resumed = [];
  heard = { connection: "online", state: inBay };
  answers = inBay;
  cancelled = [];
  book = createAlarmBook({ side: "vn", nowMs: () => nowMs, onChange: () => {} });
  zoneId = `test-${crypto.randomUUID()}`;
  redis = new Redis(inject("redisUrl"));
  app = await serve(redis);
});
afterEach(async () => {
  await app.close();
  if (redis.status === "ready") await redis.del(`baton:{${zoneId}}:audit`);
  redis.disconnect();
});

async function ask(method: "GET" | "POST" | "DELETE", path: string, body?: object, token = "operator-token") {
  const answer = await app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { payload: body }),
  });
  const said: unknown = answer.body === "" ? undefined : answer.json();
  return { status: answer.statusCode, said };
}

/** The ids in a list of proposals. */
const proposalIds = ({ said }: { readonly said: unknown }): unknown[] =>
  Array.isArray(said) ? said.map((each) => Object(each).proposalId) : [];

const acts = async (): Promise<unknown> => (await ask("GET", "/audit", undefined, "auditor-token")).said;

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

describe("an address that asks too much in a minute", () => {
  test("is told so, and takes nothing from what the partner may ask from the same address", async () => {
    const get = (url: string) => app.inject({ method: "GET", url });
    for (let asked = 0; asked < 1_200; asked++) await get("/healthz");
    expect((await get("/healthz")).json()).toMatchObject({ status: 429, code: "request.too-many" });
    for (let asked = 0; asked < 1_200; asked++) await get("/partner/v1/keys");
    const refused = await get("/partner/v1/keys");
    expect(refused.headers["content-type"]).toContain("application/problem+json");
    expect(refused.json()).toMatchObject({ status: 429, code: "too-many-requests", retryable: true });
  });
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
    closures.set(kept, { closureId: kept, edgeIds: edges.slice(0, 1), reason: "visits" });
    for (const answer of [
      await ask("DELETE", `/closures/${kept}?reason=in%20the%20way`),
      await ask("POST", "/closures", { ...closure, closureId: kept }),
    ])
      expect(answer).toMatchObject({ status: 409, said: { code: "closure.kept" } });
    expect([...closures.keys()]).toEqual([kept]);
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

describe("an action that failed and waits", () => {
  test("is answered by who may lift a stop, and by nobody when none waits", async () => {
    const answer = (vehicleId: string, said: string, token?: string) =>
      ask("POST", `/vehicles/${vehicleId}/waiting-actions`, { answer: said, reason: "lock oiled" }, token);
    expect((await answer(here, "retry")).status).toBe(202);
    expect((await answer(here, "skip")).status).toBe(202);
    expect(resumed.splice(0)).toEqual(["retry", "skip"]);
    expect(await answer(elsewhere, "retry")).toMatchObject({
      status: 409,
      said: { code: "vehicle.nothing-waits" },
    });
    expect((await answer("sim.nobody", "retry")).status).toBe(404);
    expect((await answer(here, "hope")).status).toBe(400);
    expect((await answer(here, "retry", "viewer-token")).status).toBe(403);
    expect(resumed).toEqual([]);
  });
});

describe("a vehicle that has nothing to do", () => {
  test("is put to sleep and woken by who may park it, with a reason on record", async () => {
    const say = (vehicleId: string, how: string, token?: string) =>
      ask("POST", `/vehicles/${vehicleId}/${how}`, { reason: "night" }, token);
    expect((await say(here, "sleep")).status).toBe(202);
    expect((await say(here, "wake")).status).toBe(202);
    expect(resumed.splice(0)).toEqual(["hibernate", "wake"]);
    expect(await say(elsewhere, "sleep")).toMatchObject({ status: 409, said: { code: "vehicle.busy" } });
    expect((await say("sim.nobody", "wake")).status).toBe(404);
    expect((await say(here, "sleep", "viewer-token")).status).toBe(403);
    expect((await ask("POST", `/vehicles/${here}/sleep`, {})).status).toBe(400);
    expect(resumed).toEqual([]);
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
      heard = said;
      expect(await vouch()).toMatchObject({
        status: 409,
        said: { code: "vehicle.not-vouched", detail: expect.stringContaining(why) },
      });
    }
    heard = { connection: "online", state: inBay };
    for (const { said, why } of [
      { said: { ...inBay, driving: true }, why: "it drives" },
      { said: undefined, why: "where it is" },
    ]) {
      answers = said;
      expect(await vouch(), "it stood when it was heard of last").toMatchObject({
        status: 409,
        said: { code: "vehicle.not-vouched", detail: expect.stringContaining(why) },
      });
    }
    expect(cancelled).toEqual([]);
    answers = inBay;
    expect((await vouch()).status).toBe(202);
    expect(cancelled).toEqual([here]);
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

test("a mission's priority can be changed, and not to just anything", async () => {
  expect((await ask("POST", "/missions/m-1/priority", { priority: 7, reason: "fruit" })).status).toBe(204);
  expect((await ask("POST", "/missions/m-1/priority", { priority: 70, reason: "fruit" })).status).toBe(400);
  expect((await ask("POST", "/missions/m-2/priority", { priority: 7, reason: "fruit" })).status).toBe(404);
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
    expect(resumed).toEqual([]);
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
    expect(resumed).toEqual(["override"]);
    expect(await acts()).toMatchObject([
      { account: "minh", act: "propose:mission:resume:override" },
      { account: "minh + mai", act: "mission:resume:override", outcome: "resumed" },
    ]);
  });

  test("what nobody agreed to in ten minutes, or somebody refused, is not done any more", async () => {
    await ask("POST", "/missions/m-1/resume", override, "supervisor-token");
    nowMs += 600_000;
    expect(await ask("POST", "/proposals/id-1/agree", {}, "customs-token")).toMatchObject({
      status: 404,
      said: { code: "proposal.unknown" },
    });
    await ask("POST", "/missions/m-1/resume", override, "supervisor-token");
    const refusal = { reason: "the seal is broken" };
    expect((await ask("POST", "/proposals/id-2/refuse", refusal, "customs-token")).status).toBe(204);
    expect(proposalIds(await ask("GET", "/proposals"))).toEqual([]);
    expect(resumed).toEqual([]);
  });

  test("to retry takes one", async () => {
    expect((await ask("POST", "/missions/m-1/resume", { how: "retry", reason: "again" })).status).toBe(204);
    expect(resumed).toEqual(["retry"]);
  });
});

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
    nowMs += 29 * 60_000;
    expect((await ask("GET", "/me", undefined, token)).status).toBe(200);
    nowMs += 30 * 60_000;
    expect((await ask("GET", "/me", undefined, token)).status).toBe(401);
  });

  test("with a wrong password five times makes the name wait a minute, and is on record", async () => {
    for (let i = 0; i < 5; i++)
      expect((await signIn({ ...hoa, password: "guess" })).said).toMatchObject({
        code: "account.wrong-password",
      });
    expect((await signIn(hoa)).said).toMatchObject({ code: "account.locked" });
    nowMs += 60_000;
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
    book.raise(fire);
    expect((await ask("POST", "/alarms/a-1/acknowledge")).status).toBe(204);
    const shelf = { minutes: 30, reason: "technician is on the way" };
    expect((await ask("POST", "/alarms/a-1/shelve", shelf)).status).toBe(204);
    expect((await ask("GET", "/alarms")).said).toMatchObject([
      { acknowledged: { by: "lan" }, shelved: { by: "lan", untilMs: nowMs + 1_800_000 } },
    ]);
    expect((await ask("POST", "/alarms/a-1/back", { reason: "he is here" })).status).toBe(204);
    expect((await ask("POST", "/alarms/a-1/back", { reason: "he is here" })).said).toMatchObject({
      code: "alarm.as-it-was",
    });
    expect((await ask("GET", "/alarms/kpi")).said).toMatchObject({ standing: 1, shelved: 0 });
  });

  test("that are over or not there are not shelved, and nobody shelves for longer than a shift", async () => {
    book.raise(fire);
    book.clear("a-1");
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
    const key = `baton:{${zoneId}}:audit`;
    const second: unknown = JSON.parse((await redis.lindex(key, 1)) ?? "");
    await redis.lset(key, 1, JSON.stringify({ ...Object(second), reason: "nothing" }));
    expect((await ask("GET", "/audit/verify", undefined, "auditor-token")).said).toEqual({
      entries: 3,
      brokenAt: 2,
    });
  });
});

test.each([
  ["POST", "/closures", { edgeIds: ["e1"], reason: "a try" }],
  ["DELETE", "/closures/c?reason=trying", undefined],
  ["POST", `/vehicles/${here}/failed`, { reason: "a try" }],
  ["POST", `/vehicles/${here}/vouched`, { found: "removed", reason: "a try" }],
  ["POST", `/vehicles/${here}/recovered`, { reason: "a try" }],
  ["POST", "/missions/m-1/resume", { how: "override", reason: "a try" }],
  ["POST", "/alarms/a-1/shelve", { minutes: 10, reason: "a try" }],
  ["POST", "/missions/m-1/priority", { priority: 1, reason: "a try" }],
  ["POST", "/missions/m-1/slot", { notBeforeMs: 0, reason: "a try" }],
  ["POST", "/missions/m-1/recall", { reason: "a try" }],
  ["POST", "/missions/m-1/vehicle", { vehicleId: "v", reason: "a try" }],
  ["POST", `/vehicles/${here}/park`, { to: "charger", reason: "a try" }],
] as const)("an account that may only look cannot %s %s", async (method, path, body) => {
  expect(await ask(method, path, body, "viewer-token")).toMatchObject({
    status: 403,
    said: { code: "account.forbidden" },
  });
  expect(await acts()).toEqual([]);
});

describe("with Redis just gone, before anybody has noticed", () => {
  test.each(["/custody", "/audit"])("GET %s says that the ledger does not answer", async (path) => {
    await app.close();
    redis.disconnect();
    redis = new Redis(await nobodysPort(), "127.0.0.1", quiet);
    redis.on("error", () => {});
    app = await serve(redis);
    expect(await ask("GET", path)).toMatchObject({ status: 503, said: { code: "ledger.unreachable" } });
  });

  test.each(["/custody", "/audit"])("so does GET %s when the connection breaks under it", async (path) => {
    const line = await breakableLine(inject("redisUrl"));
    await app.close();
    redis.disconnect();
    redis = new Redis(line.port, "127.0.0.1", quiet);
    redis.on("error", () => {});
    await new Promise<void>((resolve) => redis.once("ready", () => resolve()));
    app = await serve(redis);
    line.breakAtNextWord();
    expect(await ask("GET", path)).toMatchObject({ status: 503, said: { code: "ledger.unreachable" } });
    await line.close();
  });
});

/** A line to a real Redis that can be cut just as it carries a question. */
async function breakableLine(redisUrl: string) {
  const { hostname, port } = new URL(redisUrl);
  let isToBreak = false;
  const server = createTcpServer((client) => {
    const upstream = connect(Number(port), hostname);
    client.on("data", (bytes) => (isToBreak ? client.destroy() : upstream.write(bytes)));
    upstream.on("data", (bytes) => client.write(bytes));
    client.on("close", () => upstream.destroy());
    for (const socket of [client, upstream]) socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: portOf(server),
    breakAtNextWord: () => {
      isToBreak = true;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}

async function nobodysPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

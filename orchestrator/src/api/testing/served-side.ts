import { createHash } from "node:crypto";
import type { VehicleId } from "@baton/fleet-adapter";
import type { BlockId, EdgeId, NodeId } from "@baton/maps";
import type { FastifyInstance } from "fastify";
import { Redis } from "ioredis";
import pino from "pino";
import { afterEach, beforeAll, beforeEach, inject } from "vitest";
import { accountsFrom } from "../../accounts/accounts.ts";
import { hashPassword } from "../../accounts/password.ts";
import { type AlarmBook, createAlarmBook } from "../../alarms/alarm-book.ts";
import { createAuditLog } from "../../audit/audit-log.ts";
import type { MissionActName, StationClosureView } from "../../contract/index.ts";
import { speakSigned } from "../../handoff/partner-routes.ts";
import { createRedisHandoffStore } from "../../handoff/redis-handoff-store.ts";
import { registryOf } from "../../metrics.ts";
import type { PersonsWord } from "../../mission/person-acts.ts";
import type { Closure, ClosureId, Explanation } from "../../reservation/port.ts";
import { standingVehicle } from "../../testing/standing-vehicle.ts";
import type { Desk } from "../desk.ts";
import { createFeedHub } from "../feed-hub.ts";
import { createGroundDesk, type GroundRooms } from "../ground-desk.ts";
import { createServer } from "../server.ts";
import { heldMission } from "./held-mission.ts";

export const here = "sim.vn-01" as VehicleId;
export const ahead = "sim.vn-02" as VehicleId;
export const elsewhere = "sim.cn-01" as VehicleId;
export const edges: readonly EdgeId[] = ["e1" as EdgeId, "e2" as EdgeId];

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

/** It stands in a bay, stopped by a person of this side. */
export const inBay = standingVehicle(here, {
  pose: { xM: 0, yM: 0, headingRad: 0 },
  lastNodeId: "bay1" as NodeId,
  pausedBy: ["vn"],
});

type Heard = ReturnType<GroundRooms["vehicles"]> extends ReadonlyMap<VehicleId, infer V> ? V : never;

/** What a test of the API sees and sets; anew for each. */
export interface World {
  nowMs: number;
  ids: number;
  /** What the desk was asked to do about `m-1`, and about a vehicle's actions and sleep. */
  readonly resumed: string[];
  /** What people said of `m-1`, and what they may say. */
  readonly said: PersonsWord[];
  possible: MissionActName[];
  readonly closedStations: Map<string, StationClosureView>;
  /** Missions are led by another process, which alone may write. */
  ledLater: boolean;
  readonly book: AlarmBook;
  /** As both vehicles say that they are; and the vehicles whose orders were given up. */
  heard: Heard;
  readonly cancelled: VehicleId[];
  /** As they say when they are asked. */
  answers: Heard["state"];
  /** Ground that is closed. */
  readonly closures: Map<ClosureId, Closure>;
  readonly zoneId: string;
}

function newWorld(): World {
  const world: Omit<World, "book"> = {
    nowMs: 1_000,
    ids: 0,
    resumed: [],
    said: [],
    possible: [],
    closedStations: new Map(),
    ledLater: false,
    heard: { connection: "online", state: inBay },
    cancelled: [],
    answers: inBay,
    closures: new Map(),
    zoneId: `test-${crypto.randomUUID()}`,
  };
  const book = createAlarmBook({ side: "vn", nowMs: () => world.nowMs, onChange: () => {} });
  return Object.assign(world, { book });
}

/** A zone that has taken in at once what it was asked. */
function groundOfTwo(side: World) {
  const { closures } = side;
  const failed = new Map<VehicleId, string>();
  return createGroundDesk({
    side: "vn",
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
      whyNotIdleAt: (_vehicleId, nodeId) =>
        nodeId === "bay1" ? undefined : "it does not stand where one may stand",
    },
    askState: async () => side.answers,
    cancelOrder: async (vehicleId) => void side.cancelled.push(vehicleId),
    hasAllTold: () => true,
    vehicles: () =>
      new Map([
        [here, side.heard],
        [elsewhere, side.heard],
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

/** The whole API over a desk that is made up, and over a real ledger. */
async function serve(side: World, connection: Redis, passwordHash: string): Promise<FastifyInstance> {
  const store = createRedisHandoffStore({ redis: connection, zoneId: side.zoneId });
  const desk: Desk = {
    ...groundOfTwo(side),
    site: notAsked,
    missions: () => [],
    mission: (missionId) => (missionId === "m-1" ? { ...heldMission, acts: side.possible } : undefined),
    vehicles: () => [],
    whyNotDispatched: () => ({
      missions: [{ missionId: "m-1", code: "waits-for-slot", facts: { untilMs: 7 } }],
      vehicles: [{ vehicleId: here, code: "no-mission" }],
    }),
    alarms: () => side.book.list(),
    alarmKpi: () => side.book.kpi(),
    alarmJournal: async () => [],
    borderline: notAsked,
    custody: async () => {
      await store.custody();
      return [];
    },
    placeOrder: notAsked,
    adopt: notAsked,
    byPerson: async (_missionId, _act, word) => {
      side.said.push(word);
      return { kind: "done" };
    },
    closedStations: () => [...side.closedStations.values()],
    closeStation: async (stationId, by, reason) => {
      if (side.ledLater) return "not-kept";
      if (stationId !== "vn.crane-1") return stationId === "vn.portal-1" ? "not-closable" : "unknown";
      if (side.closedStations.has(stationId)) return "as-it-was";
      side.closedStations.set(stationId, { stationId, by, reason, sinceMs: side.nowMs });
      return "done";
    },
    openStation: async (stationId) => {
      if (stationId !== "vn.crane-1") return "unknown";
      return side.closedStations.delete(stationId) ? "done" : "as-it-was";
    },
    resume: async (missionId, how) => {
      if (missionId !== "m-1") return "unknown";
      side.resumed.push(how);
      return "resumed";
    },
    acknowledge: (alarmId, by) => side.book.acknowledge(alarmId, by),
    shelve: (alarmId, by, forMs, reason) => side.book.shelve(alarmId, by, side.nowMs + forMs, reason),
    suppressAlarm: (alarmId, by, reason) => side.book.suppress(alarmId, by, reason),
    alarmBack: (alarmId) => (side.book.unshelve(alarmId) === "unshelved" ? "back" : "as-it-was"),
    stopRequest: notAsked,
    resumeVehicle: notAsked,
    answerActions: (vehicleId, answer) => {
      if (vehicleId !== here) return vehicleId === elsewhere ? "nothing-waits" : "unknown";
      side.resumed.push(answer);
      return "sent";
    },
    sleep: (vehicleId, how) => {
      if (vehicleId !== here) return vehicleId === elsewhere ? "busy" : "unknown";
      side.resumed.push(how);
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
        { name: "thu", role: "customs-officer", tokenSha256: sha256("second-customs-token") },
        { name: "mai", role: "customs-officer", tokenSha256: sha256("customs-token") },
        { name: "guest", role: "viewer", tokenSha256: sha256("viewer-token") },
        { name: "hoa", role: "auditor", tokenSha256: sha256("auditor-token"), passwordHash },
      ],
    }),
    audit: createAuditLog({ redis: connection, zoneId: side.zoneId, nowMs: () => side.nowMs }),
    nowMs: () => side.nowMs,
    nextId: () => `id-${++side.ids}`,
    newToken: () => `session-${++side.ids}`,
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

export interface ServedSide {
  readonly world: World;
  readonly app: FastifyInstance;
  readonly redis: Redis;
  /** The side's API by an account's token, the operator's unless another is named. */
  ask(
    method: "GET" | "POST" | "DELETE",
    path: string,
    body?: object,
    token?: string,
  ): Promise<{ readonly status: number; readonly said: unknown }>;
  /** What stands in the audit log. */
  acts(): Promise<unknown>;
  /** From now on over another connection to the ledger. */
  serveOver(connection: Redis): Promise<void>;
}

/** The API of a side before each test of a file, and its end after it. */
export function servedSide(): ServedSide {
  let passwordHash = "";
  let world = newWorld();
  let redis: Redis;
  let app: FastifyInstance;
  beforeAll(async () => {
    passwordHash = await hashPassword("đường biên 2030");
  });
  beforeEach(async () => {
    world = newWorld();
    redis = new Redis(inject("redisUrl"));
    app = await serve(world, redis, passwordHash);
  });
  afterEach(async () => {
    await app.close();
    if (redis.status === "ready") await redis.del(`baton:{${world.zoneId}}:audit`);
    redis.disconnect();
  });
  const side: ServedSide = {
    get world() {
      return world;
    },
    get app() {
      return app;
    },
    get redis() {
      return redis;
    },
    async ask(method, path, body, token = "operator-token") {
      const answer = await app.inject({
        method,
        url: `/api/v1${path}`,
        headers: { authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { payload: body }),
      });
      const said: unknown = answer.body === "" ? undefined : answer.json();
      return { status: answer.statusCode, said };
    },
    acts: async () => (await side.ask("GET", "/audit", undefined, "auditor-token")).said,
    async serveOver(connection) {
      await app.close();
      redis.disconnect();
      redis = connection;
      app = await serve(world, redis, passwordHash);
    },
  };
  return side;
}

/** The ids in a list of proposals. */
export const proposalIds = ({ said }: { readonly said: unknown }): unknown[] =>
  Array.isArray(said) ? said.map((each) => Object(each).proposalId) : [];

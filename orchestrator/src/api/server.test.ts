import { connect, createServer as createTcpServer, type Server } from "node:net";
import { Redis } from "ioredis";
import { describe, expect, inject, test } from "vitest";
import { here, servedSide } from "./testing/served-side.ts";

const side = servedSide();
const { ask, acts } = side;
const quiet = { enableOfflineQueue: false, maxRetriesPerRequest: 0, retryStrategy: () => null } as const;

describe("an address that asks too much in a minute", () => {
  test("is told so, and takes nothing from what the partner may ask from the same address", async () => {
    const get = (url: string) => side.app.inject({ method: "GET", url });
    for (let asked = 0; asked < 1_200; asked++) await get("/healthz");
    expect((await get("/healthz")).json()).toMatchObject({ status: 429, code: "request.too-many" });
    for (let asked = 0; asked < 1_200; asked++) await get("/partner/v1/keys");
    const refused = await get("/partner/v1/keys");
    expect(refused.headers["content-type"]).toContain("application/problem+json");
    expect(refused.json()).toMatchObject({ status: 429, code: "too-many-requests", retryable: true });
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
  ["POST", "/missions/m-1/measurement", { what: "weigh", reason: "a try" }],
  ["POST", "/stations/vn.crane-1/closure", { reason: "a try" }],
  ["DELETE", "/stations/vn.crane-1/closure?reason=trying", undefined],
] as const)("an account that may only look cannot %s %s", async (method, path, body) => {
  expect(await ask(method, path, body, "viewer-token")).toMatchObject({
    status: 403,
    said: { code: "account.forbidden" },
  });
  expect(await acts()).toEqual([]);
});

describe("with Redis just gone, before anybody has noticed", () => {
  test.each(["/custody", "/audit"])("GET %s says that the ledger does not answer", async (path) => {
    const redis = new Redis(await nobodysPort(), "127.0.0.1", quiet);
    redis.on("error", () => {});
    await side.serveOver(redis);
    expect(await ask("GET", path)).toMatchObject({ status: 503, said: { code: "ledger.unreachable" } });
  });

  test.each(["/custody", "/audit"])("so does GET %s when the connection breaks under it", async (path) => {
    const line = await breakableLine(inject("redisUrl"));
    const redis = new Redis(line.port, "127.0.0.1", quiet);
    redis.on("error", () => {});
    await new Promise<void>((resolve) => redis.once("ready", () => resolve()));
    await side.serveOver(redis);
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

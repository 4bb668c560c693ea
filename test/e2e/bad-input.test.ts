import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeProblem } from "@baton/maps";
import { loadSite, siteDirectory } from "@baton/maps/files";
import { connectAsync } from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type DemoUnderTest,
  demoUnderTest,
  START_TIMEOUT_MS,
  TEST_TIMEOUT_MS,
  until,
} from "./demo-under-test.ts";

const order = {
  orderId: "bad-input-1",
  direction: "export",
  containerNo: "CSQU3054383",
  sizeType: "45G1",
  declaredGrossKg: 20_000,
  goodsSummary: "dragon fruit",
  declarationNo: "VN-1",
  channel: "green",
  truckPlate: "12C-345.67",
  sealNo: "S1",
};

describe("what cannot be right is refused with a stable code, and nothing is lost or granted for it", () => {
  let demo: DemoUnderTest;
  beforeAll(async () => {
    demo = await demoUnderTest({ speed: 4 });
  }, START_TIMEOUT_MS);
  afterAll(() => demo.end());

  const codeOf = async (answer: Response): Promise<{ status: number; code: unknown }> => {
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    const body: { code?: unknown; hint?: unknown } = await answer.json();
    expect(body.hint).toMatch(/\w/);
    return { status: answer.status, code: body.code };
  };

  test("a transport order that is not one", async () => {
    const before = (await demo.missions("vn")).length;
    expect(await codeOf(await demo.post("vn", "/api/v1/transport-orders", "{not json"))).toEqual({
      status: 400,
      code: "request.malformed",
    });
    expect(
      await codeOf(await demo.post("vn", "/api/v1/transport-orders", { ...order, declaredGrossKg: -5 })),
    ).toEqual({ status: 400, code: "request.malformed" });
    expect((await demo.missions("vn")).filter((mission) => mission.orderId === order.orderId)).toEqual([]);
    expect((await demo.missions("vn")).length).toBeGreaterThanOrEqual(before);
  });

  test("an impossible container number", async () => {
    const answer = await demo.post("vn", "/api/v1/transport-orders", {
      ...order,
      containerNo: "CSQU3054384",
    });
    expect(await codeOf(answer)).toEqual({ status: 422, code: "order.container-invalid" });
  });

  test("an order for the other direction, placed with the wrong side", async () => {
    const answer = await demo.post("cn", "/api/v1/transport-orders", order);
    expect(await codeOf(answer)).toEqual({ status: 422, code: "order.not-outbound" });
  });

  test("the same order twice is one mission; the same number with other content is a conflict", async () => {
    const first = await demo.post("vn", "/api/v1/transport-orders", { ...order, orderId: "twice" });
    const again = await demo.post("vn", "/api/v1/transport-orders", { ...order, orderId: "twice" });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(await again.json()).toMatchObject({ missionId: (await first.json()).missionId, existed: true });
    expect((await demo.missions("vn")).filter((mission) => mission.orderId === "twice")).toHaveLength(1);
    const other = await demo.post("vn", "/api/v1/transport-orders", {
      ...order,
      orderId: "twice",
      containerNo: "MSKU6011672",
    });
    expect(await codeOf(other)).toEqual({ status: 409, code: "order.conflict" });
  });

  test("a request without a token, and one whose account may not", async () => {
    const nobody = await fetch(`${demo.httpUrl.vn}/api/v1/missions`);
    expect(await codeOf(nobody)).toEqual({ status: 401, code: "account.unauthenticated" });
    const operator = await fetch(`${demo.httpUrl.vn}/api/v1/transport-orders`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${demo.identities.vn.tokens.operator}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(order),
    });
    expect(await codeOf(operator)).toEqual({ status: 403, code: "account.forbidden" });
  });

  test("an unsigned partner request", async () => {
    const before = (await demo.borderline("vn")).handoffs.length;
    const answer = await fetch(
      `${demo.httpUrl.vn}/partner/v1/handoffs/01900000-0000-7000-8000-000000000000/messages`,
      {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ type: "go" }),
      },
    );
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: "missing-signature" });
    expect((await demo.borderline("vn")).handoffs.length).toBeGreaterThanOrEqual(before);
  });

  test("a vehicle that sends nonsense is reported, and changes nothing", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    const known = (await demo.vehicles("vn")).length;
    const client = await connectAsync(demo.mqttUrl.vn);
    await client.publishAsync("uagv/v2/rogue/x1/state", "{ this is no state");
    await client.publishAsync("uagv/v2/rogue/x1/state", JSON.stringify({ headerId: "one" }));
    await until(
      async () =>
        (await demo.alarms("vn")).some(
          (alarm) => alarm.code === "fleet.invalid-message" && alarm.detail.includes("rogue"),
        ),
      async () => JSON.stringify(await demo.alarms("vn")),
    );
    await client.endAsync();
    expect(
      (await demo.vehicles("vn")).filter((vehicle) => vehicle.authority !== undefined).length,
    ).toBeLessThanOrEqual(known);
  });

  test("a broken layout file names the file, the place in it, and what to do", async () => {
    const folder = await mkdtemp(join(tmpdir(), "baton-broken-site-"));
    try {
      for (const name of ["site.json", "vn.lif.json", "cn.lif.json"]) {
        await writeFile(join(folder, name), await readFile(join(siteDirectory("mini"), name)));
      }
      const lif = JSON.parse(await readFile(join(folder, "vn.lif.json"), "utf8"));
      lif.layouts[0].edges[3].endNodeId = "nowhere";
      await writeFile(join(folder, "vn.lif.json"), JSON.stringify(lif));
      const read = await loadSite(folder);
      expect(read.ok).toBe(false);
      const told = read.ok ? "" : read.problems.map(describeProblem).join("\n");
      expect(told).toContain("vn.lif.json");
      expect(told).toContain("nowhere");
      expect(told).toContain("/layouts/0/edges/3");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

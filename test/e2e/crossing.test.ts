import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildTwin } from "../../scripts/build-twin.ts";
import { CHROMIUM, provide } from "../../scripts/provision/debian.ts";
import {
  type DemoUnderTest,
  demoUnderTest,
  noAlarmButOfLateness,
  PATIENCE_MS,
  START_TIMEOUT_MS,
  TEST_TIMEOUT_MS,
  until,
} from "./demo-under-test.ts";
import { type GroundWatch, watchGround } from "./ground-watch.ts";

const SPEED = 5;

interface TwinVehicle {
  readonly vehicleId: string;
  readonly xM: number;
  readonly loaded: boolean;
}

describe("a container crosses the border with no driver, on embedded brokers", () => {
  let demo: DemoUnderTest;
  let watches: readonly GroundWatch[];
  beforeAll(async () => {
    demo = await demoUnderTest({ speed: SPEED, twinFolder: await buildTwin() });
    const feed = (side: "vn" | "cn"): string =>
      `${demo.httpUrl[side].replace("http", "ws")}/api/v1/feed?token=${demo.identities[side].tokens.operator}`;
    watches = [await watchGround(feed("vn")), await watchGround(feed("cn"))];
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    for (const watch of watches) watch.end();
    await demo.end();
  });

  test("a control-room operator sees a loaded vehicle drive over the line in the twin", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    const browser = await chromium.launch({
      executablePath: await provide(CHROMIUM),
      args: [
        "--no-sandbox",
        "--use-angle=swiftshader",
        "--enable-unsafe-swiftshader",
        "--ignore-gpu-blocklist",
      ],
    });
    try {
      const page = await browser.newPage({ viewport: { width: 960, height: 600 } });
      // Software rendering on a slow machine: what takes long is no failure.
      page.setDefaultTimeout(PATIENCE_MS);
      await page.goto(`${demo.httpUrl.vn}/?token=${demo.identities.vn.tokens.operator}`);
      await until(
        () => page.evaluate<boolean>("window.__batonTwin?.ready === true"),
        "the twin does not get ready",
      );
      const seenLeftOfLine = new Set<string>();
      const crossed = await until(async () => {
        const shown = await page.evaluate<readonly TwinVehicle[]>("window.__batonTwin.vehicles()");
        for (const vehicle of shown) {
          if (!vehicle.loaded) continue;
          if (vehicle.xM < -5 && vehicle.xM > -100) seenLeftOfLine.add(vehicle.vehicleId);
          if (vehicle.xM > 5 && seenLeftOfLine.has(vehicle.vehicleId)) return vehicle;
        }
        return undefined;
      }, "no loaded vehicle was seen left and then right of the line");
      expect(crossed.xM).toBeGreaterThan(5);
      // For people to look at. Drawn in software on a busy machine it may not come, which says nothing of the product.
      await page.screenshot({ path: "artifacts/crossing.png", timeout: 60_000 }).catch(console.warn);
    } finally {
      await browser.close();
    }
  });

  test("one container each way is handed over, delivered, and agreed on in both custody ledgers", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    for (const [giver, taker, direction] of [
      ["vn", "cn", "export"],
      ["cn", "vn", "import"],
    ] as const) {
      const delivered = await until(
        async () => {
          const done = (await demo.missions(taker)).filter(
            (mission) =>
              mission.bound === "inbound" && mission.direction === direction && mission.status === "done",
          );
          const given = await demo.missions(giver);
          return done.find((mission) =>
            given.some((each) => each.handoffId === mission.handoffId && each.status === "done"),
          );
        },
        async () =>
          JSON.stringify(
            (await demo.missions(taker)).map(({ step, status, containerNo, held }) => ({
              step,
              status,
              containerNo,
              held,
            })),
          ),
        undefined,
        1_000,
      );
      expect(delivered.containerNo).toMatch(/^[A-Z]{3}U[0-9]{7}$/);
    }
    const hashes = async (side: "vn" | "cn") =>
      (await demo.custody(side))
        .filter((record) => record.signatures === 2)
        .map((record) => record.hash)
        .toSorted();
    await until(async () => {
      const [vn, cn] = [await hashes("vn"), await hashes("cn")];
      return vn.length >= 2 && vn.join() === cn.join();
    }, "the custody ledgers of both sides do not agree");
  });

  test("no two vehicles ever stood on the same ground, as both feeds showed it", async () => {
    for (const watch of watches) {
      expect(watch.frames).toBeGreaterThan(100);
      expect(watch.farthest.leftM).toBeLessThan(-100);
      expect(watch.farthest.rightM).toBeGreaterThan(100);
      expect(watch.overlaps).toEqual([]);
    }
  });

  test("no alarm was raised that the scenario did not cause", async () => {
    for (const side of ["vn", "cn"] as const) await noAlarmButOfLateness(demo, side);
  });
});

import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { siteDirectory } from "@baton/maps/files";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type DemoUnderTest,
  demoUnderTest,
  START_TIMEOUT_MS,
  TEST_TIMEOUT_MS,
  until,
} from "./demo-under-test.ts";
import { type GroundWatch, watchGround } from "./ground-watch.ts";

/** The site `mini` with the Vietnamese side in two zones: the yard, and the gate up to the line. */
async function dividedMini(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "baton-divided-"));
  await cp(siteDirectory("mini"), folder, { recursive: true });
  const path = join(folder, "site.json");
  const file = JSON.parse(await readFile(path, "utf8"));
  const [whole] = file.zones.filter((zone: { side: string }) => zone.side === "vn");
  file.zones = [
    { ...whole, nodeId: "vn.yard.crane-1" },
    { ...whole, zoneId: "vn.gate", nodeId: "vn.out.portal" },
    ...file.zones.filter((zone: { side: string }) => zone.side !== "vn"),
  ];
  file.borders = ["vn.yard.depart.2", "vn.yard.arrive.1"].map((placeNodeId) => ({ side: "vn", placeNodeId }));
  await writeFile(path, JSON.stringify(file));
  return folder;
}

describe("a side of two zones", () => {
  let demo: DemoUnderTest;
  let watch: GroundWatch;
  let folder: string;

  beforeAll(async () => {
    folder = await dividedMini();
    demo = await demoUnderTest({ speed: 8, siteFolders: { vn: folder } });
    watch = await watchGround(
      `${demo.httpUrl.vn.replace("http", "ws")}/api/v1/feed?token=${demo.identities.vn.tokens.operator}`,
    );
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    watch.end();
    await demo.end();
    await rm(folder, { recursive: true, force: true });
  });

  const delivered = async (side: "vn" | "cn"): Promise<number> =>
    (await demo.missions(side)).filter(({ bound, status }) => bound === "inbound" && status === "done")
      .length;

  /** The process of a zone's tick loop. */
  async function pidOf(zoneId: string): Promise<number> {
    const parent = demo.supervisor.pids().get("orchestrator-vn");
    const children = await readFile(`/proc/${parent}/task/${parent}/children`, "utf8");
    for (const pid of children.trim().split(" ")) {
      const words = (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0");
      if (words.includes(zoneId)) return Number(pid);
    }
    throw new Error(`no process of ${zoneId}`);
  }

  test("takes containers from its yard through its gate over the line, and the other way", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    await until(async () => (await delivered("cn")) > 0, "nothing came over the line");
    await until(async () => (await delivered("vn")) > 0, "nothing came in over both zones");
    expect(watch.overlaps).toEqual([]);
  });

  test("goes on in one zone while the loop of the other is killed, says so, and in both when it is back", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    const before = await delivered("cn");
    process.kill(await pidOf("vn.gate"), "SIGKILL");
    await until(
      async () => (await demo.alarms("vn")).some(({ code }) => code === "reservation.zone-down"),
      "no alarm for the zone",
    );
    await until(
      async () =>
        (await demo.alarms("vn")).some(
          ({ code, state }) => code === "reservation.zone-down" && state === "returned",
        ),
      "the zone is not led again",
    );
    await until(async () => (await delivered("cn")) > before, "nothing goes over the line any more");
    expect(watch.overlaps).toEqual([]);
  });
});

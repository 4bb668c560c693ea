import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { demoUnderTest, noAlarmButOfLateness, TEST_TIMEOUT_MS, until } from "./demo-under-test.ts";

test("a world that was stopped goes on where it stood: same missions, no alarm, and the next crossing", {
  timeout: TEST_TIMEOUT_MS,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), "baton-second-start-"));
  try {
    const first = await demoUnderTest({ speed: 6, folder });
    await until(async () => (await first.custody("vn")).length >= 2, "no crossing");
    const before = await first.missions("vn");
    const custodyBefore = (await first.custody("vn")).map((record) => record.handoffId);
    await first.end();

    // Another speed, too: the clock goes on from the time it showed.
    const second = await demoUnderTest({ speed: 5, folder });
    try {
      const after = await second.missions("vn");
      expect(after.map((mission) => mission.missionId)).toEqual(
        expect.arrayContaining(before.map((mission) => mission.missionId)),
      );
      await until(
        async () => (await second.custody("vn")).length > custodyBefore.length + 1,
        async () => JSON.stringify(await second.borderline("vn")),
      );
      const custody = (await second.custody("vn")).map((record) => record.handoffId);
      expect(custody.slice(0, custodyBefore.length)).toEqual(custodyBefore);
      expect(new Set(custody).size).toBe(custody.length);
      for (const side of ["vn", "cn"] as const) {
        await noAlarmButOfLateness(second, side);
      }
    } finally {
      await second.end();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

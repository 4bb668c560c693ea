import { manualClock } from "@baton/fleet-adapter";
import { expect, test } from "vitest";
import { LineCranes } from "./line-cranes.ts";

test("a crane at the line that was heard is missed half a minute later, since then, until it is heard again", () => {
  const clock = manualClock(1_000);
  const cranes = new LineCranes(["line-crane-1"], clock);
  const hear = () =>
    cranes.hear({
      deviceId: "line-crane-1",
      atMs: clock.nowMs(),
      phase: "free",
      register: { authority: "vn", epoch: 4 },
    });
  expect(cranes.of("line-crane-1")).not.toHaveProperty("silentSinceMs");
  hear();
  clock.advance(30_000);
  expect(cranes.of("line-crane-1")).toMatchObject({ isFit: true });
  expect(cranes.of("line-crane-1")).not.toHaveProperty("silentSinceMs");
  clock.advance(60_000);
  expect(cranes.of("line-crane-1")).toMatchObject({ isFit: false, silentSinceMs: 31_000 });
  hear();
  expect(cranes.of("line-crane-1")).not.toHaveProperty("silentSinceMs");
});

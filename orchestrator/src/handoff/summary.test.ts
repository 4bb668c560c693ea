import { afterEach, expect, inject, test, vi } from "vitest";
import { createTwoSides, offerOf, type TwoSides } from "./testing/two-sides.ts";

let sides: TwoSides;
afterEach(async () => sides.end());

test("people see whom the vehicle's register names, and until when `go` can be said, while it can", async () => {
  sides = await createTwoSides(inject("redisUrl"), {});
  // The vehicle is told, and does not answer: the hand-off stays where only its register can end it.
  sides.vehicle.deaf = true;
  const offer = offerOf("h-1", sides.clock.nowMs());
  const phases = new Map<string, number | undefined>();
  sides.service("vn").subscribe(() => {
    for (const { phase, goByMs } of sides.service("vn").open()) phases.set(phase, goByMs);
  });
  sides.service("vn").offer(offer);
  await vi.waitFor(() => expect(sides.service("vn").open()[0]?.phase).toBe("switching"), {
    timeout: 15_000,
    interval: 5,
  });
  expect(phases.get("accepted")).toBe(offer.expiresAtMs);
  const [open] = sides.service("vn").open();
  expect(open).toMatchObject({ register: { authority: "vn", epoch: 4 } });
  expect(open).not.toHaveProperty("goByMs");
});

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

test("of a hand-off that waits for its witness, people see what may be said of who holds, and both sides' words", async () => {
  sides = await createTwoSides(inject("redisUrl"), {});
  sides.vehicle.deaf = true;
  sides.service("vn").offer(offerOf("h-1", sides.clock.nowMs()));
  const told = (side: "vn" | "cn") => sides.service(side).open()[0]?.resolution;
  const wait = { timeout: 15_000, interval: 5 };
  await vi.waitFor(() => {
    for (const side of ["vn", "cn"] as const) expect(told(side)).toEqual({ maySay: ["giver", "taker"] });
  }, wait);
  const saying = { holder: "taker", account: "lan", reason: "burnt out" } as const;
  await sides.service("vn").resolve("h-1", saying);
  // A word is final: nothing more to say, until the partner has said the other thing.
  expect(told("vn")).toEqual({ maySay: [], ours: saying });
  await vi.waitFor(() => expect(told("cn")).toEqual({ maySay: ["giver", "taker"], theirs: saying }), wait);
});

import { describe, expect, it } from "vitest";
import { addressOf, linkOf, sightIn } from "./permalink.ts";

const PAGE = "http://127.0.0.1:8080/?lang=vi&token=secret&token.cn=other";
const SIGHT = {
  view: "1.0000,2.0000,0.0000,90.0000,0.1000,0.5000",
  vehicleId: "sim.vn-01",
  atMs: 1_800_000_000_000,
};

describe("a link to what is shown", () => {
  it("brings view, vehicle and moment back", () => {
    expect(sightIn(linkOf(PAGE, SIGHT))).toEqual(SIGHT);
    expect(sightIn(addressOf(PAGE, SIGHT))).toEqual(SIGHT);
  });

  it("carries no token to others, and keeps the rest of the address", () => {
    const link = linkOf(PAGE, SIGHT);
    expect(link).not.toMatch(/secret|other|token/);
    expect(new URL(link).searchParams.get("lang")).toBe("vi");
    expect(new URL(addressOf(PAGE, SIGHT)).searchParams.get("token")).toBe("secret");
  });

  it("says nothing of what is not shown any more", () => {
    const live = addressOf(addressOf(PAGE, SIGHT), {
      view: SIGHT.view,
      vehicleId: undefined,
      atMs: undefined,
    });
    expect(sightIn(live)).toEqual({ view: SIGHT.view, vehicleId: undefined, atMs: undefined });
    expect(sightIn("http://127.0.0.1/?at=yesterday").atMs).toBeUndefined();
  });
});

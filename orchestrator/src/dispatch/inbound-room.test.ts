import { describe, expect, it } from "vitest";
import { miniSite } from "../mission/testing/two-sides.ts";
import { placeForInbound } from "./inbound-room.ts";
import { held, vehicleAt, viewOf } from "./testing/seen.ts";
import type { DispatchView } from "./view.ts";
import { yardOfSite } from "./yard-of-site.ts";

const yard = yardOfSite(await miniSite(), "vn");
const view = (change: Partial<DispatchView>): DispatchView => viewOf(yard, change);

describe("an inbound vehicle", () => {
  it("gets a bay that nobody has", () => {
    expect(placeForInbound(view({ heldStations: held("vn.buffer-in-1") }))).toEqual({
      kind: "bay",
      stationId: "vn.buffer-in-2",
    });
    expect(
      placeForInbound(view({ heldStations: held("vn.buffer-in-1", "vn.buffer-in-2", "vn.buffer-in-3") }))
        .kind,
    ).toBe("no-room");
  });

  it("is not accepted when there would be no place for it once it is empty", () => {
    const places = yard.stations.filter((one) => one.kind === "parking" || one.kind === "charger");
    const vehicles = places.slice(1).map((one) => vehicleAt(yard, one.stationId, one.stationId));
    expect(placeForInbound(view({ vehicles })).kind).toBe("bay");
    expect(placeForInbound(view({ vehicles, inboundCount: 1 })).kind).toBe("no-room");
    // Vehicles that are on their way out need none.
    expect(
      placeForInbound(
        view({ vehicles: vehicles.map((one) => ({ ...one, missionId: "m-1" })), inboundCount: 1 }),
      ).kind,
    ).toBe("bay");
  });
});

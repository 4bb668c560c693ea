import type { VehicleId } from "@baton/fleet-adapter";
import type { NodeId, StationId } from "@baton/maps";
import { describe, expect, it } from "vitest";
import { miniSite } from "../mission/testing/two-sides.ts";
import { assignByHand, parkByHand } from "./by-hand.ts";
import { decide } from "./dispatch.ts";
import { vehicleAt, viewOf, wantsVehicle } from "./testing/seen.ts";
import type { DispatchVehicle, DispatchView } from "./view.ts";
import { yardOfSite } from "./yard-of-site.ts";

const yard = yardOfSite(await miniSite(), "vn");
const nodeAt = (stationId: string): NodeId | undefined =>
  yard.stations.find((one) => one.stationId === stationId)?.nodeId;
const cranes = yard.stations.filter(({ kind }) => kind === "crane").map(({ stationId }) => stationId);

const vehicle = (name: string, stationId: string, change: Partial<DispatchVehicle> = {}): DispatchVehicle =>
  vehicleAt(yard, name, stationId, change);

const view = (vehicles: readonly DispatchVehicle[], change: Partial<DispatchView> = {}): DispatchView => ({
  ...viewOf(yard, { vehicles }),
  missions: [wantsVehicle("m-1")],
  ...change,
});

describe("a vehicle that a person chooses for a container", () => {
  it("is told to come to the free crane nearest to it, whatever dispatch would have chosen", () => {
    const near = vehicle("near", cranes[0] ?? "");
    const far = vehicle("far", "vn.parking-1");
    const chosen = assignByHand(view([near, far]), "m-1", "far");
    if (chosen.kind !== "command") throw new Error(JSON.stringify(chosen));
    expect(chosen.command).toMatchObject({ kind: "assign-vehicle", missionId: "m-1", vehicleId: "far" });
    expect(chosen.command.craneStationId).not.toBe(cranes[0]);
    // At a crane already, it is loaded there.
    expect(assignByHand(view([near, far]), "m-1", "near")).toMatchObject({
      command: { craneStationId: cranes[0] },
    });
  });

  it("comes to the crane at which the container's truck is, when its vehicle was sent elsewhere", () => {
    const far = vehicle("far", "vn.parking-1");
    const [mission] = view([]).missions;
    if (mission?.kind !== "wants-vehicle") throw new Error("no container");
    const begun = { ...mission, craneStationId: cranes[2] as StationId };
    expect(assignByHand(view([far], { missions: [begun] }), "m-1", "far")).toMatchObject({
      command: { craneStationId: cranes[2] },
    });
  });

  it("is refused with dispatch's own reason when it could not take it by itself either", () => {
    const why = (change: Partial<DispatchVehicle>) => {
      const answer = assignByHand(view([vehicle("v", "vn.parking-1", change)]), "m-1", "v");
      return answer.kind === "not-possible" ? answer.why : answer.kind;
    };
    expect(why({ ours: false })).toBe("not-ours");
    expect(why({ missionId: "m-2" })).toBe("on-mission");
    expect(why({ batteryPct: 10 })).toBe("battery-low");
    expect(why({ maxLoadKg: 10_000 })).toBe("no-vehicle-fits");
    expect(why({ loaded: true })).toBe("loaded");
  });

  it("is refused while every crane is taken", () => {
    const heldStations = new Map(cranes.map((stationId) => [stationId, "m-9"]));
    expect(assignByHand(view([vehicle("v", "vn.parking-1")], { heldStations }), "m-1", "v")).toEqual({
      kind: "not-possible",
      why: "no-crane",
    });
  });
});

describe("a vehicle that a person sends away", () => {
  it("goes to a charger also when dispatch would not think of it, and one that stands at one begins to charge", () => {
    expect(parkByHand(view([vehicle("v", "vn.parking-1")]), "v", "charger")).toMatchObject({
      command: { kind: "park", vehicleId: "v", charge: true, stationId: expect.stringMatching(/charger/) },
    });
    const there = vehicle("v", "vn.charger-1");
    expect(parkByHand(view([there]), "v", "charger")).toMatchObject({
      command: { stationId: "vn.charger-1" },
    });
    expect(parkByHand(view([{ ...there, charging: true }]), "v", "charger").kind).toBe("not-possible");
  });

  it("goes to a parking place from a charger, low on battery as it may be", () => {
    const low = vehicle("v", "vn.charger-1", { batteryPct: 12 });
    expect(parkByHand(view([low]), "v", "parking")).toMatchObject({
      command: { charge: false, stationId: expect.stringMatching(/parking/) },
    });
  });

  it("stays where it is when every place is taken", () => {
    const heldStations = new Map(
      yard.stations.filter(({ kind }) => kind === "charger").map(({ stationId }) => [stationId, "m-9"]),
    );
    expect(parkByHand(view([vehicle("v", "vn.parking-1")], { heldStations }), "v", "charger")).toEqual({
      kind: "not-possible",
      why: "no-charger",
    });
  });

  it("in a fence is given no container, and goes to the places in there only", () => {
    const fenced = new Set([nodeAt("vn.parking-1"), nodeAt("vn.charger-1")]);
    const shed: DispatchView["yard"] = {
      ...yard,
      fenceOf: (vehicleId) => (vehicleId === "v" ? "shed" : undefined),
      wayM: (from, to) => (fenced.has(from) && fenced.has(to) ? 50 : undefined),
    };
    const idle = vehicle("v", "vn.parking-1", { batteryPct: 40 });
    const all = view([idle], { yard: shed });
    expect(assignByHand(all, "m-1", "v")).toEqual({ kind: "not-possible", why: "fenced" });
    expect(parkByHand(all, "v", "charger")).toMatchObject({ command: { stationId: "vn.charger-1" } });
    const { commands, vehicleReasons } = decide(view([{ ...idle, batteryPct: 10 }], { yard: shed }));
    expect(commands).toMatchObject([{ kind: "park", vehicleId: "v", stationId: "vn.charger-1" }]);
    expect(decide(all).vehicleReasons.get("v" as VehicleId)).toEqual({
      code: "fenced",
      facts: { fenceId: "shed" },
    });
    expect(vehicleReasons.get("v" as VehicleId)?.code).toBe("battery-low");
  });
});

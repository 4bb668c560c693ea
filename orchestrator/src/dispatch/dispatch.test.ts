import type { VehicleId } from "@baton/fleet-adapter";
import type { NodeId, StationId } from "@baton/maps";
import { describe, expect, it } from "vitest";
import { miniSite } from "../mission/testing/two-sides.ts";
import {
  DEFAULT_RULES,
  type DispatchMission,
  type DispatchVehicle,
  type DispatchView,
  decide,
  placeForInbound,
} from "./dispatch.ts";
import { yardOfSite } from "./yard-of-site.ts";

const yard = yardOfSite(await miniSite(), "vn");
const nodeAt = (stationId: string): NodeId | undefined =>
  yard.stations.find((one) => one.stationId === stationId)?.nodeId;

const vehicle = (
  name: string,
  stationId: string,
  change: Partial<DispatchVehicle> = {},
): DispatchVehicle => ({
  vehicleId: name as VehicleId,
  ours: true,
  online: true,
  localised: true,
  admitted: true,
  batteryPct: 80,
  loaded: false,
  missionId: undefined,
  movingTo: undefined,
  nodeId: nodeAt(stationId),
  stationId: stationId as StationId,
  ...change,
});
const wantsVehicle = (missionId: string, priority = 0, sinceMs = 0): DispatchMission => ({
  kind: "wants-vehicle",
  missionId,
  priority,
  sinceMs,
});
const wantsCrane = (missionId: string): DispatchMission => ({
  kind: "wants-crane",
  missionId,
  priority: 0,
  sinceMs: 0,
  fromNodeId: nodeAt("vn.buffer-in-1"),
});
const view = (change: Partial<DispatchView>): DispatchView => ({
  yard,
  rules: DEFAULT_RULES,
  vehicles: [],
  missions: [],
  heldStations: new Map(),
  inboundCount: 0,
  ...change,
});
const held = (...stationIds: string[]) =>
  new Map(stationIds.map((stationId) => [stationId as StationId, "m-x"]));

describe("an outbound container", () => {
  it("gets the vehicle with the least empty way, a crane and a bay together", () => {
    const near = vehicle("near", "vn.crane-2");
    const { commands } = decide(
      view({ vehicles: [vehicle("far", "vn.parking-8"), near], missions: [wantsVehicle("m-1")] }),
    );
    expect(commands).toEqual([
      {
        kind: "assign-vehicle",
        missionId: "m-1",
        vehicleId: "near",
        craneStationId: "vn.crane-2",
        bufferStationId: "vn.buffer-out-1",
      },
    ]);
  });

  it("shares neither crane nor bay with another one", () => {
    const vehicles = [vehicle("a", "vn.parking-1"), vehicle("b", "vn.parking-2")];
    const { commands } = decide(view({ vehicles, missions: [wantsVehicle("m-1"), wantsVehicle("m-2")] }));
    const taken = commands.flatMap((command) =>
      command.kind === "assign-vehicle"
        ? [command.vehicleId, command.craneStationId, command.bufferStationId]
        : [],
    );
    expect(taken).toHaveLength(6);
    expect(new Set(taken).size).toBe(6);
  });

  it("waits when no outbound bay is free, and blocks no crane", () => {
    const heldStations = held("vn.buffer-out-1", "vn.buffer-out-2", "vn.buffer-out-3");
    const decision = decide(
      view({ vehicles: [vehicle("v", "vn.parking-1")], missions: [wantsVehicle("m-1")], heldStations }),
    );
    expect(decision.commands).toEqual([]);
    expect(decision.missionReasons.get("m-1")).toBe("no-outbound-bay");
  });

  it.each([
    [{ ours: false }, "not-ours"],
    [{ online: false }, "offline"],
    [{ localised: false }, "not-localised"],
    [{ admitted: false }, "not-admitted"],
    [{ loaded: true }, "loaded"],
    [{ batteryPct: 10 }, "battery-low"],
    [{ missionId: "m-9" }, "on-mission"],
    [{ movingTo: "vn.parking-3" as StationId }, "moving"],
  ] as const)("is not given a vehicle with %o", (change, reason) => {
    const decision = decide(
      view({ vehicles: [vehicle("v", "vn.parking-1", change)], missions: [wantsVehicle("m-1")] }),
    );
    expect(decision.commands.filter((command) => command.kind === "assign-vehicle")).toEqual([]);
    expect(decision.missionReasons.get("m-1")).toBe("no-vehicle");
    expect(decision.vehicleReasons.get("v" as VehicleId)).toBe(reason);
  });

  it("of higher priority, then of longer waiting, is served first", () => {
    const missions = [
      wantsVehicle("m-late", 0, 9),
      wantsVehicle("m-early", 0, 1),
      wantsVehicle("m-urgent", 5, 9),
    ];
    const one = decide(view({ vehicles: [vehicle("v", "vn.parking-1")], missions })).commands;
    expect(one).toMatchObject([{ missionId: "m-urgent" }]);
    const two = decide(
      view({ vehicles: [vehicle("v", "vn.parking-1")], missions: missions.slice(0, 2) }),
    ).commands;
    expect(two).toMatchObject([{ missionId: "m-early" }]);
  });
});

describe("a crane", () => {
  it("that is free goes to a container that waits to be unloaded before one that waits to be loaded", () => {
    const heldStations = held("vn.crane-1", "vn.crane-2");
    const { commands, missionReasons } = decide(
      view({
        vehicles: [vehicle("v", "vn.parking-1")],
        missions: [wantsVehicle("m-out"), wantsCrane("in-1")],
        heldStations,
      }),
    );
    expect(commands).toEqual([{ kind: "assign-crane", missionId: "in-1", craneStationId: "vn.crane-3" }]);
    expect(missionReasons.get("m-out")).toBe("no-crane");
  });

  it("at which a vehicle stands idle is vacated when an unloading waits for it", () => {
    const heldStations = held("vn.crane-1", "vn.crane-2");
    const { commands } = decide(
      view({
        vehicles: [vehicle("v", "vn.crane-3")],
        missions: [wantsCrane("in-1"), { kind: "on-its-way", missionId: "m-2" }],
        heldStations,
      }),
    );
    expect(commands).toMatchObject([{ kind: "park", vehicleId: "v", charge: false }]);
  });

  it("keeps the vehicle that has just unloaded there, when its next container is on its way and nobody waits", () => {
    const seen = {
      vehicles: [vehicle("v", "vn.crane-3")],
      missions: [{ kind: "on-its-way", missionId: "m-2" } as const],
    };
    expect(decide(view(seen)).commands).toEqual([]);
    expect(decide(view({ ...seen, missions: [] })).commands).toMatchObject([
      { kind: "park", vehicleId: "v" },
    ]);
  });
});

describe("an idle vehicle", () => {
  it("with a low battery goes to a charger, from a crane and from a parking place", () => {
    const { commands } = decide(
      view({
        vehicles: [
          vehicle("a", "vn.crane-1", { batteryPct: 50 }),
          vehicle("b", "vn.parking-1", { batteryPct: 20 }),
        ],
      }),
    );
    expect(commands.map((command) => command.kind === "park" && command.charge)).toEqual([true, true]);
  });

  it("that is charged makes room for one that needs it", () => {
    const vehicles = [
      vehicle("full", "vn.charger-1", { batteryPct: 95 }),
      vehicle("half", "vn.charger-2", { batteryPct: 70 }),
      vehicle("low", "vn.parking-1", { batteryPct: 20 }),
    ];
    expect(decide(view({ vehicles })).commands).toMatchObject([
      { kind: "park", vehicleId: "full", charge: false },
      { kind: "park", vehicleId: "low", stationId: "vn.charger-1", charge: true },
    ]);
    expect(decide(view({ vehicles: vehicles.slice(0, 2) })).commands).toEqual([]);
  });

  it("that carries a load is left where it is", () => {
    const decision = decide(view({ vehicles: [vehicle("v", "vn.crane-1", { loaded: true })] }));
    expect(decision.commands).toEqual([]);
    expect(decision.vehicleReasons.get("v" as VehicleId)).toBe("loaded");
  });
});

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
    const vehicles = places.slice(1).map((one) => vehicle(one.stationId, one.stationId));
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

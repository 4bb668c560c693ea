import type { VehicleId } from "@baton/fleet-adapter";
import type { NodeId, StationId } from "@baton/maps";
import { describe, expect, it } from "vitest";
import { miniSite } from "../mission/testing/two-sides.ts";
import { decide } from "./dispatch.ts";
import { DEFAULT_RULES } from "./rules.ts";
import { demandOf, held, vehicleAt, viewOf, wantsVehicle } from "./testing/seen.ts";
import type { DispatchMission, DispatchVehicle, DispatchView } from "./view.ts";
import { yardOfSite } from "./yard-of-site.ts";

const yard = yardOfSite(await miniSite(), "vn");
const nodeAt = (stationId: string): NodeId | undefined =>
  yard.stations.find((one) => one.stationId === stationId)?.nodeId;

const vehicle = (name: string, stationId: string, change: Partial<DispatchVehicle> = {}): DispatchVehicle =>
  vehicleAt(yard, name, stationId, change);
const onItsWay = (missionId: string): DispatchMission => ({
  ...demandOf(missionId),
  kind: "on-its-way",
  promisedTo: undefined,
});
const wantsCrane = (missionId: string): DispatchMission => ({
  kind: "wants-crane",
  missionId,
  priority: 0,
  sinceMs: 0,
  fromNodeId: nodeAt("vn.buffer-in-1"),
});
const unloading = (vehicleId: string, crane: string, freeAtMs: number): DispatchMission => ({
  kind: "unloading",
  missionId: `in-${vehicleId}`,
  vehicleId: vehicleId as VehicleId,
  craneStationId: crane as StationId,
  freeAtMs,
});
const loading = (missionId: string, isLoaded = false): DispatchMission => ({
  kind: "wants-bay",
  missionId,
  priority: 0,
  sinceMs: 0,
  isLoaded,
});
const codeOf = (decision: ReturnType<typeof decide>, missionId: string): string | undefined =>
  decision.missionReasons.get(missionId)?.code;
const view = (change: Partial<DispatchView>): DispatchView => viewOf(yard, change);

describe("an outbound container", () => {
  it("gets the vehicle with the least empty way and a crane together, and what that costs", () => {
    const near = vehicle("near", "vn.crane-2");
    const { commands } = decide(
      view({ vehicles: [vehicle("far", "vn.parking-8"), near], missions: [wantsVehicle("m-1")] }),
    );
    expect(commands).toMatchObject([
      {
        kind: "assign-vehicle",
        missionId: "m-1",
        vehicleId: "near",
        craneStationId: "vn.crane-2",
        cost: { emptyTravelS: 0, waitingS: 0, batteryS: 0 },
      },
    ]);
  });

  it("shares no crane with another one", () => {
    const vehicles = [vehicle("a", "vn.parking-1"), vehicle("b", "vn.parking-2")];
    const { commands } = decide(view({ vehicles, missions: [wantsVehicle("m-1"), wantsVehicle("m-2")] }));
    const taken = commands.flatMap((command) =>
      command.kind === "assign-vehicle" ? [command.vehicleId, command.craneStationId] : [],
    );
    expect(taken).toHaveLength(4);
    expect(new Set(taken).size).toBe(4);
  });

  it("gets what is best for all of them together, not the nearest for the first", () => {
    // At crane 1 one can be loaded at once; from a parking place it is far to any of them.
    const vehicles = [vehicle("a", "vn.crane-1"), vehicle("b", "vn.parking-8"), vehicle("c", "vn.crane-3")];
    const missions = [wantsVehicle("m-1"), wantsVehicle("m-2"), wantsVehicle("m-3")];
    const { commands } = decide(view({ vehicles, missions }));
    const pairs = commands.flatMap((command) =>
      command.kind === "assign-vehicle" ? [`${command.vehicleId} ${command.craneStationId}`] : [],
    );
    expect(pairs.sort()).toEqual(["a vn.crane-1", "b vn.crane-2", "c vn.crane-3"]);
  });

  it("gets a bay when it is about to leave its crane, and not before", () => {
    const { commands } = decide(view({ missions: [loading("m-1"), loading("m-2", true)] }));
    expect(commands).toEqual([{ kind: "assign-bay", missionId: "m-2", bufferStationId: "vn.buffer-out-1" }]);
  });

  it("of two lanes is begun for any bay that is free, and for the fullest lane alone while a container asks for one of them", () => {
    const isBehindSecond = (stationId: string) => stationId === "vn.buffer-out-3";
    const twoLanes = {
      ...yard,
      stations: yard.stations.map((one) => (isBehindSecond(one.stationId) ? { ...one, pair: 2 } : one)),
    };
    const vehicles = ["vn.crane-1", "vn.crane-2", "vn.crane-3"].map((at) => vehicle(`at-${at}`, at));
    const begun = (missions: readonly DispatchMission[], change: Partial<DispatchView> = {}) =>
      decide(viewOf(twoLanes, { vehicles, missions, ...change })).commands.filter(
        ({ kind }) => kind === "assign-vehicle",
      ).length;
    const anyLane = ["m-1", "m-2", "m-3"].map((missionId) => wantsVehicle(missionId));
    const oneAsks = [wantsVehicle("m-0", { pair: 1 }), ...anyLane];
    const secondFull = { heldStations: held("vn.buffer-out-3") };
    // One of three cranes loads ahead of the bays.
    expect(begun(anyLane, secondFull)).toBe(2 + 1);
    expect(begun(oneAsks, secondFull)).toBe(0 + 1);
    expect(begun(oneAsks)).toBe(1 + 1);
    const secondShut = { shutPairs: { outbound: new Set([2]), inbound: new Set<number>() } };
    expect(begun(anyLane, secondShut)).toBe(2 + 1);
    expect(begun(oneAsks, secondShut)).toBe(0 + 1);
  });

  it("waits when loaded ones without a bay would take the last crane from unloading", () => {
    const heldStations = held("vn.buffer-out-1", "vn.buffer-out-2", "vn.buffer-out-3");
    const vehicles = [vehicle("a", "vn.parking-1"), vehicle("b", "vn.parking-2")];
    const missions = [wantsVehicle("m-1"), wantsVehicle("m-2")];
    // Of three cranes one may load ahead of the bays.
    const decision = decide(view({ vehicles, missions, heldStations }));
    expect(decision.commands).toMatchObject([{ kind: "assign-vehicle", missionId: "m-1" }]);
    expect(decision.missionReasons.get("m-2")).toEqual({ code: "no-outbound-bay", facts: { bays: 3 } });
    const next = decide(view({ vehicles, missions: [loading("m-0"), ...missions], heldStations }));
    expect(next.commands).toEqual([]);
    expect(codeOf(next, "m-1")).toBe("no-outbound-bay");
  });

  it("waits for the vehicle that is being unloaded at a crane rather than have an idle one come", () => {
    const vehicles = [
      vehicle("idle", "vn.parking-8"),
      vehicle("busy", "vn.crane-1", { missionId: "in-busy", loaded: true }),
    ];
    const heldStations = held("vn.crane-1");
    const seen = (freeAtMs: number, change = {}) =>
      decide(
        view({
          vehicles,
          heldStations,
          missions: [wantsVehicle("m-1", change), unloading("busy", "vn.crane-1", freeAtMs)],
        }),
      );
    expect(seen(60_000).commands).toEqual([]);
    expect(seen(60_000).missionReasons.get("m-1")).toEqual({
      code: "waits-for-vehicle",
      facts: { vehicleId: "busy", untilMs: 60_000 },
    });
    // Not when that takes long, and not when it is urgent or has waited its time.
    const comes = [{ kind: "assign-vehicle", vehicleId: "idle" }];
    expect(seen(900_000).commands).toMatchObject(comes);
    expect(seen(60_000, { priority: 3 }).commands).toMatchObject(comes);
    expect(seen(60_000, { perishable: true }).commands).toMatchObject(comes);
    expect(seen(60_000, { sinceMs: -DEFAULT_RULES.patienceMs }).commands).toMatchObject(comes);
  });

  it("goes on a vehicle that can carry it", () => {
    const vehicles = [
      vehicle("small", "vn.crane-1", { maxLoadKg: 30_000 }),
      vehicle("large", "vn.parking-8"),
    ];
    const heavy = wantsVehicle("m-heavy", { grossKg: 40_000, sinceMs: 5 });
    const light = wantsVehicle("m-light", { priority: 1 });
    const { commands } = decide(view({ vehicles, missions: [light, heavy] }));
    const carried = commands.flatMap((command) =>
      command.kind === "assign-vehicle" ? [`${command.missionId} ${command.vehicleId}`] : [],
    );
    expect(carried.sort()).toEqual(["m-heavy large", "m-light small"]);
    const none = decide(view({ vehicles: vehicles.slice(0, 1), missions: [heavy] }));
    expect(codeOf(none, "m-heavy")).toBe("no-vehicle-fits");
  });

  it("goes on the vehicle that it was promised to, when that costs little more", () => {
    const vehicles = [vehicle("a", "vn.crane-1"), vehicle("b", "vn.crane-2")];
    const missions = [
      wantsVehicle("m-1", { promisedTo: "b" as VehicleId }),
      wantsVehicle("m-2", { promisedTo: "a" as VehicleId }),
    ];
    const { commands } = decide(view({ vehicles, missions }));
    expect(commands).toMatchObject([
      { missionId: "m-1", vehicleId: "b" },
      { missionId: "m-2", vehicleId: "a" },
    ]);
  });

  it("stays when the border is about to close", () => {
    const line = { state: "curtain", untilMs: 7_000 } as const;
    const decision = decide(
      view({ line, vehicles: [vehicle("v", "vn.parking-1")], missions: [wantsVehicle("m-1")] }),
    );
    expect(decision.commands).toEqual([]);
    expect(decision.missionReasons.get("m-1")).toEqual({
      code: "border-closed",
      facts: { line: "curtain", untilMs: 7_000 },
    });
  });

  it.each([
    [{ ours: false }, "not-ours"],
    [{ online: false }, "offline"],
    [{ localised: false }, "not-localised"],
    [{ admitted: false }, "not-admitted"],
    [{ unfit: "has-failed" }, "has-failed"],
    [{ unfit: "in-error" }, "in-error"],
    [{ unfit: "stopped" }, "stopped"],
    [{ shortcomings: "the factsheet does not list pick" }, "not-able"],
    [{ loaded: true }, "loaded"],
    [{ batteryPct: 10 }, "battery-low"],
    [{ batteryPct: 50, charging: true }, "charging"],
    [{ missionId: "m-9" }, "on-mission"],
    [{ movingTo: "vn.parking-3" as StationId }, "moving"],
  ] as const)("is not given a vehicle with %o", (change, reason) => {
    const decision = decide(
      view({ vehicles: [vehicle("v", "vn.parking-1", change)], missions: [wantsVehicle("m-1")] }),
    );
    expect(decision.commands.filter((command) => command.kind === "assign-vehicle")).toEqual([]);
    expect(codeOf(decision, "m-1")).toBe("no-vehicle");
    expect(decision.vehicleReasons.get("v" as VehicleId)?.code).toBe(reason);
  });

  it("of higher priority, then of longer waiting, is served first", () => {
    const missions = [
      wantsVehicle("m-late", { sinceMs: 9 }),
      wantsVehicle("m-early", { sinceMs: 1 }),
      wantsVehicle("m-urgent", { priority: 5, sinceMs: 9 }),
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
    expect(missionReasons.get("m-out")?.code).toBe("no-crane");
  });

  it("at which a vehicle stands idle is vacated when an unloading waits for it", () => {
    const heldStations = held("vn.crane-1", "vn.crane-2");
    const { commands } = decide(
      view({
        vehicles: [vehicle("v", "vn.crane-3")],
        missions: [wantsCrane("in-1"), onItsWay("m-2")],
        heldStations,
      }),
    );
    expect(commands).toMatchObject([{ kind: "park", vehicleId: "v", charge: false }]);
  });

  it("keeps the vehicle that has just unloaded there, while enough others are free or its next container is near", () => {
    const seen = { vehicles: [vehicle("v", "vn.crane-3")] };
    expect(decide(view(seen)).commands).toEqual([]);
    const busy = { ...seen, heldStations: held("vn.crane-1", "vn.crane-2") };
    expect(decide(view(busy)).commands).toMatchObject([{ kind: "park", vehicleId: "v" }]);
    const near = { ...busy, missions: [onItsWay("m-2")] };
    expect(decide(view(near)).commands).toEqual([]);
  });
});

describe("a truck", () => {
  const wantsCall = (missionId: string, callFromMs: number): DispatchMission => ({
    ...demandOf(missionId),
    kind: "wants-call",
    callFromMs,
  });

  it("is called when its slot has come", () => {
    const decision = decide(view({ nowMs: 10, missions: [wantsCall("m-1", 10), wantsCall("m-2", 11)] }));
    expect(decision.commands).toEqual([{ kind: "call-truck", missionId: "m-1" }]);
    expect(decision.missionReasons.get("m-2")).toEqual({ code: "waits-for-slot", facts: { untilMs: 11 } });
  });

  it("is not called into a yard that has as many as it can serve, nor before a closed border", () => {
    const waiting = Array.from({ length: 14 }, (_, i) => wantsCall(`m-${String(i).padStart(2, "0")}`, 0));
    const decision = decide(view({ missions: waiting }));
    expect(decision.commands).toHaveLength(12);
    expect(decision.missionReasons.get("m-13")).toEqual({
      code: "lane-full",
      facts: { trucks: 12, limit: 12 },
    });
    const line = { state: "closed", untilMs: 99 } as const;
    const closed = decide(view({ line, missions: waiting }));
    expect(closed.commands).toEqual([]);
    expect(codeOf(closed, "m-00")).toBe("border-closed");
  });
});

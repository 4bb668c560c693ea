import type { VehicleId } from "@baton/fleet-adapter";
import type { NodeId, StationId } from "@baton/maps";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { miniSite } from "../mission/testing/two-sides.ts";
import { decide } from "./dispatch.ts";
import { DEFAULT_RULES, type DispatchRules } from "./rules.ts";
import { vehicleAt, viewOf } from "./testing/seen.ts";
import type { Coming, DispatchMission, DispatchVehicle, DispatchView } from "./view.ts";
import type { Yard } from "./yard.ts";
import { yardOfSite } from "./yard-of-site.ts";

const mini = yardOfSite(await miniSite(), "vn");
const nodeAt = (stationId: string): NodeId => {
  const nodeId = mini.stations.find((one) => one.stationId === stationId)?.nodeId;
  if (nodeId === undefined) throw new Error(`no stop at ${stationId}`);
  return nodeId;
};
const on = (name: string): NodeId => name as NodeId;

/** Ways as along one road: where each stop and each node is on it, metres. */
function yardAlong(metres: Readonly<Record<string, number>>): Yard {
  const known = new Map(
    Object.entries(metres).map(([name, atM]) => [name.startsWith("vn.") ? nodeAt(name) : name, atM]),
  );
  return {
    ...mini,
    wayM: (from, to) => {
      const [a, b] = [known.get(from), known.get(to)];
      return a === undefined || b === undefined ? undefined : Math.abs(a - b);
    },
  };
}

const yard = yardAlong({
  "vn.crane-1": 0,
  "vn.crane-2": 3_000,
  "vn.crane-3": 6_000,
  "vn.parking-1": 100,
  "vn.parking-2": 2_900,
  "vn.parking-3": 5_900,
  "near 1": 200,
  "near 2": 2_800,
  "near 3": 5_800,
});

const cargo = { grossKg: 20_000, loadLengthM: 12.192, promisedTo: undefined };
const coming = (
  missionId: string,
  vehicleId: string,
  crane: string,
  change: Partial<Coming> = {},
): DispatchMission => ({
  kind: "wants-bay",
  missionId,
  priority: 0,
  sinceMs: 0,
  isLoaded: false,
  coming: {
    ...cargo,
    vehicleId: vehicleId as VehicleId,
    craneStationId: crane as StationId,
    changes: 0,
    notBeforeMs: 0,
    ...change,
  },
});
const waiting = (missionId: string, crane?: string): DispatchMission => ({
  ...cargo,
  kind: "wants-vehicle",
  missionId,
  priority: 0,
  sinceMs: 0,
  dueAtMs: undefined,
  perishable: false,
  ...(crane === undefined ? {} : { craneStationId: crane as StationId }),
});
const onWay = (vehicleId: string, missionId: string, turnsAt: NodeId): DispatchVehicle =>
  vehicleAt(mini, vehicleId, "", { missionId, turnsAt, nodeId: turnsAt, stationId: undefined });
const idleAt = (vehicleId: string, stationId: string): DispatchVehicle =>
  vehicleAt(mini, vehicleId, stationId);

function seen(
  vehicles: readonly DispatchVehicle[],
  missions: readonly DispatchMission[],
  change: Partial<DispatchView> = {},
) {
  const held = new Map<StationId, string>();
  for (const mission of missions) {
    if (mission.kind === "wants-bay" && mission.coming !== undefined)
      held.set(mission.coming.craneStationId, mission.missionId);
    if (mission.kind === "wants-vehicle" && mission.craneStationId !== undefined)
      held.set(mission.craneStationId, mission.missionId);
  }
  return viewOf(yard, { vehicles, missions, heldStations: held, ...change });
}
const commandsOf = (...of: Parameters<typeof seen>) => decide(seen(...of)).commands;
const rules = (change: Partial<DispatchRules>): { rules: DispatchRules } => ({
  rules: { ...DEFAULT_RULES, ...change },
});

/** 5,800 m to go to its crane, at which another one is idle now. */
const far = onWay("far", "m-1", on("near 3"));
const near = idleAt("near", "vn.parking-1");

describe("a vehicle that is far from its container's crane when another one becomes free there", () => {
  it("is sent to a place first; the container is the other one's when it has turned", () => {
    expect(commandsOf([far, near], [coming("m-1", "far", "vn.crane-1")])).toEqual([
      { kind: "park", vehicleId: "far", stationId: "vn.parking-3", charge: false, from: "m-1" },
    ]);
    const turned = vehicleAt(mini, "far", "", {
      movingTo: "vn.parking-3" as StationId,
      turnsAt: on("near 3"),
      nodeId: on("near 3"),
      stationId: undefined,
    });
    expect(commandsOf([turned, near], [waiting("m-1", "vn.crane-1")])).toMatchObject([
      { kind: "assign-vehicle", missionId: "m-1", vehicleId: "near", craneStationId: "vn.crane-1" },
    ]);
  });

  it("keeps it when that does not save enough", () => {
    const [own, other] = [onWay("own", "m-1", on("near 1")), idleAt("other", "vn.parking-1")];
    expect(commandsOf([own, other], [coming("m-1", "own", "vn.crane-1")])).toEqual([]);
    expect(
      commandsOf([far, near], [coming("m-1", "far", "vn.crane-1")], rules({ exchangeGainS: 2_000 })),
    ).toEqual([]);
  });

  it("keeps it when there is no place for it", () => {
    const others = mini.stations
      .filter(
        ({ kind, stationId }) => (kind === "parking" || kind === "charger") && stationId !== "vn.parking-1",
      )
      .map(({ stationId }, i) => vehicleAt(mini, `parked-${i}`, stationId, { online: false }));
    expect(commandsOf([far, near, ...others], [coming("m-1", "far", "vn.crane-1")])).toEqual([]);
  });

  it("keeps it when it is too near to turn, was changed often enough, or could not be sent elsewhere a moment ago", () => {
    const { turnsAt: _granted, ...arriving } = far;
    expect(commandsOf([arriving, near], [coming("m-1", "far", "vn.crane-1")])).toEqual([]);
    const often = { changes: DEFAULT_RULES.exchangesAtMost };
    expect(commandsOf([far, near], [coming("m-1", "far", "vn.crane-1", often)])).toEqual([]);
    const lately = { notBeforeMs: 1 };
    expect(commandsOf([far, near], [coming("m-1", "far", "vn.crane-1", lately)])).toEqual([]);
  });

  it.each([
    ["offline", { online: false }],
    ["loaded", { loaded: true }],
    ["not localised", { localised: false }],
    ["of the partner's", { ours: false }],
    ["low on battery", { batteryPct: 20 }],
  ] as const)("keeps it when it is %s", (_how, change) => {
    expect(commandsOf([{ ...far, ...change }, near], [coming("m-1", "far", "vn.crane-1")])).toEqual([]);
  });

  it("keeps it when the other one cannot carry its container", () => {
    const small = { ...near, maxLoadKg: 10_000 };
    expect(commandsOf([far, small], [coming("m-1", "far", "vn.crane-1")])).toEqual([]);
  });

  it("keeps it while the border takes nothing, and a container that is begun gets one all the same", () => {
    const line = { state: "closed", untilMs: undefined } as const;
    expect(commandsOf([far, near], [coming("m-1", "far", "vn.crane-1")], { line })).toEqual([]);
    expect(commandsOf([near], [waiting("m-1", "vn.crane-1")], { line })).toMatchObject([
      { kind: "assign-vehicle", missionId: "m-1", vehicleId: "near" },
    ]);
  });
});

describe("a container that comes when vehicles are on their way to others", () => {
  const between = onWay("between", "m-1", on("near 2"));

  it("gets the one that is near, whose container waits for one that is nearer to it", () => {
    expect(
      commandsOf([between, near], [coming("m-1", "between", "vn.crane-1"), waiting("m-2")]),
    ).toMatchObject([
      {
        kind: "assign-vehicle",
        missionId: "m-2",
        vehicleId: "between",
        craneStationId: "vn.crane-2",
        from: "m-1",
      },
    ]);
  });

  it("gets the last of a chain, of which each then takes the crane of the next", () => {
    const last = onWay("last", "m-2", on("near 3"));
    const missions = [
      coming("m-1", "between", "vn.crane-1"),
      coming("m-2", "last", "vn.crane-2"),
      waiting("m-3"),
    ];
    expect(commandsOf([between, last, near], missions)).toMatchObject([
      {
        kind: "assign-vehicle",
        missionId: "m-3",
        vehicleId: "last",
        craneStationId: "vn.crane-3",
        from: "m-2",
      },
    ]);
    const then = [
      coming("m-1", "between", "vn.crane-1"),
      waiting("m-2", "vn.crane-2"),
      coming("m-3", "last", "vn.crane-3"),
    ];
    expect(commandsOf([between, { ...last, missionId: "m-3" }, near], then)).toMatchObject([
      {
        kind: "assign-vehicle",
        missionId: "m-2",
        vehicleId: "between",
        craneStationId: "vn.crane-2",
        from: "m-1",
      },
    ]);
  });

  it("gets the idle one where the other way saves too little", () => {
    const dear = rules({ exchangeGainS: 2_000 });
    expect(
      commandsOf([between, near], [coming("m-1", "between", "vn.crane-1"), waiting("m-2")], dear),
    ).toMatchObject([{ kind: "assign-vehicle", missionId: "m-2", vehicleId: "near" }]);
  });
});

describe("two vehicles of which each is nearer to the other's crane", () => {
  it("are left alone: each would need the other's end first", () => {
    const vehicles = [onWay("a", "m-1", on("near 3")), onWay("b", "m-3", on("near 1"))];
    expect(
      commandsOf(vehicles, [coming("m-1", "a", "vn.crane-1"), coming("m-3", "b", "vn.crane-3")]),
    ).toEqual([]);
  });
});

describe("a container whose vehicle has failed on its way", () => {
  const failed = (change: Partial<DispatchVehicle> = {}): DispatchVehicle => ({
    ...onWay("far", "m-1", on("near 3")),
    unfit: "has-failed",
    ...change,
  });
  const commandsFor = (vehicle: DispatchVehicle, change: Partial<Coming> = {}) =>
    commandsOf([vehicle], [coming("m-1", "far", "vn.crane-1", change)], { nowMs: 5_000 });
  const toPlace = { kind: "park", vehicleId: "far", from: "m-1", stationId: "vn.parking-3" };

  it("is rid of it, though no other one is free: that one is to go to a place when it is back at work", () => {
    expect(commandsFor(failed())).toMatchObject([toPlace]);
  });

  it("is rid of it though a person had chosen it, or it was changed as often as may be", () => {
    expect(commandsFor(failed(), { byHand: true })).toMatchObject([toPlace]);
    expect(commandsFor(failed(), { changes: DEFAULT_RULES.exchangesAtMost })).toMatchObject([toPlace]);
  });

  it("keeps it while it may still come to the crane, and when it was refused a moment ago", () => {
    const { turnsAt: _granted, ...near } = failed();
    expect(commandsFor(near)).toEqual([]);
    expect(commandsFor(failed(), { notBeforeMs: 6_000 })).toEqual([]);
  });

  it("keeps one that is only stopped, or in error: that may be over in a moment", () => {
    for (const unfit of ["stopped", "in-error"] as const) expect(commandsFor(failed({ unfit }))).toEqual([]);
  });
});

describe("a container whose vehicle was sent elsewhere", () => {
  it("counts as begun: no more others are, than if it had one", () => {
    const bays = mini.stations.filter(({ kind, bound }) => kind === "buffer" && bound === "outbound");
    const taken = bays.map(({ stationId }, i) => vehicleAt(mini, `in-${i}`, stationId, { online: false }));
    const begun = waiting("m-1", "vn.crane-1");
    // Of three cranes one is used for containers without a bay.
    const decision = decide(seen([...taken, near], [begun, waiting("m-2")]));
    expect(decision.commands).toMatchObject([
      { kind: "assign-vehicle", missionId: "m-1", craneStationId: "vn.crane-1" },
    ]);
    expect(decision.missionReasons.get("m-2")?.code).toBe("no-outbound-bay");
  });

  it("comes before others, however urgent: a crane is kept for it", () => {
    const urgent = { ...waiting("m-2"), priority: 9 };
    expect(commandsOf([near], [waiting("m-1", "vn.crane-1"), urgent])).toMatchObject([{ missionId: "m-1" }]);
    expect(decide(seen([], [waiting("m-1", "vn.crane-1")])).missionReasons.get("m-1")?.code).toBe(
      "no-vehicle",
    );
  });
});

/** Who is bound where, as it would be if every vehicle that is sent elsewhere turned where it is. */
interface Bound {
  readonly vehicles: DispatchVehicle[];
  readonly missions: Map<string, DispatchMission>;
}

/** What is still to come of it: to drive, to cranes and to places, and at cranes to wait. */
function costS({ vehicles, missions }: Bound): number {
  const { paceMps, weights } = DEFAULT_RULES;
  return vehicles.reduce((sum, { turnsAt, movingTo, missionId }) => {
    const mission = missions.get(missionId ?? "");
    const crane = mission?.kind === "wants-bay" ? mission.coming?.craneStationId : undefined;
    const to = movingTo ?? crane;
    if (to === undefined || turnsAt === undefined) return sum;
    const waysS = (yard.wayM(turnsAt, nodeAt(to)) ?? Number.NaN) / paceMps;
    return sum + waysS * (weights.emptyTravel + (crane === undefined ? 0 : weights.waiting));
  }, 0);
}

/** One round, and what comes of it. Returns whether anything did. */
function play({ vehicles, missions }: Bound, change: Partial<DispatchRules>): boolean {
  const { commands } = decide(seen(vehicles, [...missions.values()], rules(change)));
  for (const command of commands) {
    if (command.kind !== "assign-vehicle" && command.kind !== "park") throw new Error(command.kind);
    const at = vehicles.findIndex(({ vehicleId }) => vehicleId === command.vehicleId);
    const vehicle = vehicles[at];
    if (vehicle === undefined) throw new Error(`no ${command.vehicleId}`);
    expect(vehicle.missionId, `${command.vehicleId} is only taken from whose it is`).toBe(command.from);
    const left = missions.get(command.from ?? "");
    if (left?.kind === "wants-bay") {
      expect(left.coming?.changes).toBeLessThan(DEFAULT_RULES.exchangesAtMost);
      expect(vehicle.turnsAt, "nobody is taken who cannot turn").toBeDefined();
      missions.set(left.missionId, waiting(left.missionId, left.coming?.craneStationId));
      changes.set(left.missionId, (changes.get(left.missionId) ?? 0) + 1);
    }
    const { stationId: _left, missionId: _of, movingTo: _to, ...rest } = vehicle;
    const sets = { turnsAt: vehicle.turnsAt ?? vehicle.nodeId ?? on(""), stationId: undefined };
    if (command.kind === "park") {
      vehicles[at] = { ...rest, ...sets, missionId: undefined, movingTo: command.stationId };
    } else {
      const { missionId, craneStationId } = command;
      vehicles[at] = { ...rest, ...sets, missionId, movingTo: undefined };
      missions.set(
        missionId,
        coming(missionId, command.vehicleId, craneStationId, { changes: changes.get(missionId) ?? 0 }),
      );
    }
  }
  const bound = vehicles.flatMap(({ missionId }) => {
    const mission = missions.get(missionId ?? "");
    return mission?.kind === "wants-bay" ? [mission.coming?.craneStationId] : [];
  });
  expect(new Set(bound).size, "no two vehicles are bound for one crane").toBe(bound.length);
  return commands.length > 0;
}
const changes = new Map<string, number>();

/** As dispatch would have it, after as many rounds as it wants. */
function settled(from: Bound, change: Partial<DispatchRules>): Bound {
  const bound = { vehicles: [...from.vehicles], missions: new Map(from.missions) };
  changes.clear();
  let rounds = 0;
  while (play(bound, change)) {
    rounds += 1;
    expect(rounds, "it comes to an end").toBeLessThan(30);
  }
  return bound;
}

const spots = ["near 1", "near 2", "near 3"];
const stands = ["vn.parking-1", "vn.parking-2", "vn.parking-3"];

describe("vehicles that are changed for others on their way", () => {
  it("cost less together than if each had kept its container, by what a change has to save, and it comes to an end", () => {
    let changed = 0;
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...spots), { minLength: 1, maxLength: 3 }),
        fc.shuffledSubarray([0, 1, 2]),
        fc.subarray(stands),
        fc.nat(2),
        (onTheirWay, order, idle, fresh) => {
          const bound: Bound = { vehicles: [], missions: new Map() };
          for (const [i, spot] of onTheirWay.entries()) {
            const crane = (order.concat([0, 1, 2].filter((one) => !order.includes(one)))[i] ?? 0) + 1;
            const missionId = `m-${crane}`;
            bound.vehicles.push(onWay(`v-${i}`, missionId, on(spot)));
            bound.missions.set(missionId, coming(missionId, `v-${i}`, `vn.crane-${crane}`));
          }
          for (const stationId of idle) bound.vehicles.push(idleAt(`at ${stationId}`, stationId));
          for (let i = 0; i < fresh; i++) bound.missions.set(`n-${i}`, waiting(`n-${i}`));
          const without = settled(bound, { exchangesAtMost: 0 });
          const having = settled(bound, {});
          const count = [...changes.values()].reduce((sum, one) => sum + one, 0);
          changed += count;
          const gainS = count * DEFAULT_RULES.exchangeGainS;
          expect(costS(having) + gainS).toBeLessThanOrEqual(costS(without) + 1e-6);
          const served = ({ missions }: Bound) =>
            [...missions.values()].filter(({ kind }) => kind === "wants-bay").length;
          expect(served(having)).toBe(served(without));
        },
      ),
      { numRuns: 1000 },
    );
    expect(changed, "containers that were given another vehicle").toBeGreaterThan(50);
  });
});

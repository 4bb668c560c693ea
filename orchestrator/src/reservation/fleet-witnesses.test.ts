import { type FleetEvent, manualClock, type VehicleId, type VehicleRecord } from "@baton/fleet-adapter";
import type { EdgeId, NodeId, Side } from "@baton/maps";
import { expect, test } from "vitest";
import { createFleetWitnesses } from "./fleet-witnesses.ts";
import { type Account, WitnessesAway } from "./port.ts";

type State = NonNullable<VehicleRecord["state"]>;

interface Behaviour {
  /** How it answers a request: with a state that shows it, with one that does not, or not at all. */
  readonly answers: "shown" | "plain" | "never";
  readonly authority?: Side;
  readonly located?: boolean;
  readonly online?: boolean;
}

/** A fleet of vehicles that stand at `r1` with an edge before them, and the clock that they live by. */
function fleetOf(vehicles: Readonly<Record<string, Behaviour>>, undelivered: readonly string[] = []) {
  const clock = manualClock(1_000_000);
  const listeners = new Set<(event: FleetEvent) => void>();
  const records = new Map<VehicleId, VehicleRecord>();
  const asked: string[] = [];
  let probes = 0;
  const say = (event: FleetEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const stateOf = (vehicleId: VehicleId, { authority = "vn", located = true }: Behaviour): State => ({
    vehicleId,
    atMs: clock.nowMs(),
    pose: located ? { xM: 1, yM: 2, headingRad: 0 } : undefined,
    speedMps: 0,
    driving: false,
    pausedBy: [],
    orderId: "leg-7" as never,
    orderRevision: 0,
    lastNodeId: "r1" as NodeId,
    lastNodeSequence: 0,
    nodesAhead: 1,
    releasedNodeIds: ["r2" as NodeId],
    releasedEdgeIds: ["r1>r2" as EdgeId],
    plannedAhead: 0,
    batteryPct: 50,
    charging: false,
    loadIds: [],
    operatingMode: "automatic",
    emergencyStop: false,
    control: { authority, epoch: 1 },
    errors: [],
  });
  const report = (vehicleId: VehicleId, behaviour: Behaviour): void => {
    const state = stateOf(vehicleId, behaviour);
    const connection = behaviour.online === false ? ("offline" as const) : ("online" as const);
    records.set(vehicleId, { vehicleId, connection, factsheet: undefined, state });
    say({ kind: "state", vehicleId, state });
  };
  for (const [name, behaviour] of Object.entries(vehicles)) report(name as VehicleId, behaviour);
  const witnesses = createFleetWitnesses({
    side: "vn",
    timers: clock,
    nextId: () => `probe-${++probes}`,
    fleetIsUp: async () => {},
    hasAllTold: ({ vehicleId }) => !undelivered.includes(vehicleId),
    fleet: {
      vehicles: () => records,
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      instruct: (vehicleId, { actionId }) => {
        asked.push(vehicleId);
        const behaviour = vehicles[vehicleId];
        if (behaviour === undefined || behaviour.answers === "never") return;
        clock.after(50, () => {
          report(vehicleId, behaviour);
          if (behaviour.answers !== "shown") return;
          const atMs = clock.nowMs();
          say({ kind: "actionChanged", vehicleId, actionId, status: "finished", detail: "", atMs });
        });
      },
    },
  });
  /** Asks, and lets the world go on until all is said. Also how long that took. */
  const accounts = async (
    known: readonly string[],
  ): Promise<{ said: readonly Account[]; tookMs: number }> => {
    const begunMs = clock.nowMs();
    let done = false;
    const answer = witnesses.accounts(known.map((name) => name as VehicleId)).finally(() => {
      done = true;
    });
    answer.catch(() => {});
    while (!done) {
      clock.advance(50);
      for (let i = 0; i < 5; i++) await Promise.resolve();
    }
    return { said: await answer, tookMs: clock.nowMs() - begunMs };
  };
  return { accounts, asked };
}

test("a vehicle that shows the request in its state is believed at once, with what it is released to drive", async () => {
  const { accounts } = fleetOf({ "sim.vn-01": { answers: "shown" } });
  const { said, tookMs } = await accounts(["sim.vn-01"]);
  expect(said).toMatchObject([
    {
      vehicleId: "sim.vn-01",
      legId: "leg-7",
      lastNodeId: "r1",
      releasedEdgeIds: ["r1>r2"],
      releasedNodeIds: ["r2"],
      isOrderDone: false,
      confirmedProbe: true,
    },
  ]);
  expect(tookMs).toBeLessThan(2_500);
});

test("a vehicle that does not show requests is believed only when what was on its way has surely come", async () => {
  const { accounts } = fleetOf({ "sim.vn-01": { answers: "plain" } });
  const { said, tookMs } = await accounts(["sim.vn-01"]);
  expect(said).toHaveLength(1);
  expect(tookMs).toBeGreaterThanOrEqual(3_000);
});

test("one that is silent, not located, has not got all it was told, or answers to the other side is left out", async () => {
  const { accounts } = fleetOf(
    {
      "sim.well": { answers: "shown" },
      "sim.silent": { answers: "never" },
      "sim.lost": { answers: "shown", located: false },
      "sim.behind": { answers: "shown" },
      "sim.guest": { answers: "shown", authority: "cn" },
    },
    ["sim.behind"],
  );
  const { said } = await accounts(["sim.well", "sim.silent", "sim.lost", "sim.behind", "sim.guest"]);
  expect(said.map(({ vehicleId }) => vehicleId)).toEqual(["sim.well"]);
});

test("vehicles on the broker that the ledger does not know are asked too, those of the other side are not", async () => {
  const { accounts, asked } = fleetOf({
    "sim.new": { answers: "shown" },
    "sim.theirs": { answers: "shown", authority: "cn" },
    "sim.parted": { answers: "never", online: false },
  });
  const { said } = await accounts([]);
  expect(said.map(({ vehicleId }) => vehicleId)).toEqual(["sim.new"]);
  expect(new Set(asked)).toEqual(new Set(["sim.new"]));
});

test("when not one of several answers nobody is taken for silent: it is to be asked again", async () => {
  const { accounts } = fleetOf({ "sim.a": { answers: "never" }, "sim.b": { answers: "never" } });
  await expect(accounts(["sim.a", "sim.b"])).rejects.toBeInstanceOf(WitnessesAway);
});

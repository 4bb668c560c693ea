import { type FleetEvent, manualClock, type VehicleId, type VehicleState } from "@baton/fleet-adapter";
import { expect, test } from "vitest";
import { stateAsked } from "./state-asked.ts";
import { standingVehicle } from "./testing/standing-vehicle.ts";

const vehicleId = "sim.vn-01" as VehicleId;

/** Asks a vehicle that drives and says so 50 ms after each question; what was on its way before says that it stands. */
async function asked(answers: "shown" | "plain" | "never"): Promise<VehicleState | undefined> {
  const clock = manualClock(1_000_000);
  let tell = (_: FleetEvent): void => {};
  let state = stateOf(false);
  let isSaid = false;
  let probes = 0;
  const say = (driving: boolean): void => {
    state = stateOf(driving);
    tell({ kind: "state", vehicleId, state });
  };
  const answer = stateAsked(
    {
      timers: clock,
      nextId: () => `probe-${++probes}`,
      fleet: {
        vehicles: () =>
          new Map([[vehicleId, { vehicleId, connection: "online" as const, factsheet: undefined, state }]]),
        subscribe: (listener) => {
          tell = listener;
          return () => {
            tell = () => {};
          };
        },
        instruct: (_, { actionId }) => {
          if (answers === "never") return;
          clock.after(50, () => {
            say(true);
            const atMs = clock.nowMs();
            if (answers === "shown")
              tell({ kind: "actionChanged", vehicleId, actionId, status: "finished", detail: "", atMs });
          });
        },
      },
    },
    vehicleId,
  ).finally(() => {
    isSaid = true;
  });
  if (answers !== "never") say(false);
  while (!isSaid) {
    clock.advance(50);
    for (let i = 0; i < 5; i++) await Promise.resolve();
  }
  return answer;

  function stateOf(driving: boolean): VehicleState {
    return standingVehicle(vehicleId, { atMs: clock.nowMs(), driving });
  }
}

test("a state that was on its way when the vehicle was asked is not taken for its answer", async () => {
  expect(await asked("shown")).toMatchObject({ driving: true });
});

test("a vehicle that does not show requests is asked again, and what it says then counts", async () => {
  expect(await asked("plain")).toMatchObject({ driving: true, atMs: 1_001_550 });
});

test("a vehicle that does not answer is not waited for without end", async () => {
  expect(await asked("never")).toBeUndefined();
});

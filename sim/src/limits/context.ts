import { capacityPerHour, type Side, type Site } from "@baton/maps";
import type { Procedure } from "@baton/orchestrator/rooms";
import type { Scenario } from "../scenario/scenario.ts";
import type { Defaults } from "../scenario/scenario-file.ts";
import { type Following, stretchesOf } from "./exchange.ts";
import type { SideLane } from "./side-lane.ts";
import { lengthOfM, runsAlong, type Way } from "./way.ts";

/** Everything that limits are worked out from. */
export interface LimitInputs {
  readonly site: Site;
  readonly vehicleClassId: string;
  readonly procedures: readonly Procedure[];
  readonly times: Pick<Defaults, "serviceTimes" | "handover" | "channels" | "faults">;
  /** People, fleet and load, where a scenario says them. */
  readonly scenario?: Scenario | undefined;
  /** Scenarios of the same site whose days are to be told. */
  readonly targets: readonly Scenario[];
}

/** The same with what follows from it once for all lanes. */
export interface Context extends LimitInputs {
  readonly following: Following;
  /** One pair of unmanned lanes on each side, out and in. */
  readonly lanes: Readonly<Record<Side, { readonly outbound: SideLane; readonly inbound: SideLane }>>;
}

/** What is done to a container on one side, as the procedure in force says. */
export function stepsOf(context: Context, side: Side, bound: "outbound" | "inbound"): ReadonlySet<string> {
  const versions = context.procedures.filter(
    (one) => one.side === side && one.bound === bound && one.carries === undefined,
  );
  const latest = versions.reduce(
    (a, b) => (b.version > a.version ? b : a),
    versions[0] ?? { steps: [], version: 0 },
  );
  return new Set(latest.steps.map((rule) => rule.step));
}

/** The run of a way that passes fewest vehicles an hour at the road's speed (`capacityPerHour` of maps). */
export function followingPerHour(context: Context, way: Way, blockLengthM?: number): number {
  const { following } = context;
  return Math.min(
    ...runsAlong(way).map((run) =>
      capacityPerHour({
        blockLengthM: blockLengthM ?? lengthOfM(run),
        speedMps: Math.min(...stretchesOf(run, following).map((stretch) => stretch.limitMps)),
        vehicleAndGapM: following.vehicleLengthM + following.gapM,
        brakingMps2: following.brakingMps2,
        latencyS: following.latencyS,
      }),
    ),
  );
}

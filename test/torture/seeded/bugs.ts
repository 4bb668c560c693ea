import type { Network } from "@baton/maps";
import { DEFAULT_SETTINGS } from "../../../orchestrator/src/reservation/core/kinematics.ts";
import type { FindingKind } from "../findings.ts";
import { FAIR_WEATHER, type TrialPlan, type Weather } from "../trial-plan.ts";
import type { Mutation } from "./mutate.ts";
import { boundaryBlocksTwice, clearancesOfAShorterBody } from "./network-faults.ts";

/** A fault put into a copy of the product, or into what it is told of the ground; and what must be found of it. */
export interface SeededBug {
  readonly what: string;
  readonly mutations?: readonly Mutation[];
  readonly network?: (network: Network) => Network;
  /** Where it shows. */
  readonly layout: string;
  readonly weather?: Partial<Weather>;
  readonly settings?: TrialPlan["settings"];
  readonly tickMs?: number;
  readonly reportEvery?: number;
  /** The first of these that is seen ends the hunt; anything else is a wrong finding. */
  readonly shows: readonly FindingKind[];
}

/** The product's own second and third checks of who holds what, out of the way, so that the fault reaches the ground. */
const NETS_CUT: readonly Mutation[] = [
  {
    file: "core/claims.ts",
    find: `throw new Error(\`bug: block \${block} of \${holder.vehicleId} would go to \${vehicle.vehicleId}\`);`,
    put: "void 0;",
  },
  { file: "core/tick.ts", find: "  checkInvariants(zone);", put: "  void checkInvariants;" },
  {
    file: "ledger/model.ts",
    find: 'if (heldBy !== undefined && heldBy !== vehicleId) return { kind: "held", blockId, heldBy };',
    put: "",
  },
  {
    file: "ledger/model.ts",
    find: 'if (heldBy !== vehicleId) return { kind: "not-holder", blockId, heldBy };',
    put: "",
  },
];

const ROUGH: Partial<Weather> = { slowest: 5, stops: 0.003, stopMs: 30_000 };

export const SEEDED_BUGS: Readonly<Record<string, SeededBug>> = {
  "grant-without-release-check": {
    what: "a claim becomes a grant although another vehicle is before it",
    mutations: [
      ...NETS_CUT,
      { file: "core/grant.ts", find: "blocker(zone, vehicle, leg) !== undefined;", put: "false;" },
    ],
    layout: "gate",
    weather: ROUGH,
    shows: [
      "ground-taken-ahead",
      "stream-contradicts-itself",
      "overlapping-grants",
      "collision",
      "off-its-ground",
    ],
  },
  "order-in-a-circle": {
    what: "two claims change places without a look at what follows from it",
    mutations: [
      // The product would see the circle in its times, and halt: here it goes on, as a peer without that check would.
      { file: "core/retime.ts", find: "if (--left < 0) {", put: "left -= 3000;\n    if (left < 0) {" },
      {
        file: "core/retime.ts",
        find: `throw new Error(\`bug: the order of claims has a cycle through \${vehicle.vehicleId}\`);`,
        put: "return;",
      },
      {
        file: "core/tick.ts",
        find: "  checkInvariants(zone);",
        put: `  for (const queue of zone.claims.queues as any) {
    const [b, a] = [queue.at(-1), queue.at(-2)];
    const free = (visit: any) => visit !== undefined && visit.first >= (visit.vehicle.leg?.grantedRuns ?? 0) && visit.clearAtM !== Infinity;
    if (zone.tick % 20 !== 0 || !free(a) || !free(b) || a.vehicle === b.vehicle) continue;
    queue.splice(-2, 2, b, a);
  }
  checkInvariants(zone);`,
      },
    ],
    layout: "streets",
    weather: ROUGH,
    settings: { switching: { ...DEFAULT_SETTINGS.switching, jump: false, replansPerTick: 0 } },
    shows: ["deadlock", "restricted-deadlock"],
  },
  "epoch-not-checked": {
    what: "the ledger takes commits of whoever sends them",
    mutations: [
      {
        file: "ledger/model.ts",
        find: 'if (commit.epoch !== state.epoch) return { kind: "stale-leader", epoch: state.epoch };',
        put: "",
      },
    ],
    layout: "loop",
    weather: { newLeaders: 0.02 },
    shows: ["stale-leader-accepted"],
  },
  "tail-released-early": {
    what: "ground is freed four metres before the tail has left it",
    mutations: [
      {
        file: "core/release.ts",
        find: "leg.progressM - zone.settings.positionUncertaintyM;",
        put: "leg.progressM + 4;",
      },
    ],
    layout: "streets",
    shows: ["off-its-ground", "collision", "near-miss"],
  },
  "boundary-blocks-in-two-zones": {
    what: "ground at a boundary is granted by each of two zones, under a name of its own",
    network: boundaryBlocksTwice,
    layout: "knot",
    weather: ROUGH,
    shows: ["overlapping-grants", "collision", "off-its-ground"],
  },
  "clearances-of-a-shorter-body": {
    what: "the layout was compiled for a shorter vehicle than drives on it",
    network: clearancesOfAShorterBody,
    layout: "loop",
    shows: ["off-its-ground", "collision", "overlapping-grants", "near-miss"],
  },
  "own-tail-freed": {
    what: "a path comes back over its own tail, and the end of the first visit frees the ground of the second",
    mutations: [
      ...NETS_CUT,
      {
        file: "core/claims.ts",
        find: "for (const other of queue) if (other.vehicle === visit.vehicle && isGranted(other)) return;",
        put: "",
      },
    ],
    layout: "knot",
    // Grants that reach far enough ahead to be around the loop before the tail has left the crossing.
    weather: { slowest: 1 },
    settings: { roundTripMs: 2500 },
    tickMs: 1000,
    shows: ["ground-taken-ahead", "off-its-ground", "overlapping-grants"],
  },
  "report-off-the-way-believed": {
    what: "a report from somewhere else moves the vehicle on its way",
    mutations: [{ file: "core/progress.ts", find: "  if (!believed) return;\n", put: "" }],
    layout: "loop",
    weather: { wildReports: 0.02 },
    shows: ["off-its-ground", "ground-taken-ahead", "overlapping-grants", "collision"],
  },
  "released-by-a-timer": {
    what: "a vehicle that is silent for ten seconds is taken to have driven on",
    mutations: [
      {
        file: "core/tick.ts",
        find: "    releaseBehind(zone, vehicle);",
        put: `    const silentMs = input.tick * zone.settings.tickMs - (vehicle.observed?.atMs ?? Infinity);
    if (silentMs > 10_000 && vehicle.leg !== undefined) {
      const endM = vehicle.leg.poseAtM[vehicle.leg.grantedRuns] ?? 0;
      (vehicle.leg as any).progressM = Math.min(endM, vehicle.leg.progressM + 1);
    }
    releaseBehind(zone, vehicle);`,
      },
    ],
    layout: "streets",
    weather: { silences: 0.01, stops: 0.005, stopMs: 60_000 },
    shows: ["released-in-silence", "off-its-ground"],
  },
  "told-before-commit": {
    what: "vehicles hear of a tick before the ledger has it",
    mutations: [
      {
        file: "service.ts",
        find: "    const unchanged = isEmptyChange(outcome.change);",
        put: "    confirmTick(this.#zone);\n    this.#telling.committed(this.#zone);\n    const unchanged = isEmptyChange(outcome.change);",
      },
    ],
    layout: "loop",
    shows: ["told-without-grant"],
  },
  "repeated-report-drives-on": {
    what: "the same report twice counts as a second's more driving",
    mutations: [
      {
        file: "core/progress.ts",
        find: "  leg.progressM = Math.max(leg.progressM, found.alongM);",
        put: `  const againM = found.alongM + (sinceMs === 0 ? 2 * observation.speedMps : 0);
  leg.progressM = Math.max(leg.progressM, Math.min(againM, numberAt(leg.poseAtM, leg.grantedRuns)));`,
      },
    ],
    layout: "loop",
    weather: { repeatedReports: 0.3 },
    reportEvery: 5,
    shows: ["off-its-ground", "collision", "near-miss"],
  },
  "closure-ignored": {
    what: "a closure sends vehicles away from closed ground, and lets them come again",
    mutations: [
      {
        file: "core/closures.ts",
        find: "for (const block of blocks) zone.closedCount[block] = at(zone.closedCount, block) + 1;",
        put: "",
      },
    ],
    layout: "loop",
    weather: { closures: 0.02 },
    shows: ["granted-while-closed"],
  },
  "now-or-never-comes-later": {
    what: "a way elsewhere that was for now or never is kept until the vehicle has come to its old end",
    mutations: [
      {
        file: "core/planning.ts",
        find: "  if (pending.request.orNever === true) {",
        put: "  if (false) {",
      },
      {
        file: "core/planning.ts",
        find: 'if (pending?.request.orNever !== true) return { kind: "waits"',
        put: 'if (true) return { kind: "waits"',
      },
      {
        file: "core/planning.ts",
        find: "if (request.orNever === true && !isUnderWay(vehicle)",
        put: "if (false && !isUnderWay(vehicle)",
      },
    ],
    layout: "gate",
    weather: { turns: 0.02 },
    shows: ["port-broken"],
  },
};

/** The weather in which a bug is looked for: fair but for what it needs. */
export function weatherFor(bug: SeededBug): Weather {
  return { ...FAIR_WEATHER, slowest: 2, ...bug.weather };
}

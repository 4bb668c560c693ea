import { SIDES } from "@baton/maps";
import type { Step } from "@baton/orchestrator/contract";
import { type Body, overlapsOf } from "../fast/oracle.ts";
import type { LoadPath } from "../line-crane/line-crane.ts";
import type { Vehicle } from "../vehicle/vehicle.ts";
import type { MissionsHeard } from "./missions-heard.ts";
import { type MissionRun, type SafetyFindings, STUCK_MS } from "./record.ts";
import { giverOf, takerOf } from "./sides.ts";

/** More pairs than this say nothing that these did not. */
const MAX_OVERLAPS = 1_000;

/** Steps in which a vehicle has a way to go, and nobody else's answer to wait for. */
const ON_ITS_WAY: ReadonlySet<Step> = new Set([
  "drive-to-crane",
  "identify",
  "weigh",
  "scan",
  "drive-to-buffer",
  "drive-to-hold",
  "cross",
  "guard-entry",
  "drive-to-yard",
]);

/** Steps during which a container is on the deck of its mission's vehicle, whatever happens. */
const ON_DECK: ReadonlySet<Step> = new Set([
  "arm-seal",
  "identify",
  "weigh",
  "scan",
  "drive-to-buffer",
  "verdict",
  "quarantine",
  "decision",
  "inspection",
  "offer",
  "guard-exit",
  "drive-to-hold",
  "handoff",
  "cross",
  "accept",
  "guard-entry",
  "drive-to-yard",
]);

/** Steps in which a container that a crane sets over may be on either side's vehicle, or under the crane. */
const UNDER_CRANE: ReadonlySet<Step> = new Set(["handoff", "cross", "accept"]);

/** How much of what must never happen was seen. */
export function findingsIn({ overlaps, underLoad = [], stuck, unaccounted }: SafetyFindings): number {
  return overlaps.length + underLoad.length + stuck.length + unaccounted.length;
}

/** What must never happen, looked for in the world as it truly is. */
export class SafetyWatch {
  readonly #overlaps: SafetyFindings["overlaps"] = [];
  readonly #underLoad: NonNullable<SafetyFindings["underLoad"]> = [];
  readonly #pairs = new Set<string>();
  readonly #movedMs = new Map<string, number>();

  /** The bodies at one instant. */
  look(bodies: readonly Body[], atMs: number): void {
    for (const { first, second } of overlapsOf(bodies)) {
      const pair = first < second ? `${first} ${second}` : `${second} ${first}`;
      if (this.#pairs.has(pair) || this.#overlaps.length >= MAX_OVERLAPS) continue;
      this.#pairs.add(pair);
      this.#overlaps.push({ atMs, first, second });
    }
  }

  /** Who is below what a crane carries over the line; at the pads, somebody has to be. */
  lookBelow(craneId: string, path: LoadPath | undefined, bodies: readonly Body[], atMs: number): void {
    if (path === undefined) return;
    const ground = loadGround(craneId, path);
    for (const { vehicleId } of bodies.filter((body) => overlapsOf([ground, body]).length > 0)) {
      if (this.#underLoad.some((one) => one.vehicleId === vehicleId && one.craneId === craneId)) continue;
      this.#underLoad.push({ atMs, vehicleId, craneId });
    }
  }

  /** A vehicle moves, or has no reason to. */
  moved(vehicleId: string, atMs: number): void {
    this.#movedMs.set(vehicleId, atMs);
  }

  /** What is wrong, at the end of a run. */
  findings(
    vehicles: readonly { readonly vehicleId: string; readonly vehicle: Vehicle }[],
    cranes: readonly { readonly craneId: string; readonly carries: string | undefined }[],
    missions: MissionsHeard,
    endMs: number,
  ): SafetyFindings {
    return {
      overlaps: [...this.#overlaps],
      underLoad: [...this.#underLoad],
      stuck: vehicles.flatMap(({ vehicleId }) => this.#stuck(vehicleId, missions, endMs)),
      unaccounted: [
        ...twice(vehicles, cranes),
        ...SIDES.flatMap((side) => [...missions.open(side)]).flatMap((view) =>
          view.mode === "container-transfers" && UNDER_CRANE.has(view.step)
            ? nowhere(view, vehicles, cranes)
            : offDeck(view, vehicles),
        ),
        ...neverTaken(missions.runs()),
      ],
    };
  }

  #stuck(vehicleId: string, missions: MissionsHeard, endMs: number): SafetyFindings["stuck"] {
    const movedMs = this.#movedMs.get(vehicleId) ?? Number.NEGATIVE_INFINITY;
    const view = missions
      .of(vehicleId)
      .find(({ status, step }) => status === "running" && ON_ITS_WAY.has(step));
    if (view === undefined) return [];
    const sinceMs = Math.max(movedMs, view.stepSinceMs);
    if (endMs - sinceMs < STUCK_MS) return [];
    return [{ vehicleId, sinceMs, why: `${view.side} mission ${view.missionId} in ${view.step}` }];
  }
}

/** A forty-foot container hangs across the crane's way (ISO 668), as it stood on its vehicle. */
const LOAD_ACROSS_M = 12.192;
/** Whoever comes to a pad or leaves it turns off this near to its middle: nearer, somebody may be below. */
const AT_PAD_M = 5;

/** The ground between the pads that a container passes above, as if it were a body. */
function loadGround(craneId: string, { from, to }: LoadPath): Body {
  return {
    vehicleId: craneId,
    xM: (from.xM + to.xM) / 2,
    yM: (from.yM + to.yM) / 2,
    headingRad: Math.atan2(to.yM - from.yM, to.xM - from.xM),
    lengthM: Math.hypot(to.xM - from.xM, to.yM - from.yM) - 2 * AT_PAD_M,
    widthM: LOAD_ACROSS_M,
  };
}

type Vehicles = Parameters<SafetyWatch["findings"]>[0];
type Cranes = Parameters<SafetyWatch["findings"]>[1];

function twice(vehicles: Vehicles, cranes: Cranes): SafetyFindings["unaccounted"] {
  const decks = new Map<string, string>();
  for (const { craneId, carries } of cranes) if (carries !== undefined) decks.set(carries, craneId);
  return vehicles.flatMap(({ vehicleId, vehicle: { deck } }) => {
    if (deck === undefined) return [];
    const other = decks.get(deck);
    decks.set(deck, vehicleId);
    return other === undefined ? [] : [{ containerNo: deck, detail: `on ${other} and on ${vehicleId}` }];
  });
}

function offDeck(
  { containerNo, vehicleId, step, side, missionId, mode, bound }: ReturnType<MissionsHeard["of"]>[number],
  vehicles: Vehicles,
): SafetyFindings["unaccounted"] {
  if (containerNo === undefined || vehicleId === undefined || !ON_DECK.has(step)) return [];
  // A visitor crosses with it, and comes home without.
  if (mode === "host-grants" && bound === "outbound" && step === "cross") return [];
  const carrier = vehicles.find((one) => one.vehicleId === vehicleId)?.vehicle;
  if (carrier === undefined || carrier.deck === containerNo) return [];
  return [{ containerNo, detail: `not on ${vehicleId}, though ${side} mission ${missionId} is in ${step}` }];
}

/** Where a crane sets it over, a container is on either vehicle or hangs between them. */
function nowhere(
  { containerNo, step, side, missionId }: ReturnType<MissionsHeard["of"]>[number],
  vehicles: Vehicles,
  cranes: Cranes,
): SafetyFindings["unaccounted"] {
  if (containerNo === undefined) return [];
  const isSomewhere =
    vehicles.some(({ vehicle }) => vehicle.deck === containerNo) ||
    cranes.some(({ carries }) => carries === containerNo);
  if (isSomewhere) return [];
  return [
    {
      containerNo,
      detail: `on no vehicle and under no crane, though ${side} mission ${missionId} is in ${step}`,
    },
  ];
}

/** Containers that one side has sent over the line and the other knows nothing of. */
function neverTaken(runs: readonly MissionRun[]): SafetyFindings["unaccounted"] {
  const taken = new Set(
    runs.filter(({ bound }) => bound === "inbound").map(({ side, containerNo }) => `${side} ${containerNo}`),
  );
  return runs.flatMap(({ bound, status, direction, containerNo }) => {
    if (bound !== "outbound" || status !== "done" || containerNo === undefined) return [];
    const taker = takerOf(direction);
    if (taken.has(`${taker} ${containerNo}`)) return [];
    return [{ containerNo, detail: `left ${giverOf(direction)}, and ${taker} has no mission for it` }];
  });
}

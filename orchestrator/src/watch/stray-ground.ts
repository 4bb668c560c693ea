import type { Factsheet, VehicleId, VehicleState } from "@baton/fleet-adapter";
import type { EdgeId, Network, Pose, Side } from "@baton/maps";
import type { Alarms } from "../alarms/port.ts";
import type { AlarmFacts } from "../contract/index.ts";
import type { Closure, ClosureId, Reservation } from "../reservation/port.ts";

/** How long a vehicle of this side may be here before it has its place: that takes a tick or two, and it is asked for anew every 5 s. */
const GRACE_MS = 15_000;
/** Between a body and what drives past it, beside what the layout keeps. */
const MARGIN_M = 1;
/** Along a body, one place is looked at every so often. */
const STEP_M = 2;
/** Closures that stand for one vehicle at most; one that drives about with nobody's leave is a case for a stop of all. */
const MAX_CLOSURES = 20;

export interface StrayGroundRooms {
  readonly side: Side;
  readonly network: Network;
  /** The largest body that may be on this ground: of a vehicle that has not said how large it is. */
  readonly body: { readonly lengthM: number; readonly widthM: number };
  readonly reservation: Pick<Reservation, "isAdmitted" | "close" | "outOfUse" | "decided">;
  readonly alarms: Alarms;
}

export interface StrayGround {
  /**
   * Those who admit vehicles are at work, so that one without a place has been refused one: from now on it is looked. Ground that was
   * closed for a stray before a restart has its alarm again.
   */
  begin(): void;
  /** A vehicle reports where it is. */
  look(state: VehicleState, factsheet: Factsheet | undefined, nowMs: number): void;
  /** A report of an admitted vehicle did not fit its way. */
  offPath(vehicleId: VehicleId): void;
  /** It fits again, or the vehicle is granted on. */
  onPath(vehicleId: VehicleId): void;
  /**
   * After each tick, so that no closure stands and is opened again unseen: an alarm ends when a person has opened its ground.
   */
  settle(): void;
}

const STRAYS = {
  "off-way": "which is not on its way",
  unknown: "and nobody knows it: it has no control register",
  "no-place": "and has no place of its own",
} as const;

const STRAY = "stray:";

interface Stray {
  /** Since when it is where it should not be, as far as reports go; nothing while it is not, and ground is closed for it still. */
  sinceMs: number | undefined;
  /** Whether all is decided that was asked for it in its time of grace: a ledger that is away has refused it nothing yet. */
  verdict: "not-asked" | "asked" | "decided";
  /** Edges closed for it, by closure; told to the zone, taken in by it or not yet. */
  readonly closed: Map<ClosureId, { readonly edgeIds: ReadonlySet<EdgeId>; wasSeen: boolean }>;
  /** Where a person said that the ground is free: not closed again for the same report. */
  readonly confirmed: Set<EdgeId>;
}

/**
 * A vehicle that nobody knows, or that reports a place which is not its own, is never assumed away: the roads past the
 * place that it reports are closed, beside all that it holds, and only a person opens them, who has looked. Vehicles
 * that answer to the partner are the hand-off's affair.
 */
export function strayGround(rooms: StrayGroundRooms): StrayGround {
  const { network, reservation, alarms } = rooms;
  const strays = new Map<VehicleId, Stray>();
  const isOffPath = new Set<VehicleId>();
  let hasBegun = false;

  const strayOf = (vehicleId: VehicleId): Stray => {
    const known = strays.get(vehicleId);
    if (known !== undefined) return known;
    const stray: Stray = {
      sinceMs: undefined,
      verdict: "not-asked",
      closed: new Map(),
      confirmed: new Set(),
    };
    strays.set(vehicleId, stray);
    return stray;
  };

  /** It is where it should be. Closed ground stays closed until a person opens it. */
  const noStray = (vehicleId: VehicleId): void => {
    const stray = strays.get(vehicleId);
    if (stray === undefined) return;
    stray.sinceMs = undefined;
    stray.verdict = "not-asked";
    if (stray.closed.size === 0) strays.delete(vehicleId);
  };

  /** Whether a vehicle that reports itself here and has no place of its own was refused one. */
  const isRefused = (stray: Stray, sinceMs: number, nowMs: number): boolean => {
    if (stray.verdict === "not-asked" && nowMs - sinceMs >= GRACE_MS) {
      stray.verdict = "asked";
      void reservation.decided().then(() => {
        if (stray.sinceMs === sinceMs) stray.verdict = "decided";
      });
    }
    return stray.verdict === "decided";
  };

  const closures = (): readonly Closure[] => reservation.outOfUse().closures;

  /** Of a name that is not taken: that of ground closed before a restart would be taken for this. */
  const nextClosure = (vehicleId: VehicleId, stray: Stray): ClosureId => {
    const standing = new Set(closures().map(({ closureId }) => closureId));
    for (let count = stray.closed.size + 1; ; count++) {
      const closureId = `${STRAY}${vehicleId}:${count}` as ClosureId;
      if (!stray.closed.has(closureId) && !standing.has(closureId)) return closureId;
    }
  };

  const raise = (vehicleId: VehicleId, said: string, closureId: ClosureId, facts: AlarmFacts): void =>
    alarms.raise({
      alarmId: `vehicle.stray:${vehicleId}`,
      code: "vehicle.stray",
      detail: `${said}. The ground there is closed (${closureId}): look where the vehicle is, bring it to a stop of the network or take it away, then open the ground`,
      facts,
      priority: "critical",
      vehicleId,
    });

  const close = (
    vehicleId: VehicleId,
    stray: Stray,
    pose: Pose,
    body: Body,
    cause: keyof typeof STRAYS,
  ): void => {
    const why = STRAYS[cause];
    const isKnown = (edgeId: EdgeId): boolean =>
      stray.confirmed.has(edgeId) || [...stray.closed.values()].some(({ edgeIds }) => edgeIds.has(edgeId));
    const edgeIds = edgesUnder(network, pose, body, rooms.body).filter((edgeId) => !isKnown(edgeId));
    if (edgeIds.length === 0 || stray.closed.size >= MAX_CLOSURES) return;
    const closureId = nextClosure(vehicleId, stray);
    stray.closed.set(closureId, { edgeIds: new Set(edgeIds), wasSeen: false });
    const at = `(${pose.xM.toFixed(1)}, ${pose.yM.toFixed(1)})`;
    reservation.close({ closureId, edgeIds, reason: `${vehicleId} reports itself at ${at}: ${why}` });
    raise(vehicleId, `at ${at}, ${why}`, closureId, { cause, xM: pose.xM, yM: pose.yM });
  };

  return {
    begin() {
      hasBegun = true;
      for (const { closureId, edgeIds, reason } of closures()) {
        const vehicleId = strayOfClosure(closureId);
        if (vehicleId === undefined) continue;
        strayOf(vehicleId).closed.set(closureId, { edgeIds: new Set(edgeIds), wasSeen: true });
        raise(vehicleId, reason, closureId, { said: reason });
      }
    },
    look(state, factsheet, nowMs) {
      if (!hasBegun) return;
      const { vehicleId, pose, control } = state;
      // What answers to the partner has the ground that the hand-off gave it.
      if (control !== undefined && control.authority !== rooms.side) return noStray(vehicleId);
      const isAdmitted = reservation.isAdmitted(vehicleId);
      if (isAdmitted && !isOffPath.has(vehicleId)) return noStray(vehicleId);
      if (pose === undefined) return;
      const stray = strayOf(vehicleId);
      stray.sinceMs ??= nowMs;
      if (!isAdmitted && !isRefused(stray, stray.sinceMs, nowMs)) return;
      const cause = isAdmitted ? "off-way" : control === undefined ? "unknown" : "no-place";
      close(vehicleId, stray, pose, bodyOf(factsheet, rooms.body), cause);
    },
    offPath: (vehicleId) => void isOffPath.add(vehicleId),
    onPath: (vehicleId) => void isOffPath.delete(vehicleId),
    settle() {
      if (strays.size === 0) return;
      const standing = new Set(closures().map(({ closureId }) => closureId));
      for (const [vehicleId, stray] of strays) {
        for (const [closureId, closed] of stray.closed) {
          if (standing.has(closureId)) closed.wasSeen = true;
          else if (closed.wasSeen) {
            stray.closed.delete(closureId);
            for (const edgeId of closed.edgeIds) stray.confirmed.add(edgeId);
          }
        }
        if (stray.closed.size === 0) alarms.clear(`vehicle.stray:${vehicleId}`);
      }
    },
  };
}

/** For which vehicle ground was closed; nothing if for another reason. */
function strayOfClosure(closureId: ClosureId): VehicleId | undefined {
  if (!closureId.startsWith(STRAY)) return undefined;
  return closureId.slice(STRAY.length, closureId.lastIndexOf(":")) as VehicleId;
}

interface Body {
  readonly lengthM: number;
  readonly widthM: number;
}

function bodyOf(factsheet: Factsheet | undefined, largest: Body): Body {
  if (factsheet === undefined) return largest;
  return { lengthM: factsheet.lengthM, widthM: factsheet.widthM };
}

/** Moves on which a body of the site could touch one that stands at a place: rather one too many. */
function edgesUnder(network: Network, pose: Pose, body: Body, passing: Body): EdgeId[] {
  const places: { readonly xM: number; readonly yM: number }[] = [];
  const steps = Math.max(1, Math.ceil(body.lengthM / STEP_M));
  for (let step = 0; step <= steps; step++) {
    const alongM = (step / steps - 0.5) * body.lengthM;
    places.push({
      xM: pose.xM + alongM * Math.cos(pose.headingRad),
      yM: pose.yM + alongM * Math.sin(pose.headingRad),
    });
  }
  const besideM = (body.widthM + passing.widthM) / 2 + MARGIN_M;
  const beyondM = (body.widthM + passing.lengthM) / 2 + MARGIN_M;
  return network.moves.edgeIds.filter((_, move) => {
    const lengthM = network.moves.lengthM[move] ?? 0;
    return places.some(({ xM, yM }) => {
      const { alongM, offM } = network.project(move, xM, yM);
      // A body reaches beyond the ends of its move, half its length.
      return offM <= (alongM <= 0 || alongM >= lengthM ? beyondM : besideM);
    });
  });
}

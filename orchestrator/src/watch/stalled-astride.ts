import type { Factsheet, VehicleId, VehicleState } from "@baton/fleet-adapter";
import type { Pose, Side } from "@baton/maps";
import type { Alarms } from "../alarms/port.ts";

/** No plan lets a vehicle stand over the line: who does not move there for so long has been stopped by something. */
const STALLED_AFTER_MS = 20_000;
/** A body that stands is reported at most so far from where it was. */
const STANDS_WITHIN_M = 0.3;

export interface StalledAstrideRooms {
  readonly side: Side;
  /** The largest body that may be on this ground: of a vehicle that has not said how large it is. */
  readonly body: Body;
  readonly alarms: Alarms;
}

interface Body {
  readonly lengthM: number;
  readonly widthM: number;
}

interface Wait {
  readonly pose: Pose;
  /** Of the first report from there, in the vehicle's time. */
  readonly sinceMs: number;
}

/**
 * The alarm of a vehicle that stands over the line, on the ground of both sides, whoever commands it: each side looks at
 * what the vehicle reports to it, and tells its own people. The time is counted in those reports, by the vehicle's clock:
 * what a side did not hear, or heard late, makes nobody stand longer. It ends with a report that the body has left the
 * line, and with nothing else: one that has only moved is in the way of both still.
 */
export function stalledAstride({ side, body, alarms }: StalledAstrideRooms): {
  look(state: VehicleState, factsheet: Factsheet | undefined): void;
} {
  const waits = new Map<VehicleId, Wait>();
  const standing = new Set<VehicleId>();
  const alarmIdOf = (vehicleId: VehicleId): string => `handoff.stalled-astride:${vehicleId}`;

  return {
    look(state, factsheet) {
      const { vehicleId, pose, atMs } = state;
      // A vehicle that does not know where it is has not left.
      if (pose === undefined) return;
      if (!isAstride(pose, factsheet ?? body)) {
        waits.delete(vehicleId);
        if (standing.delete(vehicleId)) alarms.clear(alarmIdOf(vehicleId));
        return;
      }
      const wait = waits.get(vehicleId);
      const hasMoved =
        wait !== undefined && Math.hypot(pose.xM - wait.pose.xM, pose.yM - wait.pose.yM) > STANDS_WITHIN_M;
      // A clock that was put back begins anew, too.
      if (wait === undefined || hasMoved || atMs < wait.sinceMs)
        return void waits.set(vehicleId, { pose, sinceMs: atMs });
      if (atMs - wait.sinceMs < STALLED_AFTER_MS || standing.has(vehicleId)) return;
      standing.add(vehicleId);
      const seconds = Math.round((atMs - wait.sinceMs) / 1000);
      const { cause, said, text } = whatStopsIt(state);
      alarms.raise({
        alarmId: alarmIdOf(vehicleId),
        code: "handoff.stalled-astride",
        detail: `not moved for ${seconds} s with its body over the line, at (${pose.xM.toFixed(1)}, ${pose.yM.toFixed(1)}); ${text}. ${whatToDo(state, side)}`,
        facts: {
          cause,
          seconds,
          ...(said === undefined ? {} : { said }),
          ...(state.control === undefined ? {} : { commands: state.control.authority }),
        },
        priority: "critical",
        vehicleId,
      });
    },
  };
}

/** The line is where x is 0 in the site frame. */
function isAstride({ xM, headingRad }: Pose, { lengthM, widthM }: Body): boolean {
  const reachM =
    (lengthM / 2) * Math.abs(Math.cos(headingRad)) + (widthM / 2) * Math.abs(Math.sin(headingRad));
  return Math.abs(xM) < reachM;
}

interface Stop {
  /** In one word, and in English. */
  readonly cause: string;
  readonly text: string;
  /** As the vehicle says it. */
  readonly said?: string;
}

function whatStopsIt({ emergencyStop, errors, pausedBy, operatingMode, nodesAhead }: VehicleState): Stop {
  const fatal = errors.find((error) => error.fatal);
  if (emergencyStop) return { cause: "emergency-stop", text: "its emergency stop is pressed" };
  if (fatal !== undefined) {
    const said = `${fatal.type}: ${fatal.description}`;
    return { cause: "error", text: `it reports ${said}`, said };
  }
  if (pausedBy.length > 0) return { cause: "stopped", text: `stopped by ${pausedBy.join(" and ")}` };
  if (operatingMode === "manual" || operatingMode === "service")
    return { cause: "by-hand", text: `its operating mode is ${operatingMode}` };
  return nodesAhead > 0
    ? { cause: "unsaid", text: "it has leave to drive on, and does not say why it stands" }
    : { cause: "no-further", text: "it was told no further" };
}

function whatToDo({ control }: VehicleState, side: Side): string {
  const both = "Both sides keep its ground; nothing passes here until it has left";
  if (control === undefined) return `${both}. It has no control register: send people of both sides`;
  if (control.authority === side)
    return `${both}. It answers to us: end what stops it, or mark it as failed and agree with the partner who tows it`;
  return `${both}. It answers to ${control.authority}: call the partner's control room; only a stop is ours to give`;
}

import type { EdgeId, HandoffPointId, Network, Side, Site } from "@baton/maps";
import type { LineCrane } from "../handoff/line-cranes.ts";
import type { HandoffSummary } from "../handoff/port.ts";
import type { TransferCommand, TransferDevices } from "../handoff/transfer-port.ts";
import type { ClosureId, Reservation } from "../reservation/port.ts";
import { closedGround, type Holder } from "./closure-alarms.ts";

export interface LoadsWayRooms {
  readonly side: Side;
  readonly handoffPoints: Site["file"]["handoffPoints"];
  readonly network: Network;
  readonly transfers: TransferDevices;
  readonly reservation: Pick<Reservation, "close" | "open" | "outOfUse">;
  readonly cranes: { of(deviceId: string): LineCrane };
  /** Who holds what of this side's ground. */
  readonly holders: () => Iterable<Holder>;
  /** Hand-offs that are not over. */
  readonly open: () => readonly HandoffSummary[];
}

export interface LoadsWay extends TransferDevices {
  /** To be called every second or so. */
  look(): void;
}

interface Way {
  readonly deviceId: string;
  readonly closureId: ClosureId;
  readonly edgeIds: readonly EdgeId[];
  /** Our word that a vehicle stands on its pad, kept back until nobody is below the load's way. */
  asked: { readonly point: HandoffPointId; readonly command: TransferCommand } | undefined;
  /** The number that our last word was meant for; unknown after a start. */
  dockedAt: number | undefined;
}

/**
 * Keeps this side's ground below a crane's load free of vehicles. A crane moves only when both sides have said that their vehicle
 * is docked. So that word of ours goes out when the ground is closed in the ledger and nobody is on it any more, or may yet
 * drive there; and the ground is opened when the crane says that it is free, and is not going to begin on that word. While
 * the crane is not heard, it stays as it is; closures outlast a restart.
 */
export function loadsWay(rooms: LoadsWayRooms): LoadsWay {
  const { network, transfers, reservation, cranes } = rooms;
  const { groundOf, isOn } = closedGround(network);
  const ways = waysOf(rooms);

  const stands = ({ closureId }: Way): boolean =>
    reservation.outOfUse().closures.some((each) => each.closureId === closureId);
  const close = ({ closureId, edgeIds, deviceId }: Way): void =>
    reservation.close({ closureId, edgeIds, reason: `${deviceId} carries a container over it` });
  const isFree = ({ edgeIds }: Way): boolean => {
    const ground = groundOf(edgeIds);
    for (const holder of rooms.holders()) if (isOn(holder, ground)) return false;
    return true;
  };

  const say = (way: Way): void => {
    const { asked } = way;
    if (asked === undefined) return;
    if (!stands(way)) {
      close(way);
      return;
    }
    if (!isFree(way)) return;
    way.asked = undefined;
    way.dockedAt = asked.command.expectedEpoch;
    transfers.command(asked.point, asked.command);
  };

  const look = (way: Way): void => {
    const { isFit, report } = cranes.of(way.deviceId);
    const isAtWork = report !== undefined && report.phase !== "free" && report.phase !== "presented";
    const ours = rooms
      .open()
      .filter(({ handoffPointId }) => ways.get(handoffPointId)?.deviceId === way.deviceId);
    if (way.asked !== undefined) {
      const { handoffId, expectedEpoch } = way.asked.command;
      const isVoid = report !== undefined && report.register.epoch > expectedEpoch;
      if (isVoid || !ours.some((each) => each.handoffId === handoffId)) way.asked = undefined;
      else {
        say(way);
        return;
      }
    }
    if (!stands(way)) {
      // Somebody has opened it, or the ledger was lost.
      if (isAtWork) close(way);
      return;
    }
    if (!isFit || report?.phase !== "free") return;
    const isObeyed = way.dockedAt !== undefined && report.register.epoch > way.dockedAt;
    if (isObeyed || ours.length === 0) reservation.open(way.closureId);
  };

  return {
    serves: (handoffPointId) => transfers.serves(handoffPointId),
    command(handoffPointId, command) {
      const way = ways.get(handoffPointId);
      if (way === undefined || command.kind !== "dock") {
        transfers.command(handoffPointId, command);
        return;
      }
      way.asked = { point: handoffPointId, command };
      say(way);
    },
    look() {
      for (const way of new Set(ways.values())) look(way);
    },
  };
}

const LOADS_WAY = "loads-way:";

/** Whether ground is closed for a crane's load: who is on it leaves by itself. */
export const isLoadsWay = (closureId: ClosureId): boolean => closureId.startsWith(LOADS_WAY);

/** By hand-off point; points of one crane share theirs. */
function waysOf({ side, handoffPoints, transfers }: LoadsWayRooms): ReadonlyMap<HandoffPointId, Way> {
  const ofCrane = new Map<string, Way>();
  const ways = new Map<HandoffPointId, Way>();
  for (const point of handoffPoints) {
    if (point.mode !== "container-transfers" || point.loadWay === undefined) continue;
    const pointId = point.handoffPointId as HandoffPointId;
    if (!transfers.serves(pointId)) continue;
    const { deviceId, loadWay, direction } = point;
    const isGiver = (direction === "export") === (side === "vn");
    const way = ofCrane.get(deviceId) ?? {
      deviceId,
      closureId: `${LOADS_WAY}${deviceId}` as ClosureId,
      edgeIds: [(isGiver ? loadWay.giverEdgeId : loadWay.takerEdgeId) as EdgeId],
      asked: undefined,
      dockedAt: undefined,
    };
    ofCrane.set(deviceId, way);
    ways.set(pointId, way);
  }
  return ways;
}

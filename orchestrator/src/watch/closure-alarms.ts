import type { VehicleId } from "@baton/fleet-adapter";
import { bodyAt, type EdgeId, type Network, type NodeId, sweptBy } from "@baton/maps";
import type { Alarms } from "../alarms/port.ts";
import type { OutOfUse } from "../reservation/port.ts";

/** Ground that a vehicle is granted, by its edges, and the node that it reached last. */
export interface Holder {
  readonly vehicleId: VehicleId;
  readonly grantedEdgeIds: readonly EdgeId[];
  readonly lastNodeId: NodeId | undefined;
}

/**
 * The alarm of each vehicle that is inside closed ground, or may yet drive there on what it was granted before: closing
 * takes no grant back. It ends when the vehicle has left, or the ground is open.
 */
export function closureAlarms(
  alarms: Alarms,
  network: Network,
  holders: () => Iterable<Holder>,
): { look(closures: OutOfUse["closures"]): void } {
  let standing: ReadonlySet<string> = new Set();
  const { groundOf, isOn } = closedGround(network);

  return {
    look(closures) {
      const now = new Set<string>();
      for (const { closureId, edgeIds, reason } of closures) {
        const closed = groundOf(edgeIds);
        for (const holder of holders()) {
          if (!isOn(holder, closed)) continue;
          const { vehicleId } = holder;
          const alarmId = `ground.closed-occupied:${closureId}:${vehicleId}`;
          now.add(alarmId);
          if (standing.has(alarmId)) continue;
          alarms.raise({
            alarmId,
            code: "ground.closed-occupied",
            detail: `${vehicleId} is on ${closureId}, which is closed, or may drive there on what it was granted before: stop it if it must not`,
            facts: { said: reason },
            priority: "high",
            vehicleId,
          });
        }
      }
      for (const alarmId of standing) if (!now.has(alarmId)) alarms.clear(alarmId);
      standing = now;
    },
  };
}

/** Whose ground some edges are. */
export function closedGround(network: Network): {
  groundOf(edgeIds: readonly EdgeId[]): ReadonlySet<number>;
  /** Whether a vehicle is inside ground, or may drive there on what it is granted. */
  isOn(holder: Holder, ground: ReadonlySet<number>): boolean;
} {
  const groundOf = (edgeIds: readonly EdgeId[]): Set<number> => {
    const blocks = new Set<number>();
    for (const edgeId of edgeIds) {
      const move = network.moveIndex(edgeId);
      if (move !== undefined) for (const block of sweptBy(network, move)) blocks.add(block);
    }
    return blocks;
  };
  const isOn = ({ grantedEdgeIds, lastNodeId }: Holder, closed: ReadonlySet<number>): boolean => {
    for (const block of groundOf(grantedEdgeIds)) if (closed.has(block)) return true;
    const pose = lastNodeId === undefined ? undefined : network.poseIndex(lastNodeId);
    return (
      grantedEdgeIds.length === 0 && pose !== undefined && bodyAt(network, pose).some((b) => closed.has(b))
    );
  };

  return { groundOf, isOn };
}

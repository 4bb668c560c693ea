import { readContext } from "./context.ts";
import type { IdleMove, MissionStore, StationClosure, StoredMission } from "./store.ts";

/** A store for fast time and for tests of the core; it keeps text, so that what comes back was really written. */
export function memoryMissionStore(): MissionStore {
  const missions = new Map<string, { version: number; text: string }>();
  const orders = new Map<string, string>();
  const moves = new Map<string, IdleMove>();
  const closures = new Map<string, StationClosure>();
  return {
    async load() {
      const read = (entry: { version: number; text: string }): StoredMission => {
        const reading = readContext(JSON.parse(entry.text));
        if (reading.kind === "invalid") throw new Error(`a stored mission cannot be read: ${reading.detail}`);
        return { version: entry.version, context: reading.context };
      };
      return {
        missions: [...missions.values()].map(read),
        idleMoves: [...moves.values()],
        closedStations: [...closures.values()],
        unreadable: [],
      };
    },
    async create(context, orderId) {
      const known =
        (orderId === undefined ? undefined : orders.get(orderId)) ??
        (missions.has(context.missionId) ? context.missionId : undefined);
      if (known !== undefined) return { kind: "exists", missionId: known };
      missions.set(context.missionId, { version: 1, text: JSON.stringify(context) });
      if (orderId !== undefined) orders.set(orderId, context.missionId);
      return { kind: "created" };
    },
    async save({ version, context }) {
      const stored = missions.get(context.missionId);
      if (stored?.version !== version - 1) return "stale";
      missions.set(context.missionId, { version, text: JSON.stringify(context) });
      return "saved";
    },
    async saveIdleMove(move) {
      moves.set(move.vehicleId, move);
      return "saved";
    },
    async saveClosure(closure) {
      closures.set(closure.stationId, closure);
      return "saved";
    },
    async removeClosure(stationId) {
      closures.delete(stationId);
      return "saved";
    },
    async remove(missionIds) {
      for (const missionId of missionIds) missions.delete(missionId);
      return "saved";
    },
  };
}

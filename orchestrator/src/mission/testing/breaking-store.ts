import type { MissionStore } from "../store.ts";

/** A store whose process dies at a write, before the store has it or after. */
export function breaking(
  store: MissionStore,
  at: number,
  when: "before" | "after",
  onBreak: () => void,
): MissionStore {
  let writes = 0;
  let broken = false;
  const guard = async <T>(write: () => Promise<T>): Promise<T> => {
    if (broken) return new Promise<T>(() => {});
    if (writes++ < at) return write();
    broken = true;
    if (when === "after") await write();
    onBreak();
    return new Promise<T>(() => {});
  };
  return {
    load: () => store.load(),
    create: (context, orderId) => guard(() => store.create(context, orderId)),
    save: (mission) => guard(() => store.save(mission)),
    saveIdleMove: (move) => guard(() => store.saveIdleMove(move)),
    saveClosure: (closure) => guard(() => store.saveClosure(closure)),
    removeClosure: (stationId) => guard(() => store.removeClosure(stationId)),
    remove: (missionIds) => store.remove(missionIds),
  };
}

import type { VehicleId } from "@baton/fleet-adapter";
import type { StationId } from "@baton/maps";
import type { DispatchView } from "../dispatch/view.ts";
import { type BackBeginning, backMissionId, bringBack, stillBoundFor } from "./bring-back.ts";
import type { MissionContext } from "./context.ts";
import type { MissionIndex } from "./mission-index.ts";

/** Missions given back whose vehicles still have the container aboard. */
export class GivenBack {
  readonly #missions: Pick<MissionIndex, "get">;
  readonly #missionIds = new Set<string>();

  constructor(missions: Pick<MissionIndex, "get">) {
    this.#missions = missions;
  }

  get isEmpty(): boolean {
    return this.#missionIds.size === 0;
  }

  /** Whose containers they are. */
  *vehicleIds(): Iterable<VehicleId> {
    for (const missionId of this.#missionIds) {
      const vehicleId = this.#missions.get(missionId)?.vehicle?.vehicleId;
      if (vehicleId !== undefined) yield vehicleId;
    }
  }

  add(missionId: string): void {
    this.#missionIds.add(missionId);
  }

  /** The bay or dock to which a vehicle of one of them still drives. */
  boundFor(vehicleId: VehicleId): StationId | undefined {
    for (const missionId of this.#missionIds) {
      const returned = this.#missions.get(missionId);
      if (returned?.vehicle?.vehicleId === vehicleId) return stillBoundFor(returned);
    }
    return undefined;
  }

  /** The missions that bring back what stands where a way leads to the yard; they are asked for once. */
  toBegin(view: () => DispatchView, beginning: () => BackBeginning): readonly MissionContext[] {
    const begins: MissionContext[] = [];
    for (const missionId of this.#missionIds) {
      const returned = this.#missions.get(missionId);
      const begun = this.#missions.get(backMissionId(missionId)) !== undefined;
      const context = returned === undefined || begun ? "over" : bringBack(returned, view, beginning());
      if (context === "wait") continue;
      this.#missionIds.delete(missionId);
      if (context !== "over") begins.push(context);
    }
    return begins;
  }
}

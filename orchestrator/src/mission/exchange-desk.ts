import type { LegId, Reservation } from "../reservation/port.ts";
import type { MissionContext } from "./context.ts";
import type { Happening } from "./events.ts";
import type { IdleFleet } from "./idle-fleet.ts";
import { missionIdIn } from "./ids.ts";
import type { MissionIndex } from "./mission-index.ts";

/** What the road has not answered for so long it is asked again: a vehicle that was dismissed meanwhile is on no leg, and nobody says so. */
const ASK_AGAIN_MS = 10_000;

export interface ExchangeDeskPorts {
  readonly missions: Pick<MissionIndex, "get" | "yielding">;
  readonly idle: Pick<IdleFleet, "knows" | "isAsked" | "askAgain">;
  readonly reservation: Pick<Reservation, "requestLeg">;
  readonly nowMs: () => number;
  readonly tell: (missionId: string, happening: Happening) => void;
}

/**
 * Missions that yield their vehicles to other legs, until each is settled. A process may die between the write that yields and the one that
 * asks for the other leg: then nobody asks for it, and the vehicle is kept.
 */
export class ExchangeDesk {
  readonly #ports: ExchangeDeskPorts;
  readonly #askedAtMs = new Map<LegId, number>();

  constructor(ports: ExchangeDeskPorts) {
    this.#ports = ports;
  }

  /** To be called when every event has been taken in. */
  look(): void {
    const { missions, tell, nowMs } = this.#ports;
    const yielding = missions.yielding();
    if (yielding.length === 0) {
      this.#askedAtMs.clear();
      return;
    }
    for (const { missionId, yielding: to } of yielding) {
      if (to === undefined) continue;
      if (!this.#isAsked(to.toLegId)) tell(missionId, { type: "keeps" });
      else if (nowMs() - (this.#askedAtMs.get(to.toLegId) ?? to.sinceMs) >= ASK_AGAIN_MS) {
        this.#askedAtMs.set(to.toLegId, nowMs());
        this.#askAgain(to.toLegId);
      }
    }
  }

  #isAsked(legId: LegId): boolean {
    const { idle } = this.#ports;
    return idle.knows(legId) ? idle.isAsked(legId) : this.#ownerOf(legId)?.legs[legId]?.state === "requested";
  }

  #askAgain(legId: LegId): void {
    const { idle, reservation } = this.#ports;
    if (idle.knows(legId)) idle.askAgain(legId);
    for (const effect of this.#ownerOf(legId)?.outbox ?? [])
      if (effect.kind === "requestLeg" && effect.leg.legId === legId) reservation.requestLeg(effect.leg);
  }

  #ownerOf(legId: LegId): MissionContext | undefined {
    return this.#ports.missions.get(missionIdIn(legId) ?? "");
  }
}

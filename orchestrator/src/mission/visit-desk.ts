import type { Side } from "@baton/maps";
import type { VisitPage } from "../handoff/core/visit/page.ts";
import type { HandoffId, Handoffs } from "../handoff/port.ts";
import type { HandoffService } from "../handoff/service-port.ts";
import { byVisit, type MissionContext } from "./context.ts";
import type { Happening } from "./events.ts";
import { handoffIdFrom } from "./ids.ts";
import type { MissionIndex } from "./mission-index.ts";
import { visitWishes } from "./steps/visit-steps.ts";

export interface VisitDeskPorts {
  readonly side: Side;
  readonly handoffs: Handoffs;
  readonly room: Pick<HandoffService, "visits" | "look">;
  readonly missions: Pick<MissionIndex, "open" | "ofHandoff">;
  readonly post: (missionId: string, happening: Happening) => void;
  readonly nowMs: () => number;
}

/** How long an offer of the way home stands, and how long after one that came to nothing the next is made. */
const HOME_EXPIRES_MS = 600_000;
const HOME_AGAIN_MS = 10_000;

/**
 * Between missions and the visits of the hand-off room. What a mission wants of its visit follows from its context, what it has
 * to hear from what is kept of the visit: both are looked at anew each time, so that a restart needs no care. The way home is
 * a hand-off of its own, which no mission has: the host offers it when the home side has said that all is clear.
 */
export class VisitDesk {
  readonly #ports: VisitDeskPorts;

  constructor(ports: VisitDeskPorts) {
    this.#ports = ports;
  }

  /** To be called every second or so. */
  look(): void {
    for (const context of this.#ports.missions.open()) this.#see(context);
    for (const page of this.#ports.room.visits.pages()) this.#sendHome(page);
    this.#takeHome();
  }

  /** Something of a visit was kept. */
  changed(handoffId: HandoffId): void {
    const context = this.#ports.missions.ofHandoff(handoffId);
    if (context !== undefined) this.#see(context);
  }

  #see(context: MissionContext): void {
    const { post, room } = this.#ports;
    const { handoff, missionId, bound } = context;
    const line = byVisit(context);
    if (line === undefined || handoff === undefined) return;
    const { handoffId } = handoff;
    if (bound === "inbound") {
      const page = room.visits.page(handoffId);
      const stretch = page?.stretches.find(({ stretchId }) => stretchId === line.inStretchId);
      const isKept = stretch?.state === "held" || stretch?.state === "granted";
      const known = { isKept: false, isOver: false, ...context.visit };
      // The page goes on to the vehicle's next visit.
      const isOver = page === undefined ? known.isOver : page.stage === "over";
      if (isKept !== known.isKept || isOver !== known.isOver)
        post(missionId, { type: "visit", handoffId, seen: { entered: [], isOver, isKept } });
      return;
    }
    const visitor = room.visits.visitor(handoffId);
    if (visitor === undefined) return;
    const entered = visitor.holds.flatMap(({ stretchId, isEntered }) => (isEntered ? [stretchId] : []));
    const { isOver } = visitor;
    const known = context.visit;
    if (known?.isOver !== isOver || known.entered.join() !== entered.join())
      post(missionId, { type: "visit", handoffId, seen: { entered, isOver, isKept: false } });
    for (const wish of visitWishes(context, visitor)) {
      if (wish.kind === "end") room.visits.end(handoffId);
      else if (wish.kind === "enter") void room.visits.enter(handoffId, wish.stretchId);
      else room.visits[wish.kind](handoffId, wish.stretchId);
    }
  }

  /** Host: the right to move here goes back to the vehicle's home. */
  #sendHome(page: VisitPage): void {
    const { side, handoffs, missions, nowMs } = this.#ports;
    const { vehicleId, home, stage, register, handoffId } = page;
    if (stage !== "over" || register.authority !== side || handoffId === undefined) return;
    const context = missions.ofHandoff(handoffId);
    const manifest = context?.manifest;
    const line = context === undefined ? undefined : byVisit(context);
    if (context === undefined || manifest === undefined || line === undefined) return;
    const direction = context.direction === "export" ? "import" : "export";
    const empty = { vehicle: manifest.vehicle, direction, priority: manifest.priority } as const;
    const wayHome = this.#wayHome(handoffId);
    if (wayHome.phase === "accepted") handoffs.ready(wayHome.handoffId, empty);
    if (wayHome.phase !== undefined) return;
    handoffs.offer({
      handoffId: wayHome.handoffId,
      mode: "host-grants",
      handoffPointId: line.homePointId,
      direction,
      vehicleId,
      vehicleHome: home,
      manifest: empty,
      etaMs: nowMs(),
      expiresAtMs: nowMs() + HOME_EXPIRES_MS,
      returnLoadWanted: false,
    });
  }

  /** The hand-off by which a visitor goes home: the first that has not come to nothing. */
  #wayHome(outward: HandoffId): { readonly handoffId: HandoffId; readonly phase: string | undefined } {
    const { room, nowMs } = this.#ports;
    for (let count = 1; ; count++) {
      const handoffId = handoffIdFrom(`${outward}-home-${count}`);
      const machine = room.look(handoffId)?.machine;
      const isNothing = machine?.phase === "ended" || machine?.phase === "declined";
      if (machine === undefined || !isNothing || nowMs() - machine.sinceMs < HOME_AGAIN_MS)
        return { handoffId, phase: machine?.phase };
    }
  }

  /** Home: our own vehicle is back already, and needs no place: nothing is left but to take the right. */
  #takeHome(): void {
    const { side, handoffs, room } = this.#ports;
    for (const { handoffId, role, phase, mode } of handoffs.open()) {
      if (role !== "taker" || mode !== "host-grants") continue;
      const offer = room.look(handoffId)?.machine.offer;
      if (offer?.vehicleHome !== side) continue;
      if (phase === "offered") handoffs.accept(handoffId);
      if (phase === "prepared") handoffs.go(handoffId);
      if (phase === "switched") handoffs.receive(handoffId, { kind: "accepted" });
    }
  }
}

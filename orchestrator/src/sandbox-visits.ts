import type { VehicleId } from "@baton/fleet-adapter";
import type { HandoffPointId, Side } from "@baton/maps";
import type { HandoffEvent, HandoffId } from "./handoff/port.ts";
import type { HandoffLook, HandoffService } from "./handoff/service-port.ts";
import type { GroundClaim, VisitGround } from "./handoff/visit-port.ts";

/** The sandbox's ground for visitors: a pad, the way in to it and the way out. One visitor at a time has each. */
const WAY_IN = "pad-in";
const WAY_OUT = "pad-out";
const HOME_EXPIRES_MS = 600_000;

type Machine = HandoffLook["machine"];

/** Ground without a layout and without vehicles of this side: a stretch is had by whoever asks first. */
export function toyGround(): VisitGround {
  let claims: readonly GroundClaim[] = [];
  const isOthers = (vehicleId: VehicleId, stretchId: string): boolean =>
    claims.some((one) => one.isKept && one.stretchId === stretchId && one.vehicleId !== vehicleId);
  return {
    knows: (stretchId) => stretchId === WAY_IN || stretchId === WAY_OUT,
    keep: (all) => {
      claims = all;
    },
    isHeld: (vehicleId, stretchId) => !isOthers(vehicleId, stretchId),
  };
}

/** A vehicle of the partner's is to come by our grants: it is let go when there is ground for it, not when it is ready. */
export const isToHost = (machine: Machine | undefined): boolean =>
  machine?.role === "taker" &&
  machine.offer.mode === "host-grants" &&
  machine.offer.vehicleHome === machine.giver;

/**
 * What missions do in `host-grants`, with toy vehicles: as home, in to the partner's pad and out again, each as soon as it is
 * granted; as host, let them go when they have ground, and send them home when they have said that all is clear.
 */
export class ToyVisits {
  readonly #side: Side;
  readonly #handoffs: HandoffService;
  readonly #nowMs: () => number;
  /** Hand-offs by which vehicles of ours have gone out. Told again after a restart, by the room. */
  readonly #out = new Set<HandoffId>();

  constructor(side: Side, handoffs: HandoffService, nowMs: () => number) {
    this.#side = side;
    this.#handoffs = handoffs;
    this.#nowMs = nowMs;
  }

  told(event: HandoffEvent): void {
    if (event.kind === "trouble" || event.kind === "offered") return;
    const { handoffId } = event;
    const machine = this.#handoffs.look(handoffId)?.machine;
    if (
      machine?.role === "giver" &&
      machine.offer.mode === "host-grants" &&
      machine.offer.vehicleHome === this.#side
    )
      this.#out.add(handoffId);
    this.look();
  }

  /** To be called again and again: what is to be done follows from what is kept of each visit. */
  look(): void {
    for (const handoffId of this.#out) this.#drive(handoffId);
    for (const page of this.#handoffs.visits.pages()) {
      const { handoffId, stage, stretches, register } = page;
      const machine = handoffId && this.#handoffs.look(handoffId)?.machine;
      if (!machine) continue;
      const { phase } = machine;
      if (phase === "prepared" && stretches.some(({ state }) => state === "held"))
        this.#handoffs.go(machine.handoffId);
      if (stage === "over" && register.authority === this.#side) this.#sendHome(machine);
    }
  }

  #drive(handoffId: HandoffId): void {
    const { visits } = this.#handoffs;
    const visitor = visits.visitor(handoffId);
    if (visitor === undefined || visitor.isOver) return;
    const held = (stretchId: string) => visitor.holds.find((one) => one.stretchId === stretchId);
    const next = held(WAY_IN)?.isEntered === true ? WAY_OUT : WAY_IN;
    if (held(WAY_OUT)?.isEntered === true) {
      // A process that dies between the two drives another round: toy vehicles stand nowhere.
      for (const { stretchId } of visitor.holds) visits.left(handoffId, stretchId);
      visits.end(handoffId);
    } else if (held(next) === undefined) visits.want(handoffId, next);
    else if (visitor.register.authority !== this.#side) void visits.enter(handoffId, next);
  }

  #sendHome({ handoffId, offer }: Machine): void {
    const { vehicle, priority } = offer.manifest;
    const direction = offer.direction === "export" ? "import" : "export";
    const wayHome = `${handoffId}-home` as HandoffId;
    if (this.#handoffs.look(wayHome) !== undefined) return;
    this.#handoffs.offer({
      handoffId: wayHome,
      mode: "host-grants",
      handoffPointId: `${offer.handoffPointId}-home` as HandoffPointId,
      direction,
      vehicleId: offer.vehicleId,
      vehicleHome: offer.vehicleHome,
      manifest: { vehicle, direction, priority },
      etaMs: this.#nowMs(),
      expiresAtMs: this.#nowMs() + HOME_EXPIRES_MS,
    });
  }
}

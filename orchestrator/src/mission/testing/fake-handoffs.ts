import type { Clock } from "@baton/fleet-adapter";
import { otherSide, type Side } from "@baton/maps";
import type { Manifest } from "../../handoff/manifest.ts";
import type { HandoffEvent, HandoffId, Handoffs, Offer } from "../../handoff/port.ts";
import type { Agenda } from "./agenda.ts";
import type { FakeFleet } from "./fake-fleet.ts";
import type { FakeRoad } from "./fake-road.ts";
import { SideListeners } from "./side-listeners.ts";

interface Conversation {
  readonly offer: Offer;
  readonly giver: Side;
  /** Everything said so far, to say it again to whoever asks again. */
  readonly said: { readonly to: Side; readonly event: HandoffEvent }[];
  readonly done: Set<string>;
}

/** What the two sides say to each other about hand-offs, and vehicles that switch when `go` is said. */
export class FakeHandoffs {
  readonly conversations = new Map<HandoffId, Conversation>();
  /** Whether vehicles do what they are asked at the line. */
  registersSwitch = true;
  readonly #listeners = new SideListeners<HandoffEvent>();
  readonly #clock: Clock;
  readonly #agenda: Agenda;
  readonly #fleet: FakeFleet;
  readonly #road: FakeRoad;
  readonly #wantedBy: Partial<Record<Side, number>> = {};

  constructor(clock: Clock, agenda: Agenda, fleet: FakeFleet, road: FakeRoad) {
    this.#clock = clock;
    this.#agenda = agenda;
    this.#fleet = fleet;
    this.#road = road;
  }

  /** The process of a side is gone: nobody listens there. */
  deafen(side: Side): void {
    this.#listeners.clear(side);
  }

  handoffsOf(side: Side): Handoffs {
    const once = (handoffId: HandoffId, what: string, then: (conversation: Conversation) => void): void => {
      const conversation = this.conversations.get(handoffId);
      if (conversation === undefined) return;
      if (conversation.done.has(what)) {
        // Asked again, so told again: events come at least once.
        for (const { to, event } of conversation.said)
          if (to === side) this.#agenda.later(() => this.#listeners.tell(side, event));
        return;
      }
      conversation.done.add(what);
      then(conversation);
    };
    const say = (conversation: Conversation, to: Side, event: HandoffEvent): void => {
      conversation.said.push({ to, event });
      this.#agenda.later(() => this.#listeners.tell(to, event));
    };
    return {
      // As the real room does: what is open is told again at the start, to whoever listens then, and not later.
      start: async () => {
        for (const conversation of this.conversations.values()) {
          for (const { to, event } of conversation.said) if (to === side) this.#listeners.tell(side, event);
        }
      },
      stop: async () => {},
      forecast: (vehiclesWanted) => {
        this.#wantedBy[side] = vehiclesWanted;
      },
      partnerForecast: () => ({
        vehiclesWanted: this.#wantedBy[otherSide(side)] ?? 0,
        atMs: this.#clock.nowMs(),
      }),
      offer: (offer) => {
        if (!this.conversations.has(offer.handoffId))
          this.conversations.set(offer.handoffId, { offer, giver: side, said: [], done: new Set() });
        once(offer.handoffId, "offer", (conversation) =>
          say(conversation, otherSide(side), { kind: "offered", offer }),
        );
      },
      accept: (handoffId, returnLoad) =>
        once(handoffId, "accept", (conversation) =>
          say(conversation, conversation.giver, {
            kind: "accepted",
            handoffId,
            ...(returnLoad === undefined ? {} : { returnLoad }),
          }),
        ),
      decline: (handoffId, code) =>
        once(handoffId, "accept", (conversation) => {
          this.#agenda.did(`decline ${code}`);
          say(conversation, conversation.giver, { kind: "declined", handoffId, code });
        }),
      ready: (handoffId, manifest: Manifest) =>
        once(handoffId, "ready", (conversation) =>
          say(conversation, otherSide(side), { kind: "ready", handoffId, manifest }),
        ),
      go: (handoffId) =>
        once(handoffId, "go", (conversation) => {
          say(conversation, conversation.giver, { kind: "going", handoffId });
          if (!this.registersSwitch) return;
          this.#agenda.later(() => {
            const vehicle = this.#fleet.vehicle(conversation.offer.vehicleId);
            vehicle.authority = otherSide(conversation.giver);
            vehicle.epoch++;
            this.#agenda.did(`switch ${handoffId}`);
            for (const to of ["vn", "cn"] as const) {
              say(conversation, to, {
                kind: "switched",
                handoffId,
                vehicleId: vehicle.vehicleId,
                epoch: vehicle.epoch,
              });
            }
            this.#agenda.later(() => this.#road.driveAll(otherSide(conversation.giver), vehicle.vehicleId));
          });
        }),
      receive: (handoffId) =>
        once(handoffId, "receive", (conversation) => {
          this.#agenda.did(`receipt ${handoffId}`);
          for (const to of ["vn", "cn"] as const)
            say(conversation, to, { kind: "concluded", handoffId, recordHash: `hash-${handoffId}` });
        }),
      withdraw: (handoffId, reason) =>
        this.#agenda.ask(side, () =>
          once(handoffId, "withdraw", (conversation) => {
            for (const to of ["vn", "cn"] as const)
              say(conversation, to, { kind: "ended", handoffId, how: "withdrawn", reason });
          }),
        ),
      revoke: (handoffId, reason) =>
        this.#agenda.ask(side, () =>
          once(handoffId, "revoke", (conversation) => {
            for (const to of ["vn", "cn"] as const)
              say(conversation, to, { kind: "ended", handoffId, how: "revoked", reason });
          }),
        ),
      kept: () => new Promise((resolve) => this.#agenda.ask(side, resolve)),
      observeRegister: () => {},
      subscribe: (listener) => this.#listeners.add(side, listener),
      open: () => [],
    };
  }
}

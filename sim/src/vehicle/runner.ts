import type { LinkMessage, MessageLink, OpenLink, Payload } from "@baton/fleet-adapter";
import { topicOf } from "@baton/fleet-adapter/vda5050";
import { checkResponses, checkZoneSet } from "@baton/fleet-adapter/vda5050/v3_0";
import { SIDES, type Side } from "@baton/maps";
import type { Log } from "../process/log.ts";
import type { Memory } from "../process/memory.ts";
import type { WorldVehicle } from "../world/channel.ts";
import { wakesAtMs } from "./due.ts";
import { moreState } from "./more-state.ts";
import { EAGER_PACE } from "./pace.ts";
import type { Tongue } from "./protocol/tongue.ts";
import { tongueOf } from "./protocol/tongues.ts";
import { factsheetMessage, headerOf, stateMessage, worldVehicle } from "./report.ts";
import { stepVehicle, type VehicleEffect, type VehicleEvent } from "./step.ts";
import { recall, remember } from "./store.ts";
import type { Vehicle, VehicleModel } from "./vehicle.ts";

export interface VehicleRunnerOptions {
  readonly model: VehicleModel;
  /** Used when its memory holds nothing. */
  readonly fresh: Vehicle;
  readonly openLink: Readonly<Record<Side, OpenLink>>;
  readonly memory: Memory;
  readonly log: Log;
  nowMs(): number;
  /** Shows the world where the vehicle is. */
  show(vehicle: WorldVehicle): void;
}

const HEADER_KEYS = {
  vn: { connection: "vn/connection", state: "vn/state", factsheet: "vn/factsheet" },
  cn: { connection: "cn/connection", state: "cn/state", factsheet: "cn/factsheet" },
} as const;

type Subtopic = "connection" | "state" | "order" | "instantActions" | "factsheet" | "zoneSet" | "responses";

/** One vehicle at work: its state, its memory and its two sessions, one with each side's broker. */
export class VehicleRunner {
  readonly #options: VehicleRunnerOptions;
  readonly #links: ReadonlyMap<Side, MessageLink>;
  readonly #headerIds = new Map<string, number>();
  readonly #topics: Readonly<Record<Subtopic, string>>;
  readonly #tongue: Tongue;
  #vehicle: Vehicle;
  /** Time passes without it until then. */
  #wakesAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: VehicleRunnerOptions) {
    this.#options = options;
    const { model, memory, log } = options;
    this.#tongue = tongueOf(model.protocol);
    const topic = (subtopic: Subtopic): string => topicOf(model, subtopic, this.#tongue.topicVersion);
    this.#topics = {
      connection: topic("connection"),
      state: topic("state"),
      order: topic("order"),
      instantActions: topic("instantActions"),
      factsheet: topic("factsheet"),
      zoneSet: topic("zoneSet"),
      responses: topic("responses"),
    };
    const kept = memory.load(model.vehicleId);
    const recalled = kept === undefined ? undefined : recall(kept, options.nowMs());
    if (kept !== undefined && recalled === undefined) {
      log.warn(
        { vehicleId: model.vehicleId },
        "what was kept of the vehicle cannot be read; it starts afresh",
      );
    }
    this.#vehicle = recalled ?? options.fresh;
    this.#keep();
    this.#links = new Map(SIDES.map((side) => [side, this.#open(side)]));
    options.show(worldVehicle(this.#vehicle, model));
  }

  get vehicle(): Vehicle {
    return this.#vehicle;
  }

  /** Time has passed; a vehicle that stands and waits need not notice. */
  tick(nowMs: number): void {
    if (nowMs >= this.#wakesAtMs) this.#step({ kind: "tick", nowMs });
  }

  take(event: VehicleEvent): void {
    // One that has slept takes in how late it is first.
    if (this.#wakesAtMs > this.#vehicle.atMs) this.#step({ kind: "tick", nowMs: this.#options.nowMs() });
    this.#step(event);
  }

  #step(event: VehicleEvent): void {
    const [next, effects] = stepVehicle(this.#vehicle, event, this.#options.model);
    this.#vehicle = next;
    this.#wakesAtMs = wakesAtMs(next, this.#options.model.pace ?? EAGER_PACE);
    for (const effect of effects) this.#carryOut(effect);
  }

  /** Shows the vehicle again, to a world that may have forgotten it. */
  showAgain(): void {
    this.#options.show(worldVehicle(this.#vehicle, this.#options.model));
  }

  async stop(): Promise<void> {
    this.#keep();
    await Promise.all(
      [...this.#links].map(([side, link]) =>
        link.end({ topic: this.#topics.connection, message: this.#connection(side, "OFFLINE") }),
      ),
    );
  }

  #open(side: Side): MessageLink {
    const { model, openLink, log } = this.#options;
    return openLink[side]({
      clientId: `vehicle-${model.vehicleId}-${side}`,
      will: { topic: this.#topics.connection, message: this.#connection(side, "CONNECTIONBROKEN") },
      subscriptions: [
        this.#topics.order,
        this.#topics.instantActions,
        ...(this.#tongue.topicVersion === "v3" ? [this.#topics.zoneSet, this.#topics.responses] : []),
      ],
      onOpen: (link) => {
        this.#sendConnection(side, link);
        this.#sendFactsheet(side, link);
        if (!this.#vehicle.asleep) this.#sendState(side, link);
      },
      onMessage: (topic, payload) => this.#hear(side, topic, payload),
      onTrouble: (detail) => log.debug({ vehicleId: model.vehicleId, side, detail }, "broker away"),
    });
  }

  #hear(side: Side, topic: string, payload: Payload): void {
    const json = payload.json();
    if (!json.ok) {
      this.#complain(side, topic, json.reason);
      return;
    }
    if (topic === this.#topics.zoneSet) {
      const message = checkZoneSet(json.value);
      if (message.ok) this.take({ kind: "zoneSet", side, message: message.value });
      else this.#complain(side, topic, message.reason);
    } else if (topic === this.#topics.responses) {
      const message = checkResponses(json.value);
      if (message.ok) this.take({ kind: "responses", side, message: message.value });
      else this.#complain(side, topic, message.reason);
    } else if (topic === this.#topics.order) {
      const order = this.#tongue.readOrder(json.value);
      if (order.ok) this.take({ kind: "order", side, order: order.value });
      else this.#complain(side, topic, order.reason);
    } else {
      const message = this.#tongue.readInstantActions(json.value);
      if (message.ok) this.take({ kind: "instantActions", side, message: message.value });
      else this.#complain(side, topic, message.reason);
    }
  }

  #complain(side: Side, topic: string, reason: string): void {
    this.#options.log.warn({ side, topic, reason }, "message makes no sense");
    this.take({ kind: "nonsense", side, topic: topic.slice(topic.lastIndexOf("/") + 1), reason });
  }

  #carryOut(effect: VehicleEffect): void {
    const { model, show } = this.#options;
    switch (effect.kind) {
      case "persist":
        this.#keep();
        break;
      case "report":
        for (const side of effect.sides) {
          const link = this.#links.get(side);
          if (link !== undefined) this.#sendState(side, link);
        }
        break;
      case "factsheet": {
        const link = this.#links.get(effect.side);
        if (link !== undefined) this.#sendFactsheet(effect.side, link);
        break;
      }
      case "connection":
        for (const [side, link] of this.#links) this.#sendConnection(side, link);
        break;
      case "world":
        show(worldVehicle(this.#vehicle, model));
        break;
      default:
        effect satisfies never;
    }
  }

  #keep(): void {
    const { memory, model } = this.#options;
    const vehicle = this.#vehicle;
    memory.save(model.vehicleId, () => remember(vehicle));
  }

  #sendState(side: Side, link: MessageLink): void {
    const message = stateMessage(this.#vehicle, this.#options.model, side, this.#headerId(side, "state"));
    const more = () => moreState(this.#vehicle, this.#options.model, side);
    link.publish(this.#topics.state, this.#tongue.writeState(message, more));
  }

  #sendConnection(side: Side, link: MessageLink): void {
    const { model, nowMs } = this.#options;
    const header = headerOf(model, this.#headerId(side, "connection"), nowMs());
    const message =
      (this.#vehicle.asleep ? this.#tongue.writeHibernating(header) : undefined) ??
      this.#tongue.writeConnection({ ...header, connectionState: "ONLINE" });
    link.publish(this.#topics.connection, message, { qos: 1, retain: true });
  }

  #sendFactsheet(side: Side, link: MessageLink): void {
    const { model, nowMs } = this.#options;
    const message = factsheetMessage(model, this.#headerId(side, "factsheet"), nowMs());
    link.publish(this.#topics.factsheet, this.#tongue.writeFactsheet(message), { retain: true });
  }

  #connection(side: Side, connectionState: "OFFLINE" | "CONNECTIONBROKEN"): LinkMessage {
    const { model, nowMs } = this.#options;
    const header = headerOf(model, this.#headerId(side, "connection"), nowMs());
    return this.#tongue.writeConnection({ ...header, connectionState });
  }

  #headerId(side: Side, subtopic: keyof (typeof HEADER_KEYS)[Side]): number {
    const key = HEADER_KEYS[side][subtopic];
    const next = this.#headerIds.get(key) ?? 0;
    this.#headerIds.set(key, next + 1);
    return next;
  }
}

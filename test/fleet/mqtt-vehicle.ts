import {
  checkInstantActions,
  checkOrder,
  type InstantActions,
  type Order,
  readJson,
  topicOf,
  VDA5050_VERSION,
} from "@baton/fleet-adapter/vda5050";
import mqtt, { type MqttClient } from "mqtt";
import { ModelVehicle } from "../../fleet-adapter/src/vda5050/core/model-vehicle.ts";

const ADDRESS = { manufacturer: "sim", serialNumber: "vn-01" };

/** A vehicle on a real broker, moved by hand; it answers each message with a state, as section 6.10 asks. */
export class MqttVehicle {
  readonly model: ModelVehicle;
  readonly orders: Order[] = [];
  readonly instantActions: InstantActions[] = [];
  readonly malformed: string[] = [];
  /** Whether what is sent to it gets lost on the way. */
  deaf = false;
  lost = 0;
  readonly #client: MqttClient;

  private constructor(client: MqttClient, standsAt: string) {
    this.#client = client;
    this.model = new ModelVehicle(standsAt);
    client.on("message", (topic, payload) => this.#receive(topic, payload));
    client.on("error", () => {});
  }

  static async connect(url: string, standsAt: string): Promise<MqttVehicle> {
    const client = mqtt.connect(url, {
      reconnectPeriod: 100,
      will: {
        topic: topicOf(ADDRESS, "connection"),
        payload: connectionMessage("CONNECTIONBROKEN"),
        qos: 1,
        retain: true,
      },
    });
    const vehicle = new MqttVehicle(client, standsAt);
    await new Promise<void>((resolve) => client.once("connect", () => resolve()));
    await client.subscribeAsync([topicOf(ADDRESS, "order"), topicOf(ADDRESS, "instantActions")]);
    await vehicle.sayOnline();
    return vehicle;
  }

  async sayOnline(): Promise<void> {
    await this.#client.publishAsync(topicOf(ADDRESS, "connection"), connectionMessage("ONLINE"), {
      qos: 1,
      retain: true,
    });
  }

  report(): void {
    this.#client.publish(topicOf(ADDRESS, "state"), JSON.stringify(this.model.state(Date.now())));
  }

  move(times = 1): void {
    for (let time = 0; time < times; time += 1) this.model.move();
    this.report();
  }

  publish(subtopic: "state" | "factsheet", payload: string): void {
    this.#client.publish(topicOf(ADDRESS, subtopic), payload);
  }

  /** Cuts the connection without a word, so that the broker speaks its last will. */
  async drop(): Promise<void> {
    this.#client.options.reconnectPeriod = 0;
    const closed = new Promise<void>((resolve) => this.#client.once("close", () => resolve()));
    this.#client.stream.destroy();
    await closed;
  }

  async leave(): Promise<void> {
    await this.#client.endAsync(true);
  }

  #receive(topic: string, payload: Uint8Array): void {
    if (this.deaf) {
      this.lost += 1;
      return;
    }
    const json = readJson(payload);
    const value = json.ok ? json.value : undefined;
    if (topic.endsWith("/order")) {
      const order = checkOrder(value);
      if (!order.ok) this.malformed.push(order.reason);
      else {
        this.orders.push(order.value);
        this.model.receiveOrder(order.value);
      }
    } else {
      const actions = checkInstantActions(value);
      if (!actions.ok) this.malformed.push(actions.reason);
      else {
        this.instantActions.push(actions.value);
        this.model.receiveInstantActions(actions.value.actions);
      }
    }
    this.report();
  }
}

export function factsheetMessage(): string {
  return JSON.stringify({
    ...header(),
    typeSpecification: {
      seriesName: "Carrier 15",
      agvKinematic: "THREEWHEEL",
      agvClass: "CARRIER",
      maxLoadMass: 40_000,
      localizationTypes: ["NATURAL"],
      navigationTypes: ["AUTONOMOUS"],
    },
    physicalParameters: {
      speedMin: 0,
      speedMax: 6,
      accelerationMax: 0.5,
      decelerationMax: 1,
      heightMax: 4.5,
      width: 3,
      length: 15,
    },
    protocolLimits: {
      maxStringLens: {},
      maxArrayLens: {},
      timing: { minOrderInterval: 0.1, minStateInterval: 0.1 },
    },
    protocolFeatures: {
      optionalParameters: [],
      agvActions: [{ actionType: "pick", actionScopes: ["NODE"] }],
    },
    agvGeometry: {},
    loadSpecification: {},
  });
}

function connectionMessage(connectionState: "ONLINE" | "OFFLINE" | "CONNECTIONBROKEN"): string {
  return JSON.stringify({ ...header(), connectionState });
}

function header() {
  return { headerId: 0, timestamp: new Date().toISOString(), version: VDA5050_VERSION, ...ADDRESS };
}

import {
  createVda5050Adapter,
  type FleetEvent,
  type MessageLink,
  mqttLinks,
  type Vda5050Adapter,
  type VehicleId,
  type VehicleRecord,
  wallClock,
} from "@baton/fleet-adapter";
import { checkOrder, VDA5050_VERSION } from "@baton/fleet-adapter/vda5050";
import mqtt from "mqtt";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { driveOrder, testChart } from "../../fleet-adapter/src/vda5050/core/drive-order-fixture.ts";
import { ModelVehicle } from "../../fleet-adapter/src/vda5050/core/model-vehicle.ts";
import { freePort } from "../../orchestrator/src/testing/free-port.ts";
import { silenceAlarms } from "../../orchestrator/src/watch/silence-alarms.ts";
import { BROKERS, type TestBroker } from "./brokers.ts";
import { factsheetMessage } from "./mqtt-vehicle.ts";

/**
 * Vehicles behind gateways: a session with the broker carries hundreds of them, and has one last will, so that of most
 * nobody says that they are gone.
 */

/** The embedded broker is the demo's. */
const MOST_EMBEDDED = 400;
const MOST = 2_000;
const SESSIONS = 4;
/** A state may be lost (QoS 0), and brokers do lose some of thousands at once: vehicles say it again, as they do. */
const SAID_AGAIN_MS = 1_000;
const WAIT = { timeout: 30_000, interval: SAID_AGAIN_MS };
const TEST_MS = 90_000;
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const gatewayOf = (index: number): number => index % SESSIONS;
const vehicleIdOf = (index: number): VehicleId => `sim.v${index}` as VehicleId;
const topicOf = (index: number, leaf: string): string => `uagv/v2/sim/v${index}/${leaf}`;
const sheet: object = JSON.parse(factsheetMessage());

for (const { name, start } of BROKERS) {
  const count = name === "mosquitto" ? MOST : MOST_EMBEDDED;
  const all = Array.from({ length: count }, (_, index) => index);
  describe.skipIf(start === undefined)(`${count} vehicles on ${SESSIONS} sessions with ${name}`, () => {
    let port: number;
    let broker: TestBroker;
    let gateways: MessageLink[];
    let adapter: Vda5050Adapter;
    let models: ModelVehicle[];
    let opened: number;
    let links: boolean[];
    /** Of each vehicle where it was last said to be; and whoever was taken back from there. */
    let places: Map<VehicleId, string>;
    let takenBack: VehicleId[];
    let troubles: string[];
    let broken: VehicleId[];
    let clock: ReturnType<typeof wallClock>;

    const startBroker = async (): Promise<TestBroker> => {
      if (start === undefined) throw new Error("skipped");
      return start(port);
    };
    const connection = (index: number, connectionState: string): object => ({
      headerId: 0,
      timestamp: new Date().toISOString(),
      version: VDA5050_VERSION,
      manufacturer: "sim",
      serialNumber: `v${index}`,
      connectionState,
    });
    const report = (index: number, retain = false): void => {
      const state = { ...models[index]?.state(Date.now()), serialNumber: `v${index}` };
      gateways[gatewayOf(index)]?.publish(topicOf(index, "state"), state, { retain });
    };
    const openGateway = (gateway: number): MessageLink => {
      const mine = all.filter((index) => gatewayOf(index) === gateway);
      return mqttLinks({ url: broker.url })({
        clientId: `gateway-${gateway}`,
        subscriptions: mine.map((index) => topicOf(index, "order")),
        // The session's one will: of the first vehicle behind it.
        will: { topic: topicOf(gateway, "connection"), message: connection(gateway, "CONNECTIONBROKEN") },
        onOpen: (link) => {
          opened += 1;
          for (const index of mine) {
            link.publish(topicOf(index, "connection"), connection(index, "ONLINE"), { qos: 1, retain: true });
            const own = { ...sheet, serialNumber: `v${index}` };
            link.publish(topicOf(index, "factsheet"), own, { retain: true });
          }
        },
        onMessage: (topic, payload) => {
          const json = payload.json();
          const order = checkOrder(json.ok ? json.value : undefined);
          const index = Number(topic.split("/")[3]?.slice(1));
          if (!order.ok) throw new Error(order.reason);
          models[index]?.receiveOrder(order.value);
          report(index);
        },
      });
    };
    const heardAtMs = (index: number): number => adapter.vehicles().get(vehicleIdOf(index))?.heardAtMs ?? 0;
    const records = (): VehicleRecord[] => [...adapter.vehicles().values()];
    /** Vehicles report until each is seen as asked. */
    const untilAll = (isSeen: (record: VehicleRecord | undefined) => boolean): Promise<void> =>
      vi.waitFor(() => {
        const open = all.filter((index) => !isSeen(adapter.vehicles().get(vehicleIdOf(index))));
        for (const index of open) report(index);
        expect(open).toEqual([]);
      }, WAIT);
    const allDriveTo = (nodeId: string): Promise<void> => {
      for (const model of models) model.lastNodeId = nodeId;
      return untilAll((record) => record?.state?.lastNodeId === nodeId);
    };
    /** Against the standard, states are kept as well. Resolves when the broker has all of them. */
    const keepStates = async (): Promise<void> => {
      const kept = new Set<string>();
      const ear = await mqtt.connectAsync(broker.url);
      ear.on("message", (topic) => kept.add(topic));
      await ear.subscribeAsync(topicOf(0, "state").replace("v0", "+"));
      await vi.waitFor(() => {
        for (const index of all) if (!kept.has(topicOf(index, "state"))) report(index, true);
        expect(kept.size).toBe(count);
      }, WAIT);
      await ear.endAsync();
    };
    /** Takes over the session of a client, which the broker then ends: its last will is spoken. */
    const usurp = (clientId: string) => mqtt.connectAsync(broker.url, { clientId, reconnectPeriod: 0 });

    beforeEach(async () => {
      port = await freePort();
      broker = await startBroker();
      models = all.map(() => new ModelVehicle("a"));
      places = new Map();
      [takenBack, broken, troubles, links] = [[], [], [], []];
      opened = 0;
      gateways = Array.from({ length: SESSIONS }, (_, gateway) => openGateway(gateway));
      await Promise.all(gateways.map((gateway) => gateway.whenOpen()));
      clock = wallClock({ speed: 1 });
      let last = 0;
      const openLink = mqttLinks({ url: broker.url });
      adapter = createVda5050Adapter({
        openLink: (options) =>
          openLink({
            ...options,
            onOpen: (link) => {
              links.push(true);
              options.onOpen?.(link);
            },
            onClose: () => {
              links.push(false);
              options.onClose?.();
            },
          }),
        side: "vn",
        chart: testChart,
        clock,
        timers: clock,
        ids: { next: () => `id-${last++}` },
        log: silent,
        maxVehicles: count,
      });
      adapter.subscribe((event: FleetEvent) => {
        if (event.kind === "connection" && event.connection === "broken") broken.push(event.vehicleId);
        if (event.kind === "trouble") troubles.push(`${event.code}: ${event.detail}`);
        if (event.kind !== "state") return;
        const { vehicleId, state } = event;
        const place = state.lastNodeId ?? "";
        if (place < (places.get(vehicleId) ?? "")) takenBack.push(vehicleId);
        places.set(vehicleId, place);
      });
    });

    afterEach(async () => {
      await adapter.stop();
      await Promise.all(gateways.map((gateway) => gateway.end()));
      await broker.stop();
    });

    it(
      "are all known, none is taken back by what the broker kept, and those of a lost gateway are told of",
      async () => {
        await keepStates();
        await adapter.start();
        await vi.waitFor(() => {
          const known = records().filter((one) => one.connection === "online" && one.factsheet !== undefined);
          expect(known).toHaveLength(count);
        }, WAIT);
        expect(records().filter(({ state }) => state !== undefined)).toEqual([]);
        await allDriveTo("b");

        // All that is kept comes again.
        const usurper = await usurp("baton-vn-id-0");
        await vi.waitFor(() => expect(links).toEqual([true, false, true]), WAIT);
        await usurper.endAsync();
        await allDriveTo("c");
        expect(takenBack).toEqual([]);

        const lost = await usurp("gateway-0");
        await gateways[0]?.end();
        await vi.waitFor(() => expect(broken).toEqual([vehicleIdOf(0)]), WAIT);
        await lost.endAsync();
        const lostAtMs = clock.nowMs();
        const elsewhere = all.filter((index) => gatewayOf(index) !== 0);
        await vi.waitFor(() => {
          const unheard = elsewhere.filter((index) => heardAtMs(index) < lostAtMs);
          for (const index of unheard) report(index);
          expect(unheard).toEqual([]);
        }, WAIT);
        const alarms: string[] = [];
        const book = {
          raise: ({ alarmId }: { alarmId: string }) => void alarms.push(alarmId),
          clear: () => {},
        };
        silenceAlarms(book, "vn").look(records(), lostAtMs + 40_000);
        const silentOnes = all.filter((index) => gatewayOf(index) === 0 && index !== 0);
        expect(alarms.sort()).toEqual(
          silentOnes.map((index) => `vehicle.silent:${vehicleIdOf(index)}`).sort(),
        );
        expect(troubles).toEqual([]);
      },
      TEST_MS,
    );

    it(
      "go on after the broker has started again: all are heard, and each takes the order stated meanwhile, once",
      async () => {
        await adapter.start();
        await allDriveTo("a");
        await broker.stop();
        await vi.waitFor(() => expect(links).toEqual([true, false]), WAIT);
        for (const index of all) adapter.drive(vehicleIdOf(index), driveOrder("leg-1", 0, ["a", "b"], 2));
        broker = await startBroker();
        await vi.waitFor(() => expect(opened).toBe(2 * SESSIONS), WAIT);
        await untilAll((record) => record?.state?.orderId === "leg-1");
        expect(models.flatMap(({ refusals, violations }) => [...refusals, ...violations])).toEqual([]);
        expect(models.filter(({ driven }) => driven.length !== 1)).toEqual([]);
        expect(troubles).toEqual([]);
      },
      TEST_MS,
    );
  });
}

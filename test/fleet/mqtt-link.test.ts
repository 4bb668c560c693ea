import { type MessageLink, mqttLinks } from "@baton/fleet-adapter";
import { startBroker } from "@baton/sim";
import { connectAsync } from "mqtt";
import { describe, expect, it, vi } from "vitest";

/** A busy machine is no failure. */
const WAIT = { timeout: 15_000 };

describe("a link to a broker", () => {
  it("comes back when the broker does, and subscribes again", async () => {
    const first = await startBroker({ port: 0 });
    const port = Number(new URL(first.url).port);
    const heard: string[] = [];
    let sessions = 0;
    const link = mqttLinks({ url: first.url })({
      clientId: "link",
      subscriptions: ["a"],
      onOpen: () => {
        sessions++;
      },
      onMessage: (_topic, payload) => heard.push(JSON.stringify(payload.json())),
    });
    await vi.waitFor(() => expect(sessions).toBe(1), WAIT);
    await first.stop();
    const second = await startBroker({ port });
    await vi.waitFor(() => expect(sessions).toBe(2), { timeout: 15_000 });
    const mouth = await connectAsync(second.url);
    await mouth.publishAsync("a", '"again"', { qos: 1 });
    await vi.waitFor(() => expect(heard).toEqual(['{"ok":true,"value":"again"}']), WAIT);
    await mouth.endAsync();
    await link.end();
    await second.stop();
  });

  it("ends although its broker is gone, with a farewell still to say", async () => {
    const broker = await startBroker({ port: 0 });
    const link = await new Promise<MessageLink>((resolve) => {
      mqttLinks({ url: broker.url })({
        clientId: "link",
        subscriptions: [],
        onOpen: resolve,
        onMessage: () => undefined,
      });
    });
    await broker.stop();
    await link.end({ topic: "a", message: "bye" });
  });

  it("has its last will published when its process is gone, and its farewell instead when it ends", async () => {
    const broker = await startBroker({ port: 0 });
    const ear = await connectAsync(broker.url);
    const heard: string[] = [];
    ear.on("message", (_topic, payload, { qos, retain }) => heard.push(`${payload} ${qos} ${retain}`));
    await ear.subscribeAsync("status", { qos: 1 });
    const one = {
      clientId: "one",
      subscriptions: [],
      will: { topic: "status", message: { word: "lost" } },
      onMessage: () => undefined,
    };
    const orderly = mqttLinks({ url: broker.url })(one);
    await orderly.whenOpen();
    await orderly.end({ topic: "status", message: { word: "goodbye" } });
    await vi.waitFor(() => expect(heard).toEqual(['{"word":"goodbye"} 1 false']), WAIT);
    const lost = mqttLinks({ url: broker.url })(one);
    await lost.whenOpen();
    // Another client under its id: the broker breaks the connection of the first.
    const usurper = await connectAsync(broker.url, { clientId: "one", reconnectPeriod: 0 });
    await vi.waitFor(() => expect(heard).toContain('{"word":"lost"} 1 false'), WAIT);
    await Promise.all([lost.end(), usurper.endAsync(), ear.endAsync()]);
    await broker.stop();
  });
});

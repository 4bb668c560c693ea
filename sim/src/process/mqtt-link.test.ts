import { connectAsync } from "mqtt";
import { describe, expect, it, vi } from "vitest";
import { startBroker } from "../broker/broker.ts";
import { type MqttLink, openMqttLink } from "./mqtt-link.ts";

describe("a link to a broker", () => {
  it("comes back when the broker does, and subscribes again", async () => {
    const first = await startBroker({ port: 0 });
    const port = Number(new URL(first.url).port);
    const heard: string[] = [];
    let sessions = 0;
    const link = openMqttLink({
      url: first.url,
      clientId: "link",
      subscriptions: ["a"],
      onConnect: () => {
        sessions++;
      },
      onMessage: (_topic, payload) => heard.push(new TextDecoder().decode(payload)),
    });
    await vi.waitFor(() => expect(sessions).toBe(1));
    await first.stop();
    const second = await startBroker({ port });
    await vi.waitFor(() => expect(sessions).toBe(2), { timeout: 15_000 });
    const mouth = await connectAsync(second.url);
    await mouth.publishAsync("a", "again", { qos: 1 });
    await vi.waitFor(() => expect(heard).toEqual(["again"]));
    await mouth.endAsync();
    await link.end();
    await second.stop();
  });

  it("ends although its broker is gone, with a farewell still to say", async () => {
    const broker = await startBroker({ port: 0 });
    const link = await new Promise<MqttLink>((resolve) => {
      openMqttLink({
        url: broker.url,
        clientId: "link",
        subscriptions: [],
        onConnect: resolve,
        onMessage: () => undefined,
      });
    });
    await broker.stop();
    await link.end({ topic: "a", payload: "bye" });
  });
});

import { connectAsync } from "mqtt";
import { describe, expect, it, vi } from "vitest";
import { startBroker } from "./broker.ts";

/** A busy machine is no failure. */
const WAIT = { timeout: 15_000 };

describe("the embedded broker", () => {
  it("passes messages on, keeps retained ones, and publishes the last will of a session that is cut off", async () => {
    const broker = await startBroker({ port: 0 });
    const heard: string[] = [];
    const lost = await connectAsync(broker.url, {
      reconnectPeriod: 0,
      will: { topic: "a/status", payload: Buffer.from("offline"), qos: 1, retain: true },
    });
    await lost.publishAsync("a/status", "online", { qos: 1, retain: true });
    const ear = await connectAsync(broker.url);
    ear.on("message", (topic, payload) => heard.push(`${topic} ${payload.toString()}`));
    await ear.subscribeAsync("a/#", { qos: 1 });
    await vi.waitFor(() => expect(heard).toEqual(["a/status online"]), WAIT);
    lost.stream.destroy();
    await vi.waitFor(() => expect(heard).toEqual(["a/status online", "a/status offline"]), WAIT);
    await ear.endAsync();
    await broker.stop();
  });

  it("loses no retained message with another close behind it, whatever its quality of service", async () => {
    const broker = await startBroker({ port: 0 });
    const heard: string[] = [];
    const ear = await connectAsync(broker.url);
    ear.on("message", (topic) => heard.push(topic));
    await ear.subscribeAsync("#", { qos: 1 });
    const mouth = await connectAsync(broker.url);
    const topics = Array.from({ length: 30 }, (_, i) => `t/${i}`);
    topics.forEach((topic, i) => {
      mouth.publish(topic, "x", { qos: i % 5 === 0 ? 1 : 0, retain: i % 3 === 0 });
    });
    await vi.waitFor(() => expect([...heard].sort()).toEqual([...topics].sort()), WAIT);
    await mouth.endAsync();
    await ear.endAsync();
    await broker.stop();
  });

  it("says so when its port is taken", async () => {
    const broker = await startBroker({ port: 0 });
    await expect(startBroker({ port: Number(new URL(broker.url).port) })).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
    await broker.stop();
  });
});

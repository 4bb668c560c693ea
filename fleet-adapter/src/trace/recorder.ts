import { connectAsync, type MqttClient } from "mqtt";
import type { TraceLine } from "./trace-line.ts";

export interface RecorderOptions {
  readonly url: string;
  /** Everything under it is taken down. */
  readonly topicFilter: string;
  readonly nowMs: () => number;
  readonly take: (line: TraceLine) => void;
}

export interface Recorder {
  /** Whether the broker tells how a message was retained (MQTT 5, retain as published). */
  readonly seesRetain: boolean;
  stop(): Promise<void>;
}

/**
 * Listens to a broker. With MQTT 5 the flag `retain` arrives as it was published; a broker that speaks 3.1.1 only clears
 * it for whoever listened already, and then it is taken down only where it is set.
 */
export async function startRecorder(options: RecorderOptions): Promise<Recorder> {
  const { url, topicFilter, nowMs, take } = options;
  const { client, seesRetain } = await session(url);
  client.on("message", (topic, payload, { qos, retain }) => {
    take({
      time: new Date(nowMs()).toISOString(),
      topic,
      qos,
      ...(seesRetain || retain ? { retain } : {}),
      payload: payload.toString("utf8"),
    });
  });
  await client.subscribeAsync(topicFilter, seesRetain ? { qos: 2, rap: true } : { qos: 2 });
  return {
    seesRetain,
    stop: async () => {
      await client.endAsync();
    },
  };
}

async function session(url: string): Promise<{ readonly client: MqttClient; readonly seesRetain: boolean }> {
  try {
    const client = await connectAsync(url, { protocolVersion: 5, reconnectPeriod: 0 }, false);
    return { client, seesRetain: true };
  } catch {
    return {
      client: await connectAsync(url, { protocolVersion: 4, reconnectPeriod: 0 }, false),
      seesRetain: false,
    };
  }
}

import { connectAsync } from "mqtt";
import { describe, expect, it, vi } from "vitest";
import { startRecorder } from "../../fleet-adapter/src/trace/recorder.ts";
import { readTrace, type TraceLine } from "../../fleet-adapter/src/trace/trace-line.ts";
import { freePort } from "../../orchestrator/src/testing/free-port.ts";
import { BROKERS } from "./brokers.ts";

const WAIT = { timeout: 10_000, interval: 10 };

for (const { name, start } of BROKERS) {
  describe.skipIf(start === undefined)(`a recorder at ${name}`, () => {
    it("takes down what is said as it was said, and the retained flag where the broker tells it", async () => {
      if (start === undefined) throw new Error("skipped");
      const broker = await start(await freePort());
      const mouth = await connectAsync(broker.url);
      await mouth.publishAsync("uagv/v2/acme/7/connection", '{"before":true}', { qos: 1, retain: true });
      const lines: TraceLine[] = [];
      const recorder = await startRecorder({
        url: broker.url,
        topicFilter: "uagv/#",
        nowMs: () => 1_790_000_000_000,
        take: (line) => lines.push(line),
      });
      await mouth.publishAsync("uagv/v2/acme/7/connection", '{"after":true}', { qos: 1, retain: true });
      await mouth.publishAsync("uagv/v2/acme/7/state", "not json");
      await vi.waitFor(() => expect(lines).toHaveLength(3), WAIT);
      const time = "2026-09-21T14:13:20.000Z";
      const connection = { time, topic: "uagv/v2/acme/7/connection", qos: 1 };
      const unseen = recorder.seesRetain ? { retain: true } : {};
      expect(lines).toEqual([
        { ...connection, retain: true, payload: '{"before":true}' },
        { ...connection, ...unseen, payload: '{"after":true}' },
        {
          time,
          topic: "uagv/v2/acme/7/state",
          qos: 0,
          ...(recorder.seesRetain ? { retain: false } : {}),
          payload: "not json",
        },
      ]);
      expect(recorder.seesRetain).toBe(name === "mosquitto");
      const trace = readTrace(lines.map((line) => JSON.stringify(line)).join("\n"));
      expect(trace.unreadable).toEqual([]);
      expect(trace.entries.map(({ flaw }) => flaw === undefined)).toEqual([true, true, false]);
      await recorder.stop();
      await mouth.endAsync();
      await broker.stop();
    });
  });
}

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../orchestrator/src/testing/free-port.ts";
import { startChild } from "./child.ts";
import { MOSQUITTO, provide } from "./debian.ts";

export interface RunningBroker {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a mosquitto of our own on loopback, without persistence. */
export async function startMosquitto(port?: number): Promise<RunningBroker> {
  const program = await provide(MOSQUITTO);
  const folder = await mkdtemp(join(tmpdir(), "baton-mosquitto-"));
  const listenPort = port ?? (await freePort());
  const config = join(folder, "mosquitto.conf");
  await writeFile(
    config,
    `listener ${listenPort} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_inflight_messages 0\nmax_queued_messages 100000\n${process.getuid?.() === 0 ? "user root\n" : ""}`,
  );
  const child = await startChild(
    program,
    ["-v", "-c", config],
    (line) => line.includes("mosquitto version") && line.includes("running"),
  );
  child.process.stdout?.resume();
  child.process.stderr?.resume();
  return {
    url: `mqtt://127.0.0.1:${listenPort}`,
    async stop() {
      await child.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

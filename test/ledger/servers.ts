import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { administer } from "../../orchestrator/src/reservation/testing/redis-zone.ts";
import { freePort } from "../../orchestrator/src/testing/free-port.ts";
import { type RunningRedis, startRedis } from "../../scripts/provision/redis.ts";

/** A replica is served at once, not when others may have come too. */
const PROMPT = ["--repl-diskless-sync-delay", "0"];

/** A Redis of a test's own that can be killed, and asked for anything. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly admin: ReturnType<typeof administer>;
  /** As a power cut ends it: no farewell, nothing written that was not. */
  kill(): Promise<void>;
  /** Starts it again on its port, with what its folder holds. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startServer(
  settings: readonly string[] = [],
  durability: "always" | "none" = "always",
): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), "baton-ledger-"));
  const port = await freePort();
  const start = (): Promise<RunningRedis> =>
    startRedis({ folder, port, durability, settings: [...PROMPT, ...settings] });
  let running = await start();
  const admin = administer(running.url);
  return {
    url: running.url,
    port,
    admin,
    async kill() {
      const closed = once(admin, "close");
      if (running.pid !== undefined) process.kill(running.pid, "SIGKILL");
      await closed;
    },
    async restart() {
      running = await start();
    },
    async stop() {
      admin.disconnect();
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A second server that follows the first. */
export async function startReplica(of: TestServer): Promise<TestServer> {
  const replica = await startServer(["--replicaof", "127.0.0.1", String(of.port)]);
  await following(replica);
  return replica;
}

export async function following(replica: TestServer): Promise<void> {
  await vi.waitFor(
    async () => expect(await replica.admin.info("replication")).toContain("master_link_status:up"),
    { timeout: 20_000, interval: 50 },
  );
}

/** Cuts a replica off from its master, as it is: what is written from here on it does not get. */
export async function cutOff(replica: TestServer): Promise<void> {
  await replica.admin.replicaof("127.0.0.1", 1);
}

/** Three masters that share the slots of a cluster between them. */
export async function startCluster(): Promise<TestServer[]> {
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  const nodes = await Promise.all(
    ports.map((busPort) =>
      startServer([
        ...["--cluster-enabled", "yes", "--cluster-port", String(busPort)],
        // A zone goes on when the node of another one is gone.
        ...["--cluster-require-full-coverage", "no", "--cluster-node-timeout", "1000"],
      ]),
    ),
  );
  const share = Math.ceil(16_384 / nodes.length);
  for (const [i, { admin }] of nodes.entries()) {
    const last = Math.min(16_384, (i + 1) * share) - 1;
    await admin.call("CLUSTER", "ADDSLOTSRANGE", String(i * share), String(last));
    await admin.call("CLUSTER", "SET-CONFIG-EPOCH", String(i + 1));
  }
  for (const [i, { port }] of nodes.entries()) {
    await nodes[0]?.admin.call("CLUSTER", "MEET", "127.0.0.1", String(port), String(ports[i]));
  }
  await vi.waitFor(
    async () => {
      for (const { admin } of nodes) {
        const info = await admin.cluster("INFO");
        expect(info).toContain("cluster_state:ok");
        expect(info).toContain(`cluster_known_nodes:${nodes.length}`);
        expect(info).toContain("cluster_slots_ok:16384");
      }
    },
    { timeout: 30_000, interval: 100 },
  );
  return nodes;
}

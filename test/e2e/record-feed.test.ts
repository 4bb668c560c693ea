import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { McapIndexedReader } from "@mcap/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { capture, ROOT } from "../../scripts/run.ts";
import { type DemoUnderTest, demoUnderTest, START_TIMEOUT_MS, TEST_TIMEOUT_MS } from "./demo-under-test.ts";

let demo: DemoUnderTest;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "baton-record-"));
  demo = await demoUnderTest({ speed: 4 });
}, START_TIMEOUT_MS);

afterAll(async () => {
  await demo?.end();
  await rm(folder, { recursive: true, force: true });
});

it(
  "what a running side's feed tells is recorded into a file that can be read again",
  async () => {
    const tokenFile = join(folder, "token");
    const file = join(folder, "live.mcap");
    await writeFile(tokenFile, `${demo.identities.vn.tokens.engineer}\n`);
    const feed = new URL("/api/v1/feed", demo.httpUrl.vn);
    feed.protocol = "ws:";
    const { code, output } = await capture(process.execPath, [
      join(ROOT, "scripts/sim.ts"),
      "record",
      "--side=vn",
      `--url=${feed}`,
      `--token-file=${tokenFile}`,
      `--out=${file}`,
      "--seconds=10",
    ]);
    expect(output).toContain(" 0 refused");
    expect(code).toBe(0);

    const handle = await open(file, "r");
    const { size } = await handle.stat();
    const reader = await McapIndexedReader.Initialize({
      readable: {
        size: async () => BigInt(size),
        read: async (offset, length) => {
          const bytes = new Uint8Array(Number(length));
          await handle.read(bytes, 0, bytes.byteLength, Number(offset));
          return bytes;
        },
      },
      decompressHandlers: { zstd: (data) => zstdDecompressSync(data) },
    });
    const counts = new Map<string, number>();
    for await (const { channelId } of reader.readMessages()) {
      const topic = reader.channelsById.get(channelId)?.topic ?? "";
      counts.set(topic, (counts.get(topic) ?? 0) + 1);
    }
    await handle.close();
    expect(counts.get("/vehicles/poses")).toBeGreaterThan(5);
    expect(counts.get("/missions")).toBeGreaterThan(0);
    expect(counts.get("/grants")).toBeGreaterThan(0);
    expect(counts.get("/scene")).toBeGreaterThan(1);
  },
  TEST_TIMEOUT_MS,
);

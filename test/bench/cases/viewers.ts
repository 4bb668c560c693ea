import { setTimeout as passed } from "node:timers/promises";
import { atLeast, atMost, type BenchCase, figure } from "../bench-case.ts";
import { sideProcess, viewersProcess } from "../worlds/made-up-side.ts";

const VIEWERS = 200;
const VEHICLES = 300;
const TICKS_PER_S = 5;
const MEASURED_MS = 20_000;
const WARM_UP_MS = 5_000;
const CONNECT_LIMIT_MS = 60_000;

/** What viewers of one orchestrator's feed cost it: a process of its own, all of its CPU, at 300 vehicles. */
export const VIEWERS_CASE: BenchCase = {
  name: `viewers-${VIEWERS}`,
  async run() {
    const side = sideProcess("1119-1120", VEHICLES);
    try {
      const { feed } = await side.ask();
      const one = await sharesWith(1, feed);
      const all = await sharesWith(VIEWERS, feed);
      const name = `viewers-${VIEWERS}`;
      return [
        atMost(`${name}/cpuShare`, all.cpuShare, "cores", 0.5),
        figure(`${name}/cpuShareOfOneViewer`, one.cpuShare, "cores"),
        atLeast(`${name}/framesPerViewerAndS`, all.framesPerS / VIEWERS, "1/s", 0.95 * TICKS_PER_S),
        figure(`${name}/bytesPerViewerAndS`, all.bytesPerS / VIEWERS, "B/s"),
        atMost(`${name}/closed`, all.closed, "viewers", 0),
      ];
    } finally {
      side.end();
    }

    async function sharesWith(count: number, feed: string) {
      const viewers = viewersProcess(feed, count);
      try {
        const deadlineMs = performance.now() + CONNECT_LIMIT_MS;
        while ((await side.ask()).viewers < count) {
          if (performance.now() > deadlineMs) throw new Error(`${count} viewers are not connected`);
          await passed(100);
        }
        await passed(WARM_UP_MS);
        const before = { side: await side.ask(), viewers: await viewers.ask() };
        await passed(MEASURED_MS);
        const after = { side: await side.ask(), viewers: await viewers.ask() };
        const seconds = (after.viewers.atMs - before.viewers.atMs) / 1000;
        return {
          cpuShare: (after.side.cpuMs - before.side.cpuMs) / (after.side.atMs - before.side.atMs),
          bytesPerS: (after.viewers.bytes - before.viewers.bytes) / seconds,
          framesPerS: (after.viewers.poseFrames - before.viewers.poseFrames) / seconds,
          closed: after.viewers.closed,
        };
      } finally {
        viewers.end();
      }
    }
  },
};

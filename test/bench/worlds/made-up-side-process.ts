/** A process of its own: a side with made-up traffic and its viewers' feed. `made-up-side-process.ts SITE VEHICLES [TWIN]` */
import { startMadeUpSide } from "../../viewers/made-up-side.ts";

const [siteId, vehiclesText, twinFolder] = process.argv.slice(2);
const vehicles = Number(vehiclesText);
if (siteId === undefined || !(vehicles > 0)) throw new Error("made-up-side-process.ts SITE VEHICLES [TWIN]");

const side = await startMadeUpSide({ siteId, vehicles, twinFolder });
process.on("message", (speed) => {
  if (typeof speed === "number" && speed > 0) side.setSpeed(speed);
  const { user, system } = process.cpuUsage();
  process.send?.({
    page: side.page,
    feed: side.feed,
    viewers: side.viewers(),
    siteMs: side.nowMs(),
    fed: side.fed(),
    atMs: performance.now(),
    cpuMs: (user + system) / 1000,
  });
});

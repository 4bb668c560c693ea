import { createTwoSides, offerOf } from "./testing/two-sides.ts";
import { startRedis } from "../../../scripts/provision/redis.ts";
const redis = await startRedis({ durability: "none" });
for (let round = 0; round < 6; round++) {
for (const side of ["vn","cn"] as const) for (const atCommit of [1,2,3,4,5,6]) for (const when of ["before","after"] as const) {
  const sides = await createTwoSides(redis.url, { death: { side, atCommit, when } });
  sides.service("vn").offer(offerOf("h-1", sides.clock.nowMs()));
  const t0 = Date.now();
  let ok = false;
  while (Date.now() - t0 < 8000) {
    await new Promise((r) => setTimeout(r, 20));
    if (sides.told("vn","concluded").length && sides.told("cn","concluded").length) { ok = true; break; }
    if (Date.now() - t0 > 1000 && side === "vn" && atCommit === 1) { try { sides.service("vn").offer(offerOf("h-1", sides.clock.nowMs())); } catch {} }
  }
  console.log(side, atCommit, when, ok, Date.now() - t0, ok ? "" : JSON.stringify(sides.events).slice(0,800) + JSON.stringify([sides.service("vn").open(), sides.service("cn").open(), sides.vehicle, sides.service("vn").metrics(), sides.service("cn").metrics()]));
  await sides.end();
}
}
await redis.stop();

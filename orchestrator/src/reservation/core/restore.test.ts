import type { VehicleId } from "@baton/fleet-adapter";
import type { BlockId } from "@baton/maps";
import { expect, test } from "vitest";
import type { LeaderId } from "../ledger/ledger.ts";
import { createModelLedger } from "../ledger/model.ts";
import { checkVisitOrder } from "../testing/core-world.ts";
import { scene } from "../testing/scene.ts";
import { takeChange } from "./change.ts";
import { createZone } from "./create-zone.ts";
import { restore } from "./restore.ts";
import { spread } from "./retime.ts";
import { orderLine } from "./stored.ts";

test("how often a leg was jumped is counted on by the next leader: the bound is not begun anew", async () => {
  const ledger = createModelLedger();
  const { epoch } = await ledger.takeLeadership("first" as LeaderId, 0);
  const { zone, vehicle } = scene({
    ways: { A: "a c d p e", B: "b p f", C: "g p h" },
    switching: { mostTimesJumped: 1 },
  });
  expect(zone.jumps.tryJump(zone, vehicle("C"))).toBe(true);
  for (const id of zone.vehicles.keys()) zone.changed.add(id);
  const change = { ...takeChange(zone), tick: 1 };
  expect(await ledger.commit({ epoch, previousTick: 0, change, keepFromTick: 0 })).toMatchObject({
    kind: "committed",
  });

  const next = createZone(zone.network, zone.settings);
  restore(next, await ledger.read());
  spread(next);
  const again = next.vehicles.get("B" as VehicleId);
  if (again === undefined) throw new Error("B is in the ledger");
  expect(next.jumps.tryJump(next, again)).toBe(false);
  // And nothing of it is written again as long as it stays so.
  expect(takeChange(next).vehicles).toEqual([]);
});

test("ground that is granted for no reason that is known stays held, and comes before what is planned", async () => {
  const ledger = createModelLedger();
  const { epoch } = await ledger.takeLeadership("first" as LeaderId, 0);
  const { zone } = scene({ ways: { A: "a c d e", B: "b p f" } });
  for (const id of zone.vehicles.keys()) zone.changed.add(id);
  const change = { ...takeChange(zone), tick: 1 };
  await ledger.commit({ epoch, previousTick: 0, change, keepFromTick: 0 });
  const content = await ledger.read();
  const elsewhere = "f" as BlockId;

  const next = createZone(zone.network, zone.settings);
  restore(next, {
    ...content,
    orders: new Map([[elsewhere, orderLine(1, "B" as VehicleId)]]),
    grants: new Map([...content.grants, [elsewhere, "A" as VehicleId]]),
  });
  checkVisitOrder(next);
  expect(next.claims.holder(next.network.blockIndex(elsewhere) ?? -1)?.vehicleId).toBe("A");
});

import type { VehicleId } from "@baton/fleet-adapter";
import type { NodeId, VehicleClassId } from "@baton/maps";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LeaderId } from "../ledger/ledger.ts";
import type { Account, LegId, ReservationEvent } from "../port.ts";
import { createReservation } from "../service.ts";
import { createForgetfulLedger } from "../testing/forgetful-ledger.ts";
import { ladder, ring, singleTrack } from "../testing/layouts.ts";
import { CARRIER, drive, NO_TIMERS } from "../testing/traffic.ts";
import { closureAround } from "./rebuild.ts";
import { at } from "./runs.ts";

const QUIET = { info: () => {}, warn: () => {}, error: () => {} };
const CAR = "car" as VehicleId;
const OTHER = "other" as VehicleId;

describe("a ledger that lost its newest ticks", () => {
  test.each([ring(8), ladder(7), singleTrack(4, 4)])(
    "on $name, is true again as soon as it is led again: nobody stands on ground that is not its own, and all go on",
    async (layout) => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0 }), fc.constantFrom(0, 0.03), async (seed, turns) => {
          const ledger = createForgetfulLedger(40);
          let left = 3;
          const plan = {
            layout,
            seed,
            vehicles: 5,
            tripsEach: 2,
            stops: 0.005,
            lostReports: 0.2,
            newLeaders: 0,
            turns,
            failOvers: {
              probability: 0.01,
              isTrue: () => ledger.isTrue(),
              failOver(random: () => number) {
                if (left-- > 0) ledger.failOver(Math.floor(12 * random()));
              },
            },
          };
          const { ticks } = await drive(plan, { ledger, holders: () => ledger.state().grants });
          expect(ticks).toBeGreaterThan(0);
        }),
        // Seeds that found something once: orders in a circle, a way that the ledger lost, a stop passed, places swapped,
        // a vehicle that had gone aside and was told of its leg under the name of the order that it had ended.
        {
          numRuns: 9,
          examples: [2, 60, 81, 120, 225, 5044, 990875].map((seed) => [seed, 0] as [number, number]),
        },
      );
    },
  );
});

describe("a vehicle that does not say where it is after lost ticks", () => {
  const layout = ring(12);
  const { network } = layout;

  /** A zone with two vehicles far apart; what it was before it is lost, and a way to lead it again. */
  async function zone(answers: (vehicleId: VehicleId) => boolean) {
    const ledger = createForgetfulLedger(10);
    const events: ReservationEvent[] = [];
    const places = new Map<VehicleId, string>([
      [CAR, "bay0"],
      [OTHER, "bay6"],
    ]);
    let nowMs = 1_000_000;
    const lead = async () => {
      const service = createReservation({
        network,
        ledger,
        kinematics: CARRIER,
        leaderId: "me" as LeaderId,
        clock: { nowMs: () => nowMs },
        timers: NO_TIMERS,
        log: QUIET,
        witnesses: { accounts: async () => [...places.keys()].filter(answers).map(accountOf) },
      });
      service.subscribe((event) => void events.push(event));
      await service.start();
      return service;
    };
    const poseOf = (vehicleId: VehicleId) => {
      const pose = network.poseIndex((places.get(vehicleId) ?? "") as NodeId) ?? -1;
      const { xM, yM, headingRad } = network.poses;
      return { xM: at(xM, pose), yM: at(yM, pose), headingRad: at(headingRad, pose) };
    };
    const accountOf = (vehicleId: VehicleId): Account => ({
      vehicleId,
      pose: poseOf(vehicleId),
      legId: undefined,
      lastNodeId: (places.get(vehicleId) ?? "") as NodeId,
      releasedEdgeIds: [],
      releasedNodeIds: [],
      isOrderDone: true,
      confirmedProbe: true,
    });
    let service = await lead();
    const tick = async (count = 1): Promise<void> => {
      for (let i = 0; i < count; i++) {
        nowMs += 200;
        for (const vehicleId of places.keys()) {
          if (!answers(vehicleId)) continue;
          service.observe({ vehicleId, pose: poseOf(vehicleId), speedMps: 0, driving: false, atMs: nowMs });
        }
        await service.tick();
      }
    };
    const ask = (vehicleId: VehicleId, legId: string, toNodeId: string): void =>
      service.requestLeg({
        legId: legId as LegId,
        vehicleId,
        via: [],
        toNodeId: toNodeId as NodeId,
        actionsAtEnd: [],
        priority: 0,
        commandedBy: "us",
      });
    for (const [vehicleId, nodeId] of places) {
      service.admit({ vehicleId, vehicleClassId: "carrier" as VehicleClassId, nodeId: nodeId as NodeId });
    }
    await tick();
    const granted = (vehicleId: VehicleId) =>
      events.filter((event) => event.kind === "granted" && event.vehicleId === vehicleId);
    return {
      ledger,
      lead,
      ask,
      tick,
      granted,
      service: () => service,
      async loseAndLeadAgain() {
        ledger.failOver(0);
        service = await lead();
        await tick();
      },
    };
  }

  test("keeps its ground, is an obstacle, and has its section closed, while the rest goes on", async () => {
    const world = await zone((vehicleId) => vehicleId !== CAR);
    await world.loseAndLeadAgain();
    const { closures, failed } = world.service().outOfUse();
    expect(failed).toMatchObject([{ vehicleId: CAR }]);
    expect(closures).toMatchObject([{ closureId: closureAround(CAR) }]);
    expect(closures[0]?.edgeIds).toContain("bay0>r1");
    expect(world.ledger.state().grants.get("bay0" as never)).toBe(CAR);
    world.ask(OTHER, "away", "bay8");
    world.ask(CAR, "not-now", "bay2");
    await world.tick(3);
    expect(world.granted(OTHER)).toHaveLength(1);
    expect(world.granted(CAR)).toEqual([]);
  });

  test("goes on when it answers and a person vouches for it, and not for one of the two alone", async () => {
    let isBack = false;
    const world = await zone((vehicleId) => vehicleId !== CAR || isBack);
    await world.loseAndLeadAgain();
    world.ask(CAR, "leg", "bay2");
    expect(await world.service().vouch(CAR, "where-it-says")).toMatchObject({ kind: "refused" });
    isBack = true;
    await world.tick(3);
    expect(world.granted(CAR)).toEqual([]);
    expect(await world.service().vouch(CAR, "where-it-says")).toEqual({ kind: "ok" });
    await world.tick(3);
    expect(world.granted(CAR).length).toBeGreaterThan(0);
    expect(world.service().outOfUse()).toEqual({ closures: [], failed: [] });
  });

  test("may be vouched for as standing idle where one may stand and it is, and nowhere else", async () => {
    const world = await zone(() => true);
    const bay3 = network.poseIndex("bay3" as NodeId) ?? 0;
    const whyNot = (name: string, offM = 0) => {
      const { xM, yM, headingRad } = network.poses;
      const stands = { xM: at(xM, bay3) + offM, yM: at(yM, bay3), headingRad: at(headingRad, bay3) };
      return world.service().whyNotIdleAt(CAR, name as NodeId, stands);
    };
    expect(whyNot("bay3")).toBeUndefined();
    expect(whyNot("bay3", 5)).toContain("does not stand at a place");
    expect(whyNot("a place of the other side's")).toContain("does not stand at a place");
  });

  test("is asked for again by the next leader, when the one that rebuilt the ledger dies before it made an obstacle of it", async () => {
    const world = await zone((vehicleId) => vehicleId !== CAR);
    world.ledger.failOver(0);
    await world.lead();
    expect(world.ledger.state().vehicles.get(CAR)?.failed).toBeUndefined();
    expect((await world.ledger.takeLeadership("next" as LeaderId, 0)).whole).toBe(false);
  });

  test("is still an obstacle under the next leader, which finds the ledger whole", async () => {
    const world = await zone((vehicleId) => vehicleId !== CAR);
    await world.loseAndLeadAgain();
    expect((await world.ledger.takeLeadership("next" as LeaderId, 0)).whole).toBe(true);
    const { closures, vehicles } = world.ledger.state();
    expect([...closures.keys()]).toEqual([closureAround(CAR)]);
    expect(vehicles.get(CAR)?.failed).toContain("did not say where it is");
  });
});

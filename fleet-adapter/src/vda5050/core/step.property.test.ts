import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DriveOrder, FleetEvent } from "../../port.ts";
import { v2_1 } from "../codec/v2_1.ts";
import { reportOf } from "../codec/v2-report.ts";
import type { State } from "../wire/index.ts";
import { driveOrder, testContext } from "./drive-order-fixture.ts";
import { ModelVehicle } from "./model-vehicle.ts";
import { step } from "./step.ts";
import { type CoreEffect, type CoreEvent, newVehicle, type VehicleCore } from "./vehicle-core.ts";

type ToVehicle = Exclude<CoreEffect, { kind: "tell" }>;

/** What may happen between an orchestrator, its adapter, a vehicle and a network that loses messages. */
type Happening =
  | { readonly kind: "grant"; readonly nodes: number }
  | { readonly kind: "replan"; readonly length: number }
  | { readonly kind: "nextOrder"; readonly length: number }
  | { readonly kind: "cancel" }
  | { readonly kind: "toVehicle"; readonly lost: boolean }
  | { readonly kind: "report" }
  | { readonly kind: "toAdapter"; readonly lost: boolean }
  | { readonly kind: "move" }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "adapterRestart" }
  | { readonly kind: "linkLost" }
  | { readonly kind: "linkBack" };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("grant" as const), nodes: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("replan" as const), length: fc.integer({ min: 0, max: 4 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("nextOrder" as const), length: fc.integer({ min: 0, max: 5 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "cancel" as const }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("toVehicle" as const), lost: fc.boolean() }) },
  { weight: 8, arbitrary: fc.constant({ kind: "report" as const }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("toAdapter" as const), lost: fc.boolean() }) },
  { weight: 6, arbitrary: fc.constant({ kind: "move" as const }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 100, max: 5_000 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "adapterRestart" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "linkLost" as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: "linkBack" as const }) },
);

class World {
  nowMs = 1_000_000;
  core: VehicleCore = newVehicle(true);
  readonly vehicle = new ModelVehicle("o0-n0");
  toVehicle: ToVehicle[] = [];
  toAdapter: State[] = [];
  linkUp = true;
  /** What the orchestrator means, as its ledger has it. */
  nodeIds: string[] = ["o0-n0"];
  released = 1;
  orderNumber = 0;
  revision = 0;
  planNumber = 0;
  overIds = new Set<string>();
  cancelling = false;
  /** The order before, while the vehicle is not done with it. */
  earlier: DriveOrder | undefined;
  readonly events: FleetEvent[] = [];
  readonly statedOrders: DriveOrder[] = [];

  constructor() {
    this.run({ kind: "connection", connection: "online", nowMs: this.nowMs });
    this.state();
  }

  get orderId(): string {
    return `order-${this.orderNumber}`;
  }

  run(event: CoreEvent): void {
    const [core, effects] = step(testContext, this.core, event);
    this.core = core;
    for (const effect of effects) {
      if (effect.kind !== "tell") {
        if (!this.linkUp) throw new Error("nothing is published while there is no session");
        this.toVehicle.push(effect);
      } else {
        this.events.push(effect.event);
        if (effect.event.kind === "orderEnded") {
          this.overIds.add(effect.event.orderId);
          if (effect.event.orderId === this.earlier?.orderId) this.earlier = undefined;
          if (effect.event.orderId === this.orderId) this.cancelling = false;
        }
      }
    }
  }

  /** States the order as the ledger has it. */
  state(): void {
    const picks = this.nodeIds.filter((_, index) => index % 3 === 2);
    const order = driveOrder(this.orderId, this.revision, this.nodeIds, this.released, picks);
    this.revision += 1;
    this.statedOrders.push(order);
    this.run({ kind: "drive", order, nowMs: this.nowMs });
  }

  nameNodes(count: number): string[] {
    this.planNumber += 1;
    return Array.from({ length: count }, (_, index) => `o${this.orderNumber}-p${this.planNumber}-n${index}`);
  }

  get isOver(): boolean {
    return this.overIds.has(this.orderId);
  }

  happen(what: Happening): void {
    switch (what.kind) {
      case "grant":
        if (this.isOver || this.cancelling || this.released === this.nodeIds.length) break;
        this.released = Math.min(this.nodeIds.length, this.released + what.nodes);
        this.state();
        break;
      case "replan":
        if (this.isOver || this.cancelling) break;
        this.nodeIds = [...this.nodeIds.slice(0, this.released), ...this.nameNodes(what.length)];
        this.state();
        break;
      case "nextOrder": {
        // The next order begins where this one ends: it is known once all of it is granted, or it is over.
        if (this.cancelling || (!this.isOver && this.released < this.nodeIds.length)) break;
        if (this.earlier !== undefined) break;
        this.earlier = this.isOver ? undefined : this.statedOrders.at(-1);
        const start = this.isOver ? this.vehicle.lastNodeId : this.nodeIds.at(-1);
        if (start === undefined) break;
        this.orderNumber += 1;
        this.revision = 0;
        this.nodeIds = [start, ...this.nameNodes(what.length)];
        this.released = Math.min(2, this.nodeIds.length);
        this.state();
        break;
      }
      case "cancel":
        if (this.isOver || this.cancelling || this.earlier !== undefined) break;
        this.cancelling = true;
        this.run({ kind: "cancel", actionId: `cancel-${this.orderNumber}-${this.nowMs}`, nowMs: this.nowMs });
        break;
      case "toVehicle": {
        const message = this.toVehicle.shift();
        if (message === undefined || what.lost) break;
        if (message.kind === "publishOrder") this.vehicle.receiveOrder(v2_1.writeOrder(message.body));
        else this.vehicle.receiveInstantActions(v2_1.writeInstantActions(message.actions).actions);
        break;
      }
      case "report":
        this.nowMs += 1;
        if (this.linkUp) this.toAdapter.push(this.vehicle.state(this.nowMs));
        break;
      case "toAdapter": {
        const state = this.toAdapter.shift();
        if (state !== undefined && !what.lost)
          this.run({ kind: "state", state: reportOf(state), nowMs: this.nowMs });
        break;
      }
      case "move":
        this.vehicle.move();
        break;
      case "wait":
        this.nowMs += what.ms;
        this.run({ kind: "tick", nowMs: this.nowMs });
        break;
      case "adapterRestart":
        // A new session gets no old states; what the old one had sent is still on its way to the vehicle.
        this.core = newVehicle(this.linkUp);
        this.toAdapter = [];
        this.revision = 0;
        if (this.isOver) break;
        if (this.earlier !== undefined) this.run({ kind: "drive", order: this.earlier, nowMs: this.nowMs });
        this.state();
        if (this.cancelling) {
          this.run({
            kind: "cancel",
            actionId: `cancel-${this.orderNumber}-${this.nowMs}`,
            nowMs: this.nowMs,
          });
        }
        break;
      case "linkLost":
        if (!this.linkUp) break;
        this.linkUp = false;
        this.toAdapter = [];
        this.run({ kind: "link", up: false, nowMs: this.nowMs });
        break;
      case "linkBack":
        if (this.linkUp) break;
        this.linkUp = true;
        this.run({ kind: "link", up: true, nowMs: this.nowMs });
        break;
    }
  }

  /** Nothing is lost any more, all is granted, and there is time. */
  calmDown(): void {
    this.happen({ kind: "linkBack" });
    for (let round = 0; round < 400; round += 1) {
      if (!this.isOver && !this.cancelling && this.released < this.nodeIds.length) {
        this.happen({ kind: "grant", nodes: 2 });
      }
      while (this.toVehicle.length > 0) this.happen({ kind: "toVehicle", lost: false });
      this.happen({ kind: "move" });
      this.happen({ kind: "report" });
      while (this.toAdapter.length > 0) this.happen({ kind: "toAdapter", lost: false });
      this.happen({ kind: "wait", ms: 1_000 });
      if (this.isOver && !this.vehicle.isBusy && this.toVehicle.length === 0) return;
    }
  }
}

function play(happenings: readonly Happening[]): World {
  const world = new World();
  for (const what of happenings) world.happen(what);
  return world;
}

const day = fc.array(happening, { minLength: 5, maxLength: 120 });

describe("an order on its way to a vehicle over a network that loses messages", () => {
  it("is never refused, never breaks a rule of the standard, and is driven as stated to its end", () => {
    fc.assert(
      fc.property(day, (happenings) => {
        const world = play(happenings);
        world.calmDown();
        expect(world.vehicle.violations).toEqual([]);
        expect(world.vehicle.refusals).toEqual([]);
        expect(world.isOver).toBe(true);
        const cancelled = world.events.some(
          (event) =>
            event.kind === "orderEnded" && event.orderId === world.orderId && event.how === "cancelled",
        );
        if (!cancelled) expect(world.vehicle.lastNodeId).toBe(world.nodeIds.at(-1));
      }),
      { numRuns: 1500 },
    );
  });

  it("lets the vehicle drive only what was released, in the order in which it was stated", () => {
    fc.assert(
      fc.property(day, (happenings) => {
        const world = play(happenings);
        world.calmDown();
        const byOrder = Map.groupBy(world.vehicle.driven, (entry) => entry.slice(0, entry.indexOf("/")));
        for (const [orderId, driven] of byOrder) {
          const last = world.statedOrders.findLast((order) => order.orderId === orderId);
          const released = last?.nodes
            .filter((node) => node.released)
            .map((node) => `${orderId}/${node.nodeId}`);
          expect(released?.slice(0, driven.length)).toEqual(driven);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("falls silent once the vehicle's state shows all of it", () => {
    fc.assert(
      fc.property(day, (happenings) => {
        const world = play(happenings);
        world.calmDown();
        world.toVehicle = [];
        for (let second = 0; second < 30; second += 1) {
          world.happen({ kind: "report" });
          world.happen({ kind: "toAdapter", lost: false });
          world.happen({ kind: "wait", ms: 1_000 });
        }
        expect(world.toVehicle).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DriveOrder } from "../../port.ts";
import { CoreBench } from "./core-bench.ts";
import { driveOrder } from "./order-fixture.ts";

/** What may happen between an orchestrator, its adapter, a vehicle and a graph that loses and mixes up what is said. */
type Happening =
  | { readonly kind: "grant"; readonly nodes: number }
  | { readonly kind: "replan"; readonly length: number }
  | { readonly kind: "nextOrder"; readonly length: number }
  | { readonly kind: "toVehicle"; readonly which: number; readonly lost: boolean }
  | { readonly kind: "answer"; readonly lost: boolean }
  | { readonly kind: "wait"; readonly ms: number }
  | {
      readonly kind:
        | "cancel"
        | "report"
        | "move"
        | "adapterRestart"
        | "vehicleRestart"
        | "linkLost"
        | "linkBack";
    };

const plain = (
  kind: "cancel" | "report" | "move" | "adapterRestart" | "vehicleRestart" | "linkLost" | "linkBack",
) => fc.constant({ kind });
const upTo = (max: number) => fc.integer({ min: 0, max });

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("grant" as const), nodes: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("replan" as const), length: upTo(4) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("nextOrder" as const), length: upTo(5) }) },
  { weight: 1, arbitrary: plain("cancel") },
  {
    weight: 12,
    arbitrary: fc.record({ kind: fc.constant("toVehicle" as const), which: upTo(3), lost: fc.boolean() }),
  },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant("answer" as const), lost: fc.boolean() }) },
  { weight: 8, arbitrary: plain("report") },
  { weight: 6, arbitrary: plain("move") },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 100, max: 4_000 }) }),
  },
  { weight: 1, arbitrary: plain("adapterRestart") },
  { weight: 1, arbitrary: plain("vehicleRestart") },
  { weight: 1, arbitrary: plain("linkLost") },
  { weight: 2, arbitrary: plain("linkBack") },
);

class World {
  readonly bench = new CoreBench("o0-n0");
  linkUp = true;
  nodeIds: string[] = ["o0-n0"];
  released = 1;
  orderNumber = 0;
  revision = 0;
  planNumber = 0;
  readonly overIds = new Set<string>();
  readonly cancelledIds = new Set<string>();
  cancelling = false;
  /** The order before, while the vehicle is not done with it. */
  earlier: DriveOrder | undefined;
  readonly statedOrders: DriveOrder[] = [];

  constructor() {
    this.bench.report();
    this.state();
  }

  get orderId(): string {
    return `order-${this.orderNumber}`;
  }

  get isOver(): boolean {
    return this.overIds.has(this.orderId);
  }

  /** After anything that the core was told: what it told, and that it keeps to its session. */
  listen(): void {
    const { bench } = this;
    if (!this.linkUp && bench.toVehicle.length > 0)
      throw new Error("nothing is sent while there is no session");
    // Its ground is free for others.
    const { orderId, isBusy } = bench.vehicle;
    if (isBusy && this.cancelledIds.has(orderId))
      throw new Error(`${orderId} goes on after it was told to be over`);
    for (const event of bench.events.splice(0)) {
      if (event.kind !== "orderEnded") continue;
      this.overIds.add(event.orderId);
      if (event.how === "cancelled") this.cancelledIds.add(event.orderId);
      if (event.orderId === this.earlier?.orderId) this.earlier = undefined;
      if (event.orderId === this.orderId) this.cancelling = false;
    }
  }

  /** States the order as the ledger has it. */
  state(): void {
    const picks = this.nodeIds.filter((_, index) => index % 3 === 2);
    const order = driveOrder(this.orderId, this.revision, this.nodeIds, this.released, picks);
    this.revision += 1;
    this.statedOrders.push(order);
    this.bench.run({ kind: "drive", order });
    this.listen();
  }

  nameNodes(count: number): string[] {
    this.planNumber += 1;
    return Array.from({ length: count }, (_, index) => `o${this.orderNumber}-p${this.planNumber}-n${index}`);
  }

  happen(what: Happening): void {
    const { bench } = this;
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
        if (this.cancelling || (!this.isOver && this.released < this.nodeIds.length)) break;
        if (this.earlier !== undefined) break;
        this.earlier = this.isOver ? undefined : this.statedOrders.at(-1);
        const start = this.isOver ? bench.vehicle.lastNodeId : this.nodeIds.at(-1);
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
        bench.run({ kind: "cancel" });
        break;
      case "toVehicle": {
        // rosbridge hands each message to a thread of its own: they may come in another order.
        const [message] = bench.toVehicle.splice(what.which % Math.max(1, bench.toVehicle.length), 1);
        if (message !== undefined && !what.lost) bench.deliver(message);
        break;
      }
      case "answer":
        if (what.lost) bench.answers.shift();
        else bench.answer();
        break;
      case "report":
        bench.nowMs += 1;
        if (this.linkUp) bench.report();
        break;
      case "move":
        bench.vehicle.move();
        break;
      case "wait":
        bench.wait(what.ms);
        break;
      case "vehicleRestart":
        bench.vehicle.reboot();
        break;
      case "adapterRestart":
        bench.restart();
        if (!this.linkUp) bench.run({ kind: "link", up: false });
        this.revision = 0;
        if (this.isOver) break;
        if (this.earlier !== undefined) bench.run({ kind: "drive", order: this.earlier });
        this.state();
        if (this.cancelling) bench.run({ kind: "cancel" });
        break;
      case "linkLost":
        this.linkUp = false;
        // A session that ends takes with it what was on its way.
        bench.answers = [];
        bench.toVehicle = [];
        bench.run({ kind: "link", up: false });
        break;
      case "linkBack":
        this.linkUp = true;
        bench.run({ kind: "link", up: true });
        break;
    }
    this.listen();
  }

  /** Nothing is lost any more, all is granted, and there is time. */
  calmDown(): void {
    this.happen({ kind: "linkBack" });
    for (let round = 0; round < 400; round += 1) {
      if (!this.isOver && !this.cancelling && this.released < this.nodeIds.length) {
        this.happen({ kind: "grant", nodes: 2 });
      }
      while (this.bench.toVehicle.length > 0 || this.bench.answers.length > 0) {
        this.happen({ kind: "toVehicle", which: 0, lost: false });
        this.happen({ kind: "answer", lost: false });
      }
      this.happen({ kind: "move" });
      this.happen({ kind: "report" });
      this.happen({ kind: "wait", ms: 1_000 });
      if (this.isOver && !this.bench.vehicle.isBusy && this.bench.toVehicle.length === 0) return;
    }
  }
}

function play(happenings: readonly Happening[]): World {
  const world = new World();
  for (const what of happenings) world.happen(what);
  return world;
}

const day = fc.array(happening, { minLength: 5, maxLength: 120 });

describe("an order on its way to a ROS vehicle over a graph that loses and mixes up what is said", () => {
  it("keeps the contract, and is driven as stated to its end", () => {
    fc.assert(
      fc.property(day, (happenings) => {
        const world = play(happenings);
        const { vehicle } = world.bench;
        world.calmDown();
        expect(vehicle.violations).toEqual([]);
        expect(world.isOver).toBe(true);
        expect(vehicle.isBusy).toBe(false);
        if (!world.cancelledIds.has(world.orderId)) expect(vehicle.lastNodeId).toBe(world.nodeIds.at(-1));
        expect(new Set(vehicle.workDone).size).toBe(vehicle.workDone.length);
      }),
      { numRuns: 800 },
    );
  });

  it("lets the vehicle drive only what was released, in the order in which it was stated", () => {
    fc.assert(
      fc.property(day, (happenings) => {
        const world = play(happenings);
        world.calmDown();
        const byOrder = Map.groupBy(world.bench.vehicle.driven, (entry) =>
          entry.slice(0, entry.indexOf("/")),
        );
        for (const [orderId, driven] of byOrder) {
          const last = world.statedOrders.findLast((order) => order.orderId === orderId);
          const released = last?.nodes
            .filter((node) => node.released)
            .map((node) => `${orderId}/${node.nodeId}`);
          expect(released?.slice(0, driven.length)).toEqual(driven);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("falls silent once the vehicle's status shows all of it", () => {
    fc.assert(
      fc.property(day, (happenings) => {
        const world = play(happenings);
        world.calmDown();
        for (let second = 0; second < 30; second += 1) {
          world.happen({ kind: "report" });
          world.happen({ kind: "wait", ms: 1_000 });
        }
        expect(world.bench.toVehicle).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { actionIdOf, nodeIdOf } from "../../names.ts";
import { reportOf } from "../codec/v2-report.ts";
import type { ActionAbility, OrderField } from "../model/factsheet.ts";
import { CoreBench } from "./core-bench.ts";
import { driveOrder } from "./drive-order-fixture.ts";
import { firstOrder } from "./order-messages.ts";
import { sheet } from "./sheet-fixture.ts";

const picker = (change: Partial<ActionAbility>): ReadonlyMap<string, ActionAbility> =>
  new Map([
    [
      "pick",
      { actionType: "pick", scopes: ["NODE"], blockingTypes: undefined, parameters: undefined, ...change },
    ],
  ]);
const limits = { idNumericalOnly: false, minOrderIntervalMs: 0 };

describe("an order for a vehicle with a factsheet", () => {
  it("has the optional fields that the factsheet lists, and no others", () => {
    const bench = new CoreBench();
    bench.run({
      kind: "factsheet",
      sheet: sheet({ orderFields: new Set<OrderField>(["position", "deviation"]) }),
    });
    bench.report();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2) });
    const [order] = bench.orders;
    expect(Object.keys(order?.nodes[0]?.nodePosition ?? {}).sort()).toEqual([
      "allowedDeviationXY",
      "mapId",
      "x",
      "y",
    ]);
    expect(order?.edges[0]).not.toHaveProperty("maxSpeed");
  });

  it("has the parameters of an action that the factsheet lists, and no others", () => {
    const bench = new CoreBench();
    const parameters = [{ key: "loadId", isOptional: false }];
    bench.run({ kind: "factsheet", sheet: sheet({ actions: picker({ parameters }) }) });
    bench.report();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2, ["b"]) });
    expect(bench.orders[0]?.nodes[1]?.actions[0]?.actionParameters).toEqual([
      { key: "loadId", value: "CSQU3054383" },
    ]);
  });

  it.each([
    ["an action that it does not list", { actions: new Map() }, /does not list pick/],
    ["an action that it lists for edges only", { actions: picker({ scopes: ["EDGE"] }) }, /for nodes/],
    [
      "an action that it does not do alone",
      { actions: picker({ blockingTypes: ["NONE"] }) },
      /blocking type HARD/,
    ],
    [
      "a parameter that nobody knows",
      { actions: picker({ parameters: [{ key: "height", isOptional: false }] }) },
      /the parameter height/,
    ],
    ["too many parameters", { limits: { ...limits, maxActionParameters: 2 } }, /3 parameters/],
    ["too long a load id", { limits: { ...limits, maxLoadIdLength: 5 } }, /CSQU3054383 has 11/],
    ["a word that is too long", { limits: { ...limits, maxEnumLength: 8 } }, /stationName has 11/],
    ["no room for one edge", { limits: { ...limits, maxMessageBytes: 200 } }, /longer than 200 bytes/],
    ["too long an id", { limits: { ...limits, maxIdLength: 3 } }, /leg-1 has 5|takes 3/],
    ["an id that is no number", { limits: { ...limits, idNumericalOnly: true } }, /numbers only/],
    ["too many actions at a node", { limits: { ...limits, maxNodeActions: 0.5 } }, /1 actions at b/],
  ] as const)("is not sent with %s, which a person is told once", (_what, change, why) => {
    const bench = new CoreBench();
    bench.run({ kind: "factsheet", sheet: sheet(change) });
    bench.report();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b"], 2, ["b"]) });
    bench.report();
    bench.wait(10_000);
    expect(bench.orders).toEqual([]);
    expect(bench.told("trouble")).toMatchObject([
      { code: "order-refused", detail: expect.stringMatching(why) },
    ]);
  });

  it("says again what was said first, although the factsheet came in between", () => {
    const bench = new CoreBench();
    bench.report();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c"], 2) });
    bench.arrive();
    bench.run({ kind: "factsheet", sheet: sheet({ orderFields: new Set() }) });
    bench.run({ kind: "drive", order: driveOrder("leg-1", 1, ["a", "b", "c"], 3) });
    bench.arrive();
    expect(bench.vehicle.refusals).toEqual([]);
    expect(bench.vehicle.violations).toEqual([]);
    expect(bench.vehicle.orderUpdateId).toBe(1);
  });

  it("may be tried again when it fails, if the vehicle lists both answers to that", () => {
    const ability = (actionType: string, scope: "NODE" | "INSTANT") =>
      [actionType, { actionType, scopes: [scope], blockingTypes: undefined, parameters: undefined }] as const;
    const answers = [ability("retry", "INSTANT"), ability("skipRetry", "INSTANT")];
    const retriableIn = (...more: readonly (typeof answers)[number][]) => {
      const actions = new Map([ability("pick", "NODE"), ...more]);
      const order = driveOrder("leg-1", 0, ["a", "b"], 2, ["b"]);
      const { vehicle, context } = new CoreBench();
      const report = reportOf(vehicle.state(1));
      return firstOrder(order, report, context.chart, sheet({ actions })).nodes[1]?.actions[0]?.retriable;
    };
    expect(retriableIn(...answers)).toBe(true);
    expect(retriableIn(...answers.slice(1))).toBeUndefined();
    expect(retriableIn()).toBeUndefined();
  });

  it("waits as long as the vehicle wants between two of them", () => {
    const bench = new CoreBench();
    bench.run({ kind: "factsheet", sheet: sheet({ limits: { ...limits, minOrderIntervalMs: 5_000 } }) });
    bench.report();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 0, ["a", "b", "c"], 2) });
    bench.arrive();
    bench.run({ kind: "drive", order: driveOrder("leg-1", 1, ["a", "b", "c"], 3) });
    bench.wait(4_000);
    expect(bench.orders).toEqual([]);
    bench.wait(1_000);
    expect(bench.orders).toMatchObject([{ orderUpdateId: 1 }]);
  });

  it("is told piece by piece to a vehicle with little room, which never has more than that and drives it all", () => {
    const scenario = fc.record({
      room: fc.integer({ min: 2, max: 6 }),
      length: fc.integer({ min: 2, max: 15 }),
      released: fc.integer({ min: 1, max: 15 }),
    });
    fc.assert(
      fc.property(scenario, ({ room, length, released }) => {
        const nodeIds = Array.from({ length }, (_, index) => `n${index}`);
        const bench = new CoreBench("n0");
        bench.run({ kind: "factsheet", sheet: sheet({ limits: { ...limits, maxOrderNodes: room } }) });
        bench.report();
        bench.run({ kind: "drive", order: driveOrder("leg-1", 0, nodeIds, Math.min(length, released)) });
        const step = (): void => {
          for (const order of bench.orders) expect(order.nodes.length).toBeLessThanOrEqual(room);
          bench.arrive();
          expect(bench.vehicle.nodes.length).toBeLessThanOrEqual(room);
          bench.vehicle.move();
          bench.report();
        };
        for (let turn = 0; turn < 3 * length; turn += 1) step();
        expect(bench.vehicle.lastNodeId).toBe(`n${Math.min(length, released) - 1}`);
        bench.run({ kind: "drive", order: driveOrder("leg-1", 1, nodeIds, length) });
        for (let turn = 0; turn < 3 * length; turn += 1) step();
        expect(bench.vehicle.lastNodeId).toBe(nodeIds.at(-1));
        expect(bench.vehicle.refusals).toEqual([]);
        expect(bench.vehicle.violations).toEqual([]);
        expect(bench.told("trouble")).toEqual([]);
        expect(new Set(bench.told("orderEnded").map(({ how }) => how))).toEqual(new Set(["finished"]));
      }),
    );
  });
});

describe("an order for a vehicle that takes short messages", () => {
  it("is told piece by piece, each short enough, and driven to its end", () => {
    const scenario = fc.record({
      maxMessageBytes: fc.integer({ min: 900, max: 4_000 }),
      length: fc.integer({ min: 2, max: 20 }),
      released: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(scenario, ({ maxMessageBytes, length, released }) => {
        const nodeIds = Array.from({ length }, (_, index) => `n${index}`);
        const bench = new CoreBench("n0");
        bench.run({ kind: "factsheet", sheet: sheet({ limits: { ...limits, maxMessageBytes } }) });
        bench.report();
        bench.run({
          kind: "drive",
          order: driveOrder("leg-1", 0, nodeIds, Math.min(length, released), ["n1"]),
        });
        const step = (): void => {
          for (const order of bench.orders)
            expect(JSON.stringify(order).length).toBeLessThanOrEqual(maxMessageBytes);
          bench.arrive();
          bench.vehicle.move();
          bench.report();
        };
        for (let turn = 0; turn < 3 * length; turn += 1) step();
        expect(bench.vehicle.lastNodeId).toBe(`n${Math.min(length, released) - 1}`);
        bench.run({ kind: "drive", order: driveOrder("leg-1", 1, nodeIds, length, ["n1"]) });
        for (let turn = 0; turn < 3 * length; turn += 1) step();
        expect(bench.vehicle.lastNodeId).toBe(nodeIds.at(-1));
        expect(bench.vehicle.refusals).toEqual([]);
        expect(bench.vehicle.violations).toEqual([]);
        expect(bench.told("trouble")).toEqual([]);
      }),
    );
  });
});

describe("an instruction", () => {
  it("that the factsheet does not list fails at once, with the reason", () => {
    const bench = new CoreBench();
    bench.run({ kind: "factsheet", sheet: sheet() });
    bench.report();
    bench.run({
      kind: "instruct",
      instruction: { kind: "logReport", actionId: actionIdOf("l-1"), reason: "near miss" },
    });
    expect(bench.instants).toEqual([]);
    expect(bench.told("actionChanged")).toMatchObject([
      {
        actionId: "l-1",
        status: "failed",
        detail: "the factsheet does not list logReport as an instant action",
      },
    ]);
    bench.run({ kind: "instruct", instruction: { kind: "startCharging", actionId: actionIdOf("c-1") } });
    expect(bench.instants).toMatchObject([{ actionType: "startCharging", actionId: "c-1" }]);
  });

  it("says in the vehicle's map frame where it stands", () => {
    const bench = new CoreBench();
    const pose = { xM: 5, yM: 6, headingRad: 1 };
    const instruction = { kind: "initialisePosition", actionId: actionIdOf("i"), pose } as const;
    bench.run({ kind: "instruct", instruction: { ...instruction, lastNodeId: nodeIdOf("a") } });
    expect(bench.instants[0]?.actionType).toBe("initPosition");
    expect(bench.instants[0]?.actionParameters?.slice(0, 4)).toEqual([
      { key: "x", value: 1005 },
      { key: "y", value: 506 },
      { key: "theta", value: 1 },
      { key: "mapId", value: "map-vn" },
    ]);
  });
});

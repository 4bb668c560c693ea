import { describe, expect, it } from "vitest";
import type { Chart } from "../chart/chart.ts";
import { edgeIdOf } from "../names.ts";
import { driveOrder, testContext } from "./core/drive-order-fixture.ts";
import { flawForVehicle } from "./core/fit.ts";
import { sheet } from "./core/sheet-fixture.ts";
import { factsheetOf } from "./factsheet.ts";
import type { ProtocolLimits } from "./model/factsheet.ts";

const none = { idNumericalOnly: false, minOrderIntervalMs: 0 };

describe("a vehicle that cannot do what any mission asks for", () => {
  it("is told apart from one that can", () => {
    expect(factsheetOf(sheet(), testContext).shortcomings).toEqual([]);
  });

  it.each<[string, Partial<ProtocolLimits>, RegExp]>([
    ["its ids are short", { maxIdLength: 20 }, /ids of 20 characters, Baton's have up to 64/],
    ["its ids are numbers", { idNumericalOnly: true }, /numbers only/],
    ["its words are short", { maxEnumLength: 8 }, /stationName has 11 characters/],
    ["its load ids are short", { maxLoadIdLength: 10 }, /CSQU3054383 has 11/],
    ["it takes one node an order", { maxOrderNodes: 1 }, /less than two nodes/],
    ["its messages are short", { maxMessageBytes: 300 }, /messages of 300 bytes, the shortest order has \d+/],
  ])("is not sent, since %s", (_why, limits, reason) => {
    expect(factsheetOf(sheet({ limits: { ...none, ...limits } }), testContext).shortcomings).toContainEqual(
      expect.stringMatching(reason),
    );
  });

  it("is told of a bend of the layout that is finer than it takes, whether or not it was ever sent there", () => {
    const bend = { degree: 3, knotVector: [0, 0, 0, 0, 1, 1, 1, 1], controlPoints: [] };
    const chart: Chart = {
      ...testContext.chart,
      edgeIds: () => ["straight", "bend"].map(edgeIdOf),
      trajectory: (edgeId) => (edgeId === "bend" ? bend : undefined),
    };
    const told = (limits: Partial<ProtocolLimits>) =>
      factsheetOf(sheet({ limits: { ...none, ...limits } }), { ...testContext, chart }).shortcomings;
    expect(told({ maxKnots: 7 })).toEqual(["the trajectory of bend has more points than the vehicle takes"]);
    expect(told({ maxKnots: 8 })).toEqual([]);
    expect(told({})).toEqual([]);
  });

  it("is sent when its limits leave room for an order of every length", () => {
    const limits = { ...none, maxMessageBytes: 900, maxIdLength: 64, maxEnumLength: 16, maxOrderNodes: 2 };
    const able = sheet({ limits });
    expect(factsheetOf(able, testContext).shortcomings).toEqual([]);
    expect(flawForVehicle(driveOrder("leg-1", 0, ["a", "b", "c"], 3, ["c"]), able, testContext.chart)).toBe(
      undefined,
    );
  });
});

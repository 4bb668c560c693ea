import { describe, expect, it } from "vitest";
import { v2_0 } from "../codec/v2_0.ts";
import { v2_1 } from "../codec/v2_1.ts";
import { reportOf } from "../codec/v2-report.ts";
import { driveOrder, testChart } from "../core/drive-order-fixture.ts";
import { ModelVehicle } from "../core/model-vehicle.ts";
import { firstOrder } from "../core/order-messages.ts";
import { QUIRKS } from "./quirks.ts";
import { codecsOfVendors, quirkyCodec } from "./quirky-codec.ts";
import { type QuirkName, type Vendor, vendorOf, vendorsFrom } from "./vendor.ts";

const entry = (...quirks: QuirkName[]): Vendor => ({ manufacturer: "acme", quirks });
const state = (change: object = {}): object => ({ ...new ModelVehicle("a").state(0), ...change });
const order = firstOrder(
  driveOrder("leg-1", 0, ["a", "b"], 2, ["a"]),
  reportOf(new ModelVehicle("a").state(0)),
  testChart,
  undefined,
);
const pause = { actionType: "startPause", actionId: "p-1", blockingType: "NONE" } as const;

describe("a vehicle with a quirk", () => {
  it("that takes instant actions under their old key gets them under both", () => {
    const written = quirkyCodec(v2_0, entry("instant-actions-key")).writeInstantActions([pause]);
    expect(written).toMatchObject({ actions: [pause], instantActions: [pause] });
  });

  it("that appends the actions where an update begins is not sent them again, but in its first order", () => {
    const codec = quirkyCodec(v2_1, entry("stitch-appends-actions"));
    expect(codec.writeOrder(order)).toEqual(v2_1.writeOrder(order));
    const update = codec.writeOrder({ ...order, orderUpdateId: 1 });
    expect(update).toMatchObject({ nodes: [{ nodeId: "a", actions: [] }, { nodeId: "b" }] });
  });

  it("that lists an action twice is believed for the one that is further on", () => {
    const actionStates = [
      { actionId: "x", actionStatus: "FINISHED" },
      { actionId: "x", actionStatus: "WAITING" },
      { actionId: "y", actionStatus: "WAITING" },
      { actionId: "y", actionStatus: "RUNNING" },
    ];
    const read = quirkyCodec(v2_1, entry("double-action-states")).readState(state({ actionStates }));
    expect(
      read.ok && read.value.actionStates.map(({ actionId, actionStatus }) => `${actionId} ${actionStatus}`),
    ).toEqual(["x FINISHED", "y RUNNING"]);
  });

  it("that refuses in its errors only has refused the action named there", () => {
    const errors = [
      {
        errorType: "noOrderToCancel",
        errorLevel: "WARNING",
        errorDescription: "no active order",
        errorReferences: [{ referenceKey: "actionId", referenceValue: "c-1" }],
      },
    ];
    const codec = quirkyCodec(v2_1, entry("refusal-in-errors-only"));
    const read = codec.readState(state({ errors }));
    expect(read.ok && read.value.actionStates).toMatchObject([{ actionId: "c-1", actionStatus: "FAILED" }]);
    const listed = codec.readState(
      state({ errors, actionStates: [{ actionId: "c-1", actionStatus: "RUNNING" }] }),
    );
    expect(listed.ok && listed.value.actionStates).toMatchObject([{ actionStatus: "RUNNING" }]);
  });

  it("that reads a deviation under its old key gets it under both", () => {
    const written = quirkyCodec(v2_1, entry("deviation-key-xy")).writeOrder(order);
    const deviation = order.nodes[0]?.position?.deviationM;
    expect(deviation).toBeGreaterThan(0);
    expect(written).toMatchObject({
      nodes: [{ nodePosition: { allowedDeviationXY: deviation, allowedDeviationXy: deviation } }, {}],
    });
  });

  it("that needs parameters of its own gets them, in place of ours of that name", () => {
    const vendor = {
      ...entry("own-action-parameters"),
      actionParameters: { pick: { loadType: "EPAL", speed: 2 } },
    };
    const written = quirkyCodec(v2_1, vendor).writeOrder(order);
    const parameters = JSON.stringify(written);
    expect(parameters).toContain('{"key":"loadType","value":"EPAL"},{"key":"speed","value":2}');
    expect(parameters).not.toContain('"value":"container"');
    expect(parameters).toContain("CSQU3054383");
  });

  it("that says nothing of itself is what its vendor's entry says", () => {
    const header = {
      headerId: 0,
      timestamp: "2026-11-02T06:00:00Z",
      version: "2.1.0",
      manufacturer: "acme",
      serialNumber: "7",
    };
    expect(v2_1.readFactsheet(header)).toMatchObject({ ok: false });
    const factsheet = {
      typeSpecification: {
        seriesName: "Mole",
        agvKinematic: "DIFF",
        agvClass: "CARRIER",
        maxLoadMass: 1,
        localizationTypes: [],
        navigationTypes: [],
      },
      physicalParameters: {
        speedMin: 0,
        speedMax: 1,
        accelerationMax: 1,
        decelerationMax: 1,
        heightMax: 1,
        width: 1,
        length: 2,
      },
      protocolLimits: {
        maxStringLens: {},
        maxArrayLens: {},
        timing: { minOrderInterval: 0, minStateInterval: 0 },
      },
      protocolFeatures: { optionalParameters: [], agvActions: [] },
      agvGeometry: {},
      loadSpecification: {},
    };
    const read = quirkyCodec(v2_1, { ...entry("empty-factsheet"), factsheet }).readFactsheet(header);
    expect(read).toMatchObject({ ok: true, value: { manufacturer: "acme", seriesName: "Mole" } });
  });

  it("is told apart from its maker's other vehicles, and others have none", () => {
    const all = entry("deviation-key-xy");
    const one = { ...entry("instant-actions-key"), serialNumbers: ["7"] };
    const codecFor = codecsOfVendors((vehicle) => vendorOf([all, one], vehicle));
    expect(vendorOf([all, one], { manufacturer: "acme", serialNumber: "7" })).toBe(one);
    expect(vendorOf([all, one], { manufacturer: "acme", serialNumber: "8" })).toBe(all);
    const series = { ...entry("deviation-key-xy"), serialNumbers: ["AGV-*-7*x", "9"] };
    const found = (serialNumber: string) =>
      vendorOf([all, series, one], { manufacturer: "acme", serialNumber });
    expect(["AGV--7x", "AGV-02-71x", "9"].map(found)).toEqual([series, series, series]);
    expect(["AGV-02-71y", "AGV-7x", "xAGV--7x", "AGV-02-8x"].map(found)).toEqual([all, all, all, all]);
    expect(codecFor(v2_1, { manufacturer: "other", serialNumber: "7" })).toBe(v2_1);
    const made = codecFor(v2_1, { manufacturer: "acme", serialNumber: "7" });
    expect(codecFor(v2_1, { manufacturer: "acme", serialNumber: "7" })).toBe(made);
  });

  it("has a name, and a word on what it does and what Baton does", () => {
    for (const quirk of Object.values(QUIRKS)) {
      expect(quirk.vehicle).not.toBe("");
      expect(quirk.baton).not.toBe("");
    }
    expect(Object.keys(QUIRKS).length).toBeGreaterThanOrEqual(5);
  });

  it("that sends nonsense gets the answer that everybody gets", () => {
    const codec = quirkyCodec(
      v2_1,
      entry("double-action-states", "refusal-in-errors-only", "empty-factsheet"),
    );
    for (const nonsense of [null, 7, "x", [], {}, { actionStates: 3, errors: { a: 1 } }]) {
      expect(codec.readState(nonsense)).toMatchObject({ ok: false });
      expect(codec.readFactsheet(nonsense)).toMatchObject({ ok: false });
    }
  });
});

describe("entries from a file", () => {
  it("are what they say", () => {
    const entries = [{ manufacturer: "acme", serialNumbers: ["A*"], quirks: ["deviation-key-xy"] }];
    expect(vendorsFrom(entries)).toEqual(entries);
    expect(vendorsFrom([])).toEqual([]);
  });

  it.each([
    ["a quirk that nobody knows", [{ manufacturer: "acme", quirks: ["drives-backwards"] }], /\/0\/quirks\/0/],
    ["no maker", [{ quirks: [] }], /\/0/],
    ["a word that means nothing", [{ manufacturer: "acme", quirks: [], serial: "7" }], /\/0/],
    ["no list", {}, /the file/],
  ])("are refused with %s, by place", (_what, content, why) => {
    expect(() => vendorsFrom(content)).toThrow(why);
  });
});

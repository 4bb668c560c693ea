import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { vehicleAddressOf, vehicleIdOf } from "../../names.ts";
import { ModelVehicle } from "../core/model-vehicle.ts";
import {
  checkConnection,
  checkState,
  parseTopic,
  readJson,
  readTransferControl,
  topicFilter,
  topicOf,
  transferControlAction,
} from "./index.ts";

const name = fc.stringMatching(/^[A-Za-z0-9_:-]{1,20}$/);

describe("topics", () => {
  it("name interface, version, vehicle and subtopic", () => {
    const vehicle = { manufacturer: "sim", serialNumber: "vn-01" };
    expect(topicOf(vehicle, "order")).toBe("uagv/v2/sim/vn-01/order");
    expect(topicOf(vehicle, "state", "v2", "gate")).toBe("gate/v2/sim/vn-01/state");
    expect(topicOf(vehicle, "responses", "v3")).toBe("vda5050/v3/sim/vn-01/responses");
    expect(topicFilter("state")).toBe("uagv/v2/+/+/state");
    expect(topicFilter("state", "v3")).toBe("vda5050/v3/+/+/state");
  });

  it("are read back as they were made", () => {
    fc.assert(
      fc.property(name, name, (manufacturer, serialNumber) => {
        const vehicle = { manufacturer, serialNumber };
        expect(parseTopic(topicOf(vehicle, "state"))).toEqual({
          ...vehicle,
          interfaceName: "uagv",
          topicVersion: "v2",
          subtopic: "state",
        });
        expect(vehicleAddressOf(vehicleIdOf(vehicle))).toEqual(vehicle);
      }),
    );
  });

  it.each([
    "uagv/v2/sim/vn-01",
    "uagv/v1/sim/vn-01/state",
    "uagv/v2/sim/vn-01/weather",
    "uagv/v2//vn-01/state",
    "uagv/v2/sim/vn 01/state",
    "uagv/v2/sim/$SYS/state",
    "uagv/v2/sim/vn-01/state/more",
    `uagv/v2/sim/${"x".repeat(65)}/state`,
    "",
  ])("that are none are not taken for one: %s", (topic) => {
    expect(parseTopic(topic)).toBeUndefined();
  });
});

describe("messages", () => {
  it("that are wrong are refused with the place and what must be there", () => {
    const state = { ...new ModelVehicle("a").state(0), lastNodeId: 7, operatingMode: "SLEEPING" };
    const checked = checkState(state);
    expect(checked.ok ? "" : checked.reason).toBe(
      "/lastNodeId must be string; /operatingMode must be equal to one of the allowed values",
    );
  });

  it("with many faults name the first three and count the rest", () => {
    const checked = checkConnection({ headerId: "a", timestamp: "yesterday", version: 2, manufacturer: 3 });
    expect(checked.ok ? "" : checked.reason).toMatch(/; and \d+ more$/);
  });

  it("with fields of other vendors are taken", () => {
    expect(checkState({ ...new ModelVehicle("a").state(0), acmeMood: "good" })).toMatchObject({ ok: true });
  });

  it("with a control register that makes no sense are refused", () => {
    const state = new ModelVehicle("a").state(0);
    expect(checkState({ ...state, batonControl: { authority: "us", epoch: 1, pausedBy: [] } })).toMatchObject(
      {
        ok: false,
      },
    );
    expect(checkState({ ...state, batonControl: undefined })).toMatchObject({ ok: true });
  });

  it("are never read as something else than JSON, whatever bytes they are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const read = readJson(bytes);
        if (!read.ok) expect(read.reason).toMatch(/^is not JSON/);
      }),
    );
  });
});

describe("the transfer of control", () => {
  const side = fc.constantFrom("vn" as const, "cn" as const);

  it("is read back as it was asked for", () => {
    fc.assert(
      fc.property(side, side, fc.nat(), fc.uuid(), (from, to, expectedEpoch, handoffId) => {
        const transfer = { from, to, expectedEpoch, handoffId };
        expect(readTransferControl(transferControlAction("t-1", transfer))).toEqual(transfer);
      }),
    );
  });

  it("makes no sense with a parameter missing or wrong", () => {
    const whole = transferControlAction("t-1", { from: "vn", to: "cn", expectedEpoch: 3, handoffId: "h-1" });
    for (const missing of ["from", "to", "expectedEpoch", "handoffId"]) {
      const parameters = whole.actionParameters?.filter(({ key }) => key !== missing) ?? [];
      expect(readTransferControl({ ...whole, actionParameters: parameters })).toBeUndefined();
      const wrong = [...parameters, { key: missing, value: true }];
      expect(readTransferControl({ ...whole, actionParameters: wrong })).toBeUndefined();
    }
    expect(readTransferControl({ ...whole, actionType: "startPause" })).toBeUndefined();
  });
});

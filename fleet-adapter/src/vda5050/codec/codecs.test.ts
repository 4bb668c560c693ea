import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OrderBody } from "../model/order.ts";
import type { Report } from "../model/report.ts";
import { timestampOf } from "../wire/index.ts";
import type { State as State2 } from "../wire/v2_1/state.ts";
import type { State as State3 } from "../wire/v3_0/state.ts";
import { CODECS, codecOfMessage } from "./codecs.ts";
import { v2_0 } from "./v2_0.ts";
import { v2_1 } from "./v2_1.ts";
import { v3_0 } from "./v3_0.ts";

const header = {
  headerId: 4,
  timestamp: timestampOf(1_790_000_000_123),
  manufacturer: "acme",
  serialNumber: "7",
};

const state2: State2 = {
  ...header,
  version: "2.1.0",
  orderId: "o-1",
  orderUpdateId: 2,
  lastNodeId: "a",
  lastNodeSequenceId: 4,
  driving: true,
  paused: true,
  operatingMode: "TEACHIN",
  nodeStates: [{ nodeId: "b", sequenceId: 6, released: true }],
  edgeStates: [{ edgeId: "a>b", sequenceId: 5, released: true }],
  agvPosition: { x: 1, y: 2, theta: 3, mapId: "m", positionInitialized: true },
  velocity: { vx: 3, vy: 4 },
  loads: [{ loadId: "CSQU3054383", weight: 20_000 }],
  actionStates: [
    { actionId: "pick", actionType: "pick", actionStatus: "RUNNING" },
    { actionId: "pause", actionType: "startPause", actionStatus: "FINISHED", resultDescription: "stands" },
  ],
  batteryState: { batteryCharge: 81, charging: false },
  errors: [{ errorType: "noRouteError", errorLevel: "WARNING", errorDescription: "no way" }],
  safetyState: { eStop: "MANUAL", fieldViolation: true },
  batonControl: { authority: "vn", epoch: 3, pausedBy: ["cn"] },
};

const state3: State3 = {
  ...header,
  version: "3.0.0",
  orderId: "o-1",
  orderUpdateId: 2,
  lastNodeId: "a",
  lastNodeSequenceId: 4,
  driving: true,
  paused: true,
  operatingMode: "TEACH_IN",
  nodeStates: [{ nodeId: "b", sequenceId: 6, released: true }],
  edgeStates: [{ edgeId: "a>b", sequenceId: 5, released: true }],
  mobileRobotPosition: { x: 1, y: 2, theta: 3, mapId: "m", localized: true },
  velocity: { vx: 3, vy: 4 },
  loads: [{ loadId: "CSQU3054383", weight: 20_000 }],
  actionStates: [{ actionId: "pick", actionType: "pick", actionStatus: "RUNNING" }],
  instantActionStates: [
    { actionId: "pause", actionType: "startPause", actionStatus: "FINISHED", actionResult: "stands" },
  ],
  powerSupply: { stateOfCharge: 81, charging: false },
  errors: [{ errorType: "noRouteError", errorLevel: "WARNING", errorDescription: "no way" }],
  safetyState: { activeEmergencyStop: "MANUAL", fieldViolation: true },
  batonControl: { authority: "vn", epoch: 3, pausedBy: ["cn"] },
};

function reported(read: ReturnType<typeof v3_0.readState>): Report {
  if (!read.ok) throw new Error(read.reason);
  return read.value;
}

describe("the version of a vehicle", () => {
  it("is what its topic and its header say, and the newest known of its major version otherwise", () => {
    expect(codecOfMessage("v2", { version: "2.0.0" })).toBe(v2_0);
    expect(codecOfMessage("v2", { version: "2.1.0" })).toBe(v2_1);
    expect(codecOfMessage("v2", { version: "2.7.1" })).toBe(v2_1);
    expect(codecOfMessage("v2", "nonsense")).toBe(v2_1);
    expect(codecOfMessage("v3", { version: "3.1.0" })).toBe(v3_0);
  });
});

describe("a state", () => {
  it("reads the same in each version, but that 3.0 tells instant actions apart", () => {
    const [two, three] = [reported(v2_1.readState(state2)), reported(v3_0.readState(state3))];
    const { actionStates, instantActionStates, ...rest } = two;
    expect(three).toEqual({
      ...rest,
      actionStates: actionStates.slice(0, 1),
      instantActionStates: actionStates.slice(1),
    });
    expect(instantActionStates).toEqual([]);
    expect(reported(v2_0.readState({ ...state2, version: "2.0.0" }))).toEqual(two);
  });

  it("of 3.0 is taken in the words of its text as well as of its schema", () => {
    const request = { requestId: "r", requestType: "ACCESS", zoneId: "z", zoneSetId: "s" } as const;
    const report = reported(
      v3_0.readState({
        ...state3,
        actionStates: [{ actionId: "pick", actionStatus: "FINISHED", resultDescription: "on board" }],
        zoneRequests: [{ ...request, requestStatus: "QUEUED" }],
      }),
    );
    expect(report.actionStates[0]?.resultDescription).toBe("on board");
    expect(report.requests).toEqual([
      { kind: "zone", requestId: "r", zoneId: "z", zoneSetId: "s", status: "QUEUED" },
    ]);
  });

  it("of one version is none of another", () => {
    expect(v3_0.readState(state2)).toMatchObject({ ok: false });
    expect(v2_1.readState(state3)).toMatchObject({ ok: false });
  });
});

const order: OrderBody = {
  orderId: "o-1",
  orderUpdateId: 0,
  nodes: [
    {
      nodeId: "a",
      sequenceId: 0,
      released: true,
      position: { xM: 1, yM: 2, headingRad: 0.5, deviationM: 0.4, deviationRad: 0.2, mapId: "m" },
      actions: [{ actionType: "pick", actionId: "p", blockingType: "SINGLE" }],
    },
    { nodeId: "b", sequenceId: 2, released: false, actions: [] },
  ],
  edges: [
    {
      edgeId: "a>b",
      sequenceId: 1,
      released: false,
      startNodeId: "a",
      endNodeId: "b",
      maxSpeedMps: 4,
      trajectory: {
        degree: 1,
        knotVector: [0, 0, 1, 1],
        controlPoints: [
          { x: 1, y: 2 },
          { x: 3, y: 4 },
        ],
      },
      actions: [],
    },
  ],
};

describe("an order", () => {
  it("is written in the fields of each version", () => {
    expect(v2_0.writeOrder(order).nodes[0]?.nodePosition).toMatchObject({
      allowedDeviationXy: 0.4,
      allowedDeviationXY: 0.4,
    });
    expect(v2_1.writeOrder(order)).toMatchObject({
      nodes: [
        { nodePosition: { theta: 0.5, allowedDeviationXY: 0.4 }, actions: [{ blockingType: "HARD" }] },
        {},
      ],
      edges: [{ startNodeId: "a", endNodeId: "b", maxSpeed: 4 }],
    });
    const three = v3_0.writeOrder(order);
    expect(three).toMatchObject({
      nodes: [
        {
          nodePosition: { allowedDeviationXY: { a: 0.4, b: 0.4, theta: 0 } },
          actions: [{ blockingType: "SINGLE" }],
        },
        {},
      ],
      edges: [{ maximumSpeed: 4 }],
    });
    expect(three.edges[0]).not.toHaveProperty("startNodeId");
  });

  it("says in 3.0 alone that an action may be tried again", () => {
    const [first, ...rest] = order.nodes;
    if (first === undefined) throw new Error("no node");
    const patient = {
      ...order,
      nodes: [
        { ...first, actions: first.actions.map((action) => ({ ...action, retriable: true })) },
        ...rest,
      ],
    };
    expect(v3_0.writeOrder(patient).nodes[0]?.actions[0]).toHaveProperty("retriable", true);
    for (const codec of [v2_0, v2_1])
      expect(codec.writeOrder(patient).nodes[0]?.actions[0]).not.toHaveProperty("retriable");
  });

  it("keeps the very trajectory that it was given, so that a reader may know it again", () => {
    for (const codec of [v2_0, v2_1, v3_0]) {
      expect(codec.writeOrder(order).edges[0]?.trajectory).toBe(order.edges[0]?.trajectory);
    }
  });
});

describe("instant actions", () => {
  const cancel = {
    actionType: "cancelOrder",
    actionId: "c",
    blockingType: "HARD",
    actionParameters: [{ key: "orderId", value: "o-1" }],
  } as const;
  const here = { actionType: "initializePosition", actionId: "i", blockingType: "NONE" } as const;
  const actions = [{ ...cancel, actionParameters: [...cancel.actionParameters] }, here];

  it("say in 3.0 which order is to end, and block nothing", () => {
    expect(v3_0.writeInstantActions(actions).actions).toEqual([{ ...cancel, blockingType: "NONE" }, here]);
  });

  it("bear the names of their version, in 2.0 under the field of its text and that of its schema", () => {
    expect(v2_1.writeInstantActions(actions).actions).toEqual([
      { actionType: "cancelOrder", actionId: "c", blockingType: "HARD" },
      { actionType: "initPosition", actionId: "i", blockingType: "NONE" },
    ]);
    expect(v2_0.writeInstantActions([here]).actions).toEqual([
      { actionName: "initPosition", actionType: "initPosition", actionId: "i", blockingType: "NONE" },
    ]);
  });
});

describe("answers to requests", () => {
  it("are known to 3.0 only, and only a grant has an end", () => {
    const responses = [
      { requestId: "a", grant: "GRANTED", leaseUntilMs: 1_790_000_000_000 },
      { requestId: "b", grant: "QUEUED" },
    ] as const;
    expect(v3_0.writeResponses(responses)).toEqual({
      responses: [
        { requestId: "a", grantType: "GRANTED", leaseExpiry: "2026-09-21T14:13:20.000Z" },
        { requestId: "b", grantType: "QUEUED" },
      ],
    });
    expect(v2_0.writeResponses()).toBeUndefined();
    expect(v2_1.writeResponses()).toBeUndefined();
  });
});

describe("any message at all", () => {
  it("is read or refused with a reason, in every version, and never throws", () => {
    const anything = fc.oneof(
      fc.anything(),
      fc
        .constantFrom(state2, state3)
        .chain((state) =>
          fc
            .tuple(fc.constantFrom(...Object.keys(state)), fc.jsonValue())
            .map(([key, value]) => ({ ...state, [key]: value })),
        ),
    );
    fc.assert(
      fc.property(anything, fc.constantFrom(...Object.values(CODECS)), (message, codec) => {
        for (const read of [
          codec.readState(message),
          codec.readConnection(message),
          codec.readFactsheet(message),
        ]) {
          if (!read.ok) expect(read.reason).not.toBe("");
        }
      }),
    );
  });
});

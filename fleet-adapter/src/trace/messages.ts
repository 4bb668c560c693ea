import Type, { type Static, type TSchema } from "typebox";
import { Compile } from "typebox/compile";
import type { Checked } from "../link/json.ts";
import type { Version } from "./versions.ts";

/**
 * What the rules read of each message, in all versions. These are not the product's own codecs on purpose: a mistake
 * in those must not be believed by what checks them. Fields that no rule reads are left to the official schemas.
 */
export const SUBTOPICS = [
  "order",
  "instantActions",
  "state",
  "connection",
  "factsheet",
  "visualization",
  "responses",
  "zoneSet",
] as const;
export type Subtopic = (typeof SUBTOPICS)[number];

export const Header = Type.Object({
  headerId: Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 }),
  timestamp: Type.String(),
  version: Type.String(),
  manufacturer: Type.String(),
  serialNumber: Type.String(),
});

const count = Type.Integer({ minimum: 0 });
const Action = Type.Object({
  actionType: Type.String(),
  actionId: Type.String(),
  blockingType: Type.Enum(["NONE", "SOFT", "SINGLE", "HARD"]),
  actionParameters: Type.Optional(Type.Array(Type.Object({ key: Type.String(), value: Type.Unknown() }))),
});
export type TraceAction = Static<typeof Action>;

/** A number in 2.x, the half axes of an ellipse in 3.0. */
const Deviation = Type.Union([Type.Number(), Type.Object({ a: Type.Number(), b: Type.Number() })]);
const Node = Type.Object({
  nodeId: Type.String(),
  sequenceId: count,
  released: Type.Boolean(),
  nodePosition: Type.Optional(
    Type.Object({
      x: Type.Number(),
      y: Type.Number(),
      mapId: Type.String(),
      allowedDeviationXY: Type.Optional(Deviation),
    }),
  ),
  actions: Type.Array(Action),
});
export type TraceNode = Static<typeof Node>;
const Edge = Type.Object({
  edgeId: Type.String(),
  sequenceId: count,
  released: Type.Boolean(),
  startNodeId: Type.Optional(Type.String()),
  endNodeId: Type.Optional(Type.String()),
  actions: Type.Array(Action),
});

const Order = Type.Object({
  orderId: Type.String(),
  orderUpdateId: count,
  nodes: Type.Array(Node),
  edges: Type.Array(Edge),
});
export type TraceOrder = Static<typeof Order>;

const InstantActions = Type.Object({ actions: Type.Array(Action) });

const ActionState = Type.Object({
  actionId: Type.String(),
  actionType: Type.Optional(Type.String()),
  actionStatus: Type.Enum([
    "WAITING",
    "INITIALIZING",
    "RUNNING",
    "PAUSED",
    "RETRIABLE",
    "FINISHED",
    "FAILED",
  ]),
});

const Left = { sequenceId: Type.Integer(), released: Type.Boolean() };
const Request = Type.Object({
  requestId: Type.String(),
  requestStatus: Type.Enum(["REQUESTED", "GRANTED", "REVOKED", "EXPIRED", "QUEUED"]),
});
const Position = Type.Object({ x: Type.Number(), y: Type.Number(), mapId: Type.String() });
const State = Type.Object({
  orderId: Type.String(),
  orderUpdateId: Type.Integer(),
  lastNodeId: Type.String(),
  lastNodeSequenceId: Type.Integer(),
  driving: Type.Boolean(),
  nodeStates: Type.Array(Type.Object({ nodeId: Type.String(), ...Left })),
  edgeStates: Type.Array(Type.Object({ edgeId: Type.String(), ...Left })),
  actionStates: Type.Array(ActionState),
  instantActionStates: Type.Optional(Type.Array(ActionState)),
  operatingMode: Type.Enum([
    "STARTUP",
    "AUTOMATIC",
    "SEMIAUTOMATIC",
    "INTERVENED",
    "MANUAL",
    "SERVICE",
    "TEACHIN",
    "TEACH_IN",
  ]),
  errors: Type.Array(
    Type.Object({
      errorType: Type.String(),
      errorLevel: Type.Enum(["WARNING", "URGENT", "CRITICAL", "FATAL"]),
    }),
  ),
  agvPosition: Type.Optional(Position),
  mobileRobotPosition: Type.Optional(Position),
  zoneRequests: Type.Optional(Type.Array(Request)),
  edgeRequests: Type.Optional(Type.Array(Request)),
});
export type TraceState = Static<typeof State>;

const Connection = Type.Object({
  connectionState: Type.Enum(["ONLINE", "OFFLINE", "CONNECTIONBROKEN", "CONNECTION_BROKEN", "HIBERNATING"]),
});

const ActionScope = Type.Enum(["INSTANT", "NODE", "EDGE", "ZONE"]);
const Skill = Type.Object({ actionType: Type.String(), actionScopes: Type.Array(ActionScope) });
const Lengths = Type.Record(Type.String(), Type.Unknown());
const Factsheet = Type.Object({
  protocolFeatures: Type.Object({
    agvActions: Type.Optional(Type.Array(Skill)),
    mobileRobotActions: Type.Optional(Type.Array(Skill)),
  }),
  protocolLimits: Type.Object({
    maxArrayLens: Type.Optional(Lengths),
    maximumArrayLengths: Type.Optional(Lengths),
    timing: Type.Object({
      minOrderInterval: Type.Optional(Type.Number()),
      minimumOrderInterval: Type.Optional(Type.Number()),
    }),
  }),
});
export type TraceFactsheet = Static<typeof Factsheet>;

const Responses = Type.Object({
  responses: Type.Array(
    Type.Object({
      requestId: Type.String(),
      grantType: Type.Enum(["GRANTED", "QUEUED", "REVOKED", "REJECTED"]),
      leaseExpiry: Type.Optional(Type.String()),
    }),
  ),
});
const Loose = Type.Object({});

export type TraceMessage =
  | { readonly kind: "order"; readonly order: TraceOrder }
  | { readonly kind: "instantActions"; readonly actions: readonly TraceAction[] }
  | { readonly kind: "state"; readonly state: TraceState }
  | { readonly kind: "connection"; readonly connectionState: Static<typeof Connection>["connectionState"] }
  | { readonly kind: "factsheet"; readonly factsheet: TraceFactsheet }
  | { readonly kind: "responses"; readonly responses: Static<typeof Responses>["responses"] }
  | { readonly kind: "visualization" | "zoneSet" };

const readers = {
  header: readerOf(Header),
  order: readerOf(Order),
  instantActions: readerOf(InstantActions),
  state: readerOf(State),
  connection: readerOf(Connection),
  factsheet: readerOf(Factsheet),
  visualization: readerOf(Loose),
  responses: readerOf(Responses),
  zoneSet: readerOf(Loose),
};

export const readHeader = readers.header;

/** Reads a message as its version writes it; the reason of a refusal names the first places that are wrong. */
export function readMessage(version: Version, subtopic: Subtopic, value: unknown): Checked<TraceMessage> {
  switch (subtopic) {
    case "order":
      return map(readers.order(value), (order) => ({ kind: "order", order }));
    case "instantActions":
      return map(readers.instantActions(value), ({ actions }) => ({ kind: "instantActions", actions }));
    case "state": {
      const read = readers.state(value);
      const flaw = read.ok ? flawOfState(version, read.value) : undefined;
      if (flaw !== undefined) return { ok: false, reason: flaw };
      return map(read, (state) => ({ kind: "state", state }));
    }
    case "connection": {
      const read = readers.connection(value);
      const is3 = version === "3.0";
      if (read.ok && !(is3 ? CONNECTIONS_3 : CONNECTIONS_2).has(read.value.connectionState))
        return {
          ok: false,
          reason: `/connectionState ${read.value.connectionState} is no word of ${version}`,
        };
      return map(read, ({ connectionState }) => ({ kind: "connection", connectionState }));
    }
    case "factsheet":
      return map(readers.factsheet(value), (factsheet) => ({ kind: "factsheet", factsheet }));
    case "responses":
      return map(readers.responses(value), ({ responses }) => ({ kind: "responses", responses }));
    case "visualization":
    case "zoneSet":
      return map(readers[subtopic](value), () => ({ kind: subtopic }));
  }
}

const CONNECTIONS_2: ReadonlySet<string> = new Set(["ONLINE", "OFFLINE", "CONNECTIONBROKEN"]);
const CONNECTIONS_3: ReadonlySet<string> = new Set(["ONLINE", "OFFLINE", "CONNECTION_BROKEN", "HIBERNATING"]);
const ONLY_2: ReadonlySet<string> = new Set(["TEACHIN"]);
const ONLY_3: ReadonlySet<string> = new Set(["STARTUP", "INTERVENED", "TEACH_IN"]);

function flawOfState(version: Version, state: TraceState): string | undefined {
  const isForeign = (version === "3.0" ? ONLY_2 : ONLY_3).has(state.operatingMode);
  if (isForeign) return `/operatingMode ${state.operatingMode} is no word of ${version}`;
  if (version !== "3.0") return undefined;
  return state.instantActionStates === undefined ? "/instantActionStates is required" : undefined;
}

function map<T>(checked: Checked<T>, make: (value: T) => TraceMessage): Checked<TraceMessage> {
  return checked.ok ? { ok: true, value: make(checked.value) } : checked;
}

/** Problems named in a reason at most. */
const MAX_PROBLEMS = 3;

function readerOf<S extends TSchema>(schema: S): (value: unknown) => Checked<Static<S>> {
  const validator = Compile(schema);
  return (value) => {
    if (validator.Check(value)) return { ok: true, value };
    const problems = validator
      .Errors(value)
      .slice(0, MAX_PROBLEMS)
      .map(({ instancePath, message }) => `${instancePath === "" ? "the message" : instancePath} ${message}`);
    return { ok: false, reason: problems.join("; ") };
  };
}

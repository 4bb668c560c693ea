import type { Action } from "../model/action.ts";
import type { NodePosition, OrderBody } from "../model/order.ts";
import type { AccessResponse } from "../model/response.ts";
import type { Zone, ZoneSet } from "../model/zone-set.ts";
import { timestampOf } from "../wire/header.ts";
import {
  checkConnection,
  checkFactsheet,
  checkState,
  type InstantActions,
  type Order,
  type Responses,
  type Action as WireAction,
  type NodePosition as WirePosition,
  type ZoneSetMessage,
} from "../wire/v3_0/index.ts";
import type { Codec } from "./codec.ts";
import { read } from "./v2-report.ts";
import { connectionNewsOf, reportOf } from "./v3-report.ts";
import { sheetOf } from "./v3-sheet.ts";
import { edgeParts, orderParts, positionParts } from "./write-parts.ts";

/** VDA 5050 3.0. Where its text and its schema differ, the schema's is written and either is read. */
export const v3_0 = {
  protocol: "3.0",
  version: "3.0.0",
  topicVersion: "v3",
  readConnection: (message) => read(checkConnection(message), connectionNewsOf),
  readState: (message) => read(checkState(message), reportOf),
  readFactsheet: (message) => read(checkFactsheet(message), sheetOf),
  writeOrder,
  writeInstantActions: (actions): Pick<InstantActions, "actions"> => ({
    actions: actions.map((action) => ({ ...writeAction(action), blockingType: "NONE" })),
  }),
  writeZoneSet,
  writeResponses,
} satisfies Codec;

function writeOrder(order: OrderBody): Pick<Order, "orderId" | "orderUpdateId" | "nodes" | "edges"> {
  return {
    ...orderParts(order, { position: writePosition, action: writeAction }),
    // Which nodes an edge joins is said by its sequence id alone (section 6.1.1).
    edges: order.edges.map((edge) => ({
      ...edgeParts(edge, writeAction),
      ...(edge.maxSpeedMps === undefined ? {} : { maximumSpeed: edge.maxSpeedMps }),
    })),
  };
}

/** The deviation is a circle: an ellipse of two equal axes (section 6.6.2.1). */
const writePosition = (position: NodePosition): WirePosition =>
  positionParts(position, (deviationM) => ({ a: deviationM, b: deviationM, theta: 0 }));

function writeAction(action: Action): WireAction {
  const { actionType, actionId, blockingType, actionParameters, retriable } = action;
  return {
    actionType,
    actionId,
    blockingType,
    ...(retriable === undefined ? {} : { retriable }),
    ...(actionParameters === undefined ? {} : { actionParameters: [...actionParameters] }),
  };
}

function writeZoneSet({ zoneSetId, mapId, zones }: ZoneSet): Pick<ZoneSetMessage, "zoneSet"> {
  return { zoneSet: { mapId, zoneSetId, zones: zones.map(writeZone) } };
}

function writeZone(zone: Zone): ZoneSetMessage["zoneSet"]["zones"][number] {
  const written = {
    zoneId: zone.zoneId,
    zoneType: zone.kind,
    vertices: zone.vertices.map(({ xM, yM }) => ({ x: xM, y: yM })),
  };
  switch (zone.kind) {
    case "RELEASE":
      return { ...written, releaseLossBehavior: zone.onLoss };
    case "SPEED_LIMIT":
      return { ...written, maximumSpeed: zone.maxSpeedMps };
    case "BLOCKED":
    case "LINE_GUIDED":
      return written;
  }
}

function writeResponses(responses: readonly AccessResponse[]): Pick<Responses, "responses"> {
  return {
    responses: responses.map((response) => ({
      requestId: response.requestId,
      grantType: response.grant,
      ...(response.grant === "GRANTED" && response.leaseUntilMs !== undefined
        ? { leaseExpiry: timestampOf(response.leaseUntilMs) }
        : {}),
    })),
  };
}

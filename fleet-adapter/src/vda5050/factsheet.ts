import { actionIdOf } from "../names.ts";
import type { DriveAction, Factsheet } from "../port.ts";
import { nodeAction } from "./core/actions.ts";
import { fittedAction, flawOfAction, flawOfTrajectories } from "./core/fit.ts";
import type { CoreContext } from "./core/order-messages.ts";
import type { VehicleSheet } from "./model/factsheet.ts";
import type { OrderBody } from "./model/order.ts";

/** What of a factsheet concerns the orchestrator, in the port's words. */
export function factsheetOf(
  sheet: VehicleSheet,
  context: Pick<CoreContext, "orderBytes" | "chart">,
): Factsheet {
  return {
    manufacturer: sheet.manufacturer,
    serialNumber: sheet.serialNumber,
    seriesName: sheet.seriesName,
    lengthM: sheet.lengthM,
    widthM: sheet.widthM,
    maxSpeedMps: sheet.maxSpeedMps,
    maxLoadKg: sheet.maxLoadKg,
    actionTypes: [...sheet.actions.keys()],
    shortcomings: shortcomingsOf(sheet, context),
    rollingHandoff: sheet.rollingHandoff === true,
  };
}

/** Every mission picks a container up and sets it down. */
const ASKED_OF_ALL: readonly DriveAction[] = (["pick", "drop"] as const).map((kind) => ({
  kind,
  actionId: actionIdOf(kind),
  loadId: "CSQU3054383",
  stationId: "any",
}));

/** Missions, steps and hand-offs name orders, actions and places with up to so many characters. */
const LONGEST_ID = 64;

/** As short as an order that takes a vehicle anywhere can be: one edge, with something to do at its end. */
function shortestOrder(sheet: VehicleSheet): OrderBody {
  const id = "x".repeat(LONGEST_ID);
  const position = {
    xM: -100.001,
    yM: -100.001,
    headingRad: -1.0001,
    deviationM: 0.5,
    deviationRad: 0.2,
    mapId: "map",
  };
  const actions = ASKED_OF_ALL.slice(0, 1).map((action) => fittedAction(nodeAction(action), sheet));
  return {
    orderId: id,
    orderUpdateId: 0,
    nodes: [
      { nodeId: "from", sequenceId: 0, released: true, position, actions: [] },
      { nodeId: "to", sequenceId: 2, released: true, position, actions },
    ],
    edges: [
      { edgeId: "from-to", sequenceId: 1, released: true, startNodeId: "from", endNodeId: "to", actions: [] },
    ],
  };
}

function shortcomingsOf(
  sheet: VehicleSheet,
  { orderBytes, chart }: Pick<CoreContext, "orderBytes" | "chart">,
): readonly string[] {
  const { idNumericalOnly, maxIdLength, maxOrderNodes, maxMessageBytes } = sheet.limits;
  const actions = ASKED_OF_ALL.flatMap((action) => {
    const flaw = flawOfAction(nodeAction(action), sheet);
    return flaw === undefined ? [] : [flaw];
  });
  // Known when the vehicle appears, not when an order happens to lead there.
  const tooFine = flawOfTrajectories(chart.edgeIds(), sheet, chart);
  const shortestBytes = maxMessageBytes === undefined ? 0 : orderBytes(shortestOrder(sheet));
  return [
    ...actions,
    ...(tooFine === undefined ? [] : [tooFine]),
    ...(idNumericalOnly ? ["it takes numbers only as ids"] : []),
    ...(maxIdLength === undefined || maxIdLength >= LONGEST_ID
      ? []
      : [`it takes ids of ${maxIdLength} characters, Baton's have up to ${LONGEST_ID}`]),
    ...(maxOrderNodes === undefined || maxOrderNodes >= 2 ? [] : ["it takes less than two nodes an order"]),
    ...(maxMessageBytes === undefined || shortestBytes <= maxMessageBytes
      ? []
      : [`it takes messages of ${maxMessageBytes} bytes, the shortest order has ${shortestBytes}`]),
  ];
}

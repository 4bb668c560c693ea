import { expect, it } from "vitest";
import { reportOf } from "../codec/v2-report.ts";
import { CoreBench } from "./core-bench.ts";
import { vehicleStateOf } from "./vehicle-state.ts";

const { vehicle, context } = new CoreBench();
const calm = reportOf(vehicle.state(1));

it("names actions that failed and wait for an answer, with what the vehicle says of why", () => {
  expect(vehicleStateOf(context, calm, -1)).not.toHaveProperty("retriable");
  const report = {
    ...calm,
    actionStates: [
      { actionId: "p-1", actionType: "pick", actionStatus: "RETRIABLE" },
      { actionId: "d-1", actionType: "drop", actionStatus: "WAITING" },
    ],
    errors: [
      {
        errorType: "twistLock",
        errorLevel: "CRITICAL",
        errorReferences: [{ referenceKey: "actionId", referenceValue: "p-1" }],
      },
    ],
  } as const;
  expect(vehicleStateOf(context, report, -1).retriable).toEqual([
    { actionId: "p-1", detail: "pick: twistLock (actionId=p-1)" },
  ]);
});

it("tells errors of the standard, in either version's words, from a maker's own", () => {
  const errors = (["noRouteError", "NO_ROUTE_TO_TARGET", "gearbox"] as const).map((errorType) => ({
    errorType,
    errorLevel: "WARNING" as const,
  }));
  const kinds = vehicleStateOf(context, { ...calm, errors }, -1).errors.map(({ kind }) => kind);
  expect(kinds).toEqual(["no-way", "no-way", undefined]);
});

it("tells the ways that a vehicle has planned in the site frame, and none while it is not localised", () => {
  const point = { xM: 3, yM: 4 };
  const { xM, yM } = context.chart.toSite({ ...point, headingRad: 0 });
  const position = { xM: 0, yM: 0, headingRad: 0, mapId: context.chart.mapId, localised: true };
  const report = { ...calm, position, plannedWays: [[point]] };
  expect(vehicleStateOf(context, report, -1).plannedWays).toEqual([[{ xM, yM }]]);
  expect(vehicleStateOf(context, { ...report, position: undefined }, -1)).not.toHaveProperty("plannedWays");
  expect(vehicleStateOf(context, calm, -1)).not.toHaveProperty("plannedWays");
});

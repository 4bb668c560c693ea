import { actionIdOf } from "../names.ts";
import type { DriveAction, Factsheet } from "../port.ts";
import { nodeAction } from "./core/actions.ts";
import { flawOfAction } from "./core/fit.ts";
import type { VehicleSheet } from "./model/factsheet.ts";

/** What of a factsheet concerns the orchestrator, in the port's words. */
export function factsheetOf(sheet: VehicleSheet): Factsheet {
  return {
    manufacturer: sheet.manufacturer,
    serialNumber: sheet.serialNumber,
    seriesName: sheet.seriesName,
    lengthM: sheet.lengthM,
    widthM: sheet.widthM,
    maxSpeedMps: sheet.maxSpeedMps,
    maxLoadKg: sheet.maxLoadKg,
    actionTypes: [...sheet.actions.keys()],
    shortcomings: shortcomingsOf(sheet),
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

function shortcomingsOf(sheet: VehicleSheet): readonly string[] {
  const { idNumericalOnly, maxOrderNodes } = sheet.limits;
  const actions = ASKED_OF_ALL.flatMap((action) => {
    const flaw = flawOfAction(nodeAction(action), sheet);
    return flaw === undefined ? [] : [flaw];
  });
  return [
    ...actions,
    ...(idNumericalOnly ? ["it takes numbers only as ids"] : []),
    ...(maxOrderNodes === undefined || maxOrderNodes >= 2 ? [] : ["it takes less than two nodes an order"]),
  ];
}

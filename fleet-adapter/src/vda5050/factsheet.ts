import type { Factsheet } from "../port.ts";
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
    rollingHandoff: sheet.rollingHandoff === true,
  };
}

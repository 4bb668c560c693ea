import type { ActionAbility, ProtocolLimits, VehicleSheet } from "../model/factsheet.ts";
import type { FactsheetMessage } from "../wire/v2_1/factsheet.ts";
import { arrayLimitsOf, countIn, loadTypesOf, orderFieldsOf, parametersOf } from "./sheet-parts.ts";
import { nameSince3 } from "./v2-actions.ts";

/** A factsheet of 2.0 or 2.1 in the model's words (2.1 section 7.8). */
export function sheetOf(message: FactsheetMessage): VehicleSheet {
  const { physicalParameters, typeSpecification, protocolFeatures } = message;
  return {
    manufacturer: message.manufacturer,
    serialNumber: message.serialNumber,
    seriesName: typeSpecification.seriesName,
    lengthM: physicalParameters.length,
    widthM: physicalParameters.width,
    maxHeightM: physicalParameters.heightMax,
    maxSpeedMps: physicalParameters.speedMax,
    maxAccelerationMps2: physicalParameters.accelerationMax,
    maxBrakingMps2: physicalParameters.decelerationMax,
    maxLoadKg: typeSpecification.maxLoadMass,
    loadTypes: loadTypesOf(message.loadSpecification.loadSets),
    limits: limitsOf(message.protocolLimits),
    orderFields: orderFieldsOf(protocolFeatures.optionalParameters),
    actions: new Map(protocolFeatures.agvActions.map(abilityOf).map((one) => [one.actionType, one])),
    zoneTypes: [],
    ...(message.batonFeatures === undefined ? {} : { rollingHandoff: message.batonFeatures.rollingHandoff }),
  };
}

function limitsOf({
  maxStringLens,
  maxArrayLens,
  timing,
}: FactsheetMessage["protocolLimits"]): ProtocolLimits {
  return {
    ...countIn(maxStringLens, "msgLen", "maxMessageBytes"),
    ...countIn(maxStringLens, "idLen", "maxIdLength"),
    ...countIn(maxStringLens, "loadIdLen", "maxLoadIdLength"),
    ...countIn(maxStringLens, "enumLen", "maxEnumLength"),
    idNumericalOnly: maxStringLens.idNumericalOnly === true,
    ...arrayLimitsOf(maxArrayLens),
    minOrderIntervalMs: Math.max(0, timing.minOrderInterval * 1000),
  };
}

function abilityOf(action: FactsheetMessage["protocolFeatures"]["agvActions"][number]): ActionAbility {
  return {
    actionType: nameSince3(action.actionType),
    scopes: action.actionScopes,
    blockingTypes: typeof action.blockingTypes === "string" ? [action.blockingTypes] : action.blockingTypes,
    parameters: parametersOf(action.actionParameters),
  };
}

import type { ActionAbility, ProtocolLimits, VehicleSheet } from "../model/factsheet.ts";
import type { FactsheetMessage } from "../wire/v3_0/index.ts";
import { arrayLimitsOf, countIn, loadTypesOf, orderFieldsOf, parametersOf } from "./sheet-parts.ts";

/** A factsheet of 3.0 in the model's words (section 7.10). */
export function sheetOf(message: FactsheetMessage): VehicleSheet {
  const { physicalParameters, typeSpecification, protocolFeatures } = message;
  return {
    manufacturer: message.manufacturer,
    serialNumber: message.serialNumber,
    seriesName: typeSpecification.seriesName,
    lengthM: physicalParameters.length,
    widthM: physicalParameters.width,
    maxHeightM: physicalParameters.maximumHeight,
    maxSpeedMps: physicalParameters.maximumSpeed,
    maxAccelerationMps2: physicalParameters.maximumAcceleration,
    maxBrakingMps2: physicalParameters.maximumDeceleration,
    maxLoadKg: typeSpecification.maximumLoadMass,
    loadTypes: loadTypesOf(message.loadSpecification.loadSets),
    limits: limitsOf(message.protocolLimits),
    orderFields: orderFieldsOf(protocolFeatures.optionalParameters),
    actions: new Map(
      protocolFeatures.mobileRobotActions.map((action) => [action.actionType, abilityOf(action)]),
    ),
    zoneTypes: typeSpecification.supportedZones ?? [],
    ...(message.batonFeatures === undefined ? {} : { rollingHandoff: message.batonFeatures.rollingHandoff }),
  };
}

function limitsOf({
  maximumStringLengths,
  maximumArrayLengths,
  timing,
}: FactsheetMessage["protocolLimits"]): ProtocolLimits {
  return {
    ...countIn(maximumStringLengths, "maximumMessageLength", "maxMessageBytes"),
    ...countIn(maximumStringLengths, "maximumIdLength", "maxIdLength"),
    ...countIn(maximumStringLengths, "maximumLoadIdLength", "maxLoadIdLength"),
    ...countIn(maximumStringLengths, "maximumEnumLength", "maxEnumLength"),
    idNumericalOnly: maximumStringLengths.idNumericalOnly === true,
    ...arrayLimitsOf(maximumArrayLengths),
    minOrderIntervalMs: Math.max(0, timing.minimumOrderInterval * 1000),
  };
}

function abilityOf(
  action: FactsheetMessage["protocolFeatures"]["mobileRobotActions"][number],
): ActionAbility {
  return {
    actionType: action.actionType,
    scopes: action.actionScopes,
    blockingTypes: action.blockingTypes,
    parameters: parametersOf(action.actionParameters),
  };
}

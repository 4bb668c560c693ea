import type { FactsheetMessage } from "@baton/fleet-adapter/vda5050";
import type { FactsheetMessage as Factsheet3_0 } from "@baton/fleet-adapter/vda5050/v3_0";
import { ZONE_TYPES } from "../zones/zone-work.ts";

const KINEMATICS = { DIFF: "DIFFERENTIAL", OMNI: "OMNIDIRECTIONAL", THREEWHEEL: "THREE_WHEEL" } as const;

/** A factsheet of 2.1 as 3.0 has it (section 7.10). */
export function writeFactsheet(sheet: FactsheetMessage): Factsheet3_0 {
  const { typeSpecification: type, physicalParameters: body, protocolLimits, protocolFeatures } = sheet;
  const { timing } = protocolLimits;
  return {
    headerId: sheet.headerId ?? 0,
    timestamp: sheet.timestamp ?? "",
    version: "3.0.0",
    manufacturer: sheet.manufacturer,
    serialNumber: sheet.serialNumber,
    typeSpecification: {
      seriesName: type.seriesName,
      mobileRobotKinematics: KINEMATICS[type.agvKinematic],
      mobileRobotClass: type.agvClass,
      maximumLoadMass: type.maxLoadMass,
      localizationTypes: type.localizationTypes,
      navigationTypes: type.navigationTypes.map((one) => (one === "AUTONOMOUS" ? "FREELY_NAVIGATING" : one)),
      supportedZones: [...ZONE_TYPES],
    },
    physicalParameters: {
      minimumSpeed: body.speedMin,
      maximumSpeed: body.speedMax,
      maximumAcceleration: body.accelerationMax,
      maximumDeceleration: body.decelerationMax,
      minimumHeight: body.heightMin ?? body.heightMax,
      maximumHeight: body.heightMax,
      width: body.width,
      length: body.length,
    },
    protocolLimits: {
      maximumStringLengths: {},
      maximumArrayLengths: {},
      timing: {
        minimumOrderInterval: timing.minOrderInterval,
        minimumStateInterval: timing.minStateInterval,
        ...(timing.defaultStateInterval === undefined
          ? {}
          : { defaultStateInterval: timing.defaultStateInterval }),
      },
    },
    protocolFeatures: {
      optionalParameters: protocolFeatures.optionalParameters.map(({ parameter, support }) => ({
        parameter: parameter.replace(/maxSpeed$/, "maximumSpeed"),
        support,
      })),
      mobileRobotActions: protocolFeatures.agvActions.map((action) => ({
        actionType: action.actionType,
        actionScopes: action.actionScopes,
        blockingTypes: [
          ...(action.actionScopes.includes("NODE") ? (["HARD"] as const) : []),
          ...(action.actionScopes.includes("INSTANT") ? (["NONE"] as const) : []),
        ],
        ...(action.actionParameters === undefined
          ? {}
          : {
              actionParameters: action.actionParameters.map((parameter) => ({
                ...parameter,
                valueDataType: parameter.valueDataType === "FLOAT" ? "NUMBER" : parameter.valueDataType,
              })),
            }),
        // Twist locks neither stop half-way nor let go of a container that hangs in the spreader.
        pauseAllowed: false,
        cancelAllowed: action.actionType !== "pick" && action.actionType !== "drop",
      })),
    },
    mobileRobotGeometry: {},
    ...(sheet.batonFeatures === undefined ? {} : { batonFeatures: sheet.batonFeatures }),
    loadSpecification: {
      loadSets: (sheet.loadSpecification.loadSets ?? []).map(({ setName, loadType }) => ({
        setName,
        loadType,
      })),
    },
  };
}

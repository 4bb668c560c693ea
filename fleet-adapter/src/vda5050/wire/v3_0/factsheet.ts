import Type, { type Static } from "typebox";
import { BatonFeatures } from "../baton-control.ts";
import { headerFields } from "../header.ts";
import { BlockingType } from "./action.ts";

/**
 * What a vehicle is and can do (VDA 5050 3.0 sections 6.10 and 7.10); topic `factsheet`, retained. Parts of it that
 * Baton has no use for are let through unread.
 */
export const FactsheetMessage = Type.Object({
  ...headerFields,
  typeSpecification: Type.Object({
    seriesName: Type.String(),
    seriesDescription: Type.Optional(Type.String()),
    mobileRobotKinematics: Type.String(),
    mobileRobotClass: Type.String(),
    /** Kilograms. */
    maximumLoadMass: Type.Number({ minimum: 0 }),
    localizationTypes: Type.Array(Type.String()),
    navigationTypes: Type.Array(Type.String()),
    supportedZones: Type.Optional(Type.Array(Type.String())),
  }),
  /** Metres, metres a second, metres a second squared. */
  physicalParameters: Type.Object({
    minimumSpeed: Type.Number({ minimum: 0 }),
    maximumSpeed: Type.Number({ minimum: 0 }),
    maximumAcceleration: Type.Number({ minimum: 0 }),
    maximumDeceleration: Type.Number(),
    minimumHeight: Type.Number(),
    maximumHeight: Type.Number(),
    width: Type.Number(),
    length: Type.Number(),
  }),
  protocolLimits: Type.Object({
    maximumStringLengths: Type.Record(Type.String(), Type.Unknown()),
    maximumArrayLengths: Type.Record(Type.String(), Type.Unknown()),
    /** Seconds. */
    timing: Type.Object({
      minimumOrderInterval: Type.Number({ minimum: 0 }),
      minimumStateInterval: Type.Number({ minimum: 0 }),
      defaultStateInterval: Type.Optional(Type.Number({ minimum: 0 })),
      visualizationInterval: Type.Optional(Type.Number({ minimum: 0 })),
    }),
  }),
  protocolFeatures: Type.Object({
    optionalParameters: Type.Array(
      Type.Object({
        parameter: Type.String(),
        support: Type.Enum(["SUPPORTED", "REQUIRED"]),
        description: Type.Optional(Type.String()),
      }),
    ),
    mobileRobotActions: Type.Array(
      Type.Object({
        actionType: Type.String(),
        actionDescription: Type.Optional(Type.String()),
        actionScopes: Type.Array(Type.Enum(["INSTANT", "NODE", "EDGE", "ZONE"])),
        actionParameters: Type.Optional(
          Type.Array(
            Type.Object({
              key: Type.String(),
              valueDataType: Type.Enum(["BOOL", "NUMBER", "INTEGER", "STRING", "OBJECT", "ARRAY"]),
              description: Type.Optional(Type.String()),
              isOptional: Type.Optional(Type.Boolean()),
            }),
          ),
        ),
        actionResult: Type.Optional(Type.String()),
        blockingTypes: Type.Optional(Type.Array(BlockingType)),
        pauseAllowed: Type.Boolean(),
        cancelAllowed: Type.Boolean(),
      }),
    ),
  }),
  mobileRobotGeometry: Type.Record(Type.String(), Type.Unknown()),
  loadSpecification: Type.Object({
    loadSets: Type.Optional(Type.Array(Type.Object({ setName: Type.String(), loadType: Type.String() }))),
  }),
  batonFeatures: Type.Optional(BatonFeatures),
});
export type FactsheetMessage = Static<typeof FactsheetMessage>;

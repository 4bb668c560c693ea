import Type, { type Static } from "typebox";
import { BatonFeatures } from "../baton-control.ts";
import { headerFields } from "../header.ts";
import { BlockingType } from "./action.ts";

/**
 * What a vehicle is and can do (VDA 5050 2.1 section 6.15); topic `factsheet`. Parts of it that Baton has no
 * use for are let through unread.
 */
export const FactsheetMessage = Type.Object({
  headerId: Type.Optional(headerFields.headerId),
  timestamp: Type.Optional(headerFields.timestamp),
  version: Type.String(),
  manufacturer: Type.String(),
  serialNumber: Type.String(),
  typeSpecification: Type.Object({
    seriesName: Type.String(),
    seriesDescription: Type.Optional(Type.String()),
    agvKinematic: Type.Enum(["DIFF", "OMNI", "THREEWHEEL"]),
    agvClass: Type.Enum(["FORKLIFT", "CONVEYOR", "TUGGER", "CARRIER"]),
    /** Kilograms. */
    maxLoadMass: Type.Number({ minimum: 0 }),
    localizationTypes: Type.Array(Type.Enum(["NATURAL", "REFLECTOR", "RFID", "DMC", "SPOT", "GRID"])),
    navigationTypes: Type.Array(Type.Enum(["PHYSICAL_LINE_GUIDED", "VIRTUAL_LINE_GUIDED", "AUTONOMOUS"])),
  }),
  /** Metres, metres a second, metres a second squared. */
  physicalParameters: Type.Object({
    speedMin: Type.Number(),
    speedMax: Type.Number(),
    accelerationMax: Type.Number(),
    decelerationMax: Type.Number(),
    heightMin: Type.Optional(Type.Number()),
    heightMax: Type.Number(),
    width: Type.Number(),
    length: Type.Number(),
  }),
  protocolLimits: Type.Object({
    maxStringLens: Type.Record(Type.String(), Type.Unknown()),
    maxArrayLens: Type.Record(Type.String(), Type.Unknown()),
    /** Seconds. */
    timing: Type.Object({
      minOrderInterval: Type.Number(),
      minStateInterval: Type.Number(),
      defaultStateInterval: Type.Optional(Type.Number()),
      visualizationInterval: Type.Optional(Type.Number()),
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
    agvActions: Type.Array(
      Type.Object({
        actionType: Type.String(),
        actionDescription: Type.Optional(Type.String()),
        actionScopes: Type.Array(Type.Enum(["INSTANT", "NODE", "EDGE"])),
        actionParameters: Type.Optional(
          Type.Array(
            Type.Object({
              key: Type.String(),
              valueDataType: Type.Enum(["BOOL", "NUMBER", "INTEGER", "FLOAT", "STRING", "OBJECT", "ARRAY"]),
              description: Type.Optional(Type.String()),
              isOptional: Type.Optional(Type.Boolean()),
            }),
          ),
        ),
        resultDescription: Type.Optional(Type.String()),
        /** A list, says the text (section 7.8); the schema of 2.1.0 can be met by nothing at all, so a single one is taken, too. */
        blockingTypes: Type.Optional(Type.Union([Type.Array(BlockingType), BlockingType])),
      }),
    ),
  }),
  agvGeometry: Type.Record(Type.String(), Type.Unknown()),
  loadSpecification: Type.Object({
    loadSets: Type.Optional(Type.Array(Type.Object({ setName: Type.String(), loadType: Type.String() }))),
  }),
  batonFeatures: Type.Optional(BatonFeatures),
});
export type FactsheetMessage = Static<typeof FactsheetMessage>;

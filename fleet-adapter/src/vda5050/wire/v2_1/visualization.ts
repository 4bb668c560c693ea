import Type, { type Static } from "typebox";
import { headerFields } from "../header.ts";
import { AgvPosition, Velocity } from "./state.ts";

/** Position at a high rate, for display only (VDA 5050 2.1 section 6.13); topic `visualization`. */
export const Visualization = Type.Object({
  headerId: Type.Optional(headerFields.headerId),
  timestamp: Type.Optional(headerFields.timestamp),
  version: Type.Optional(headerFields.version),
  manufacturer: Type.Optional(headerFields.manufacturer),
  serialNumber: Type.Optional(headerFields.serialNumber),
  agvPosition: Type.Optional(AgvPosition),
  velocity: Type.Optional(Velocity),
});
export type Visualization = Static<typeof Visualization>;

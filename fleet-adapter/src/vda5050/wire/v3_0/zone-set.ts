import Type, { type Static } from "typebox";
import { headerFields } from "../header.ts";

const Vertex = Type.Object({ x: Type.Number(), y: Type.Number() });

const Zone = Type.Object({
  zoneId: Type.String(),
  zoneType: Type.Enum([
    "BLOCKED",
    "LINE_GUIDED",
    "RELEASE",
    "COORDINATED_REPLANNING",
    "SPEED_LIMIT",
    "ACTION",
    "PRIORITY",
    "PENALTY",
    "DIRECTED",
    "BIDIRECTED",
  ]),
  zoneDescriptor: Type.Optional(Type.String()),
  vertices: Type.Array(Vertex, { minItems: 3 }),
  /** Of `RELEASE` zones. */
  releaseLossBehavior: Type.Optional(Type.Enum(["STOP", "CONTINUE", "EVACUATE"])),
  /** Of `SPEED_LIMIT` zones, metres a second. */
  maximumSpeed: Type.Optional(Type.Number()),
});

/** The zones of one map (VDA 5050 3.0 sections 6.4 and 7.6); topic `zoneSet`. */
export const ZoneSetMessage = Type.Object({
  ...headerFields,
  zoneSet: Type.Object({
    mapId: Type.String(),
    zoneSetId: Type.String(),
    zoneSetDescriptor: Type.Optional(Type.String()),
    zones: Type.Array(Zone),
  }),
});
export type ZoneSetMessage = Static<typeof ZoneSetMessage>;

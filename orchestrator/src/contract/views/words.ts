import Type from "typebox";

export const SideSchema = Type.Union([Type.Literal("vn"), Type.Literal("cn")]);

export const DirectionSchema = Type.Union([Type.Literal("export"), Type.Literal("import")]);

/** What changes hands at the line. */
export const HandoverMode = Type.Enum(["control-passes", "host-grants", "container-transfers"]);

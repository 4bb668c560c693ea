/** A name of one kind that cannot be passed where a name of another kind is meant. */
export type Branded<Name extends string> = string & { readonly __brand: Name };

export type NodeId = Branded<"NodeId">;
export type EdgeId = Branded<"EdgeId">;
export type BlockId = Branded<"BlockId">;
export type ZoneId = Branded<"ZoneId">;
export type LaneId = Branded<"LaneId">;
export type StationId = Branded<"StationId">;
export type DeviceId = Branded<"DeviceId">;
export type VehicleClassId = Branded<"VehicleClassId">;
export type HandoffPointId = Branded<"HandoffPointId">;

/** One of the two authorities at the border. */
export type Side = "vn" | "cn";
/** The way over the line: `export` is Viet Nam to China, `import` is China to Viet Nam. */
export type Direction = "export" | "import";
/** What a direction is for one side: `outbound` leaves its ground, `inbound` comes onto it. */
export type Bound = "outbound" | "inbound";

export const SIDES: readonly Side[] = ["vn", "cn"];
export const DIRECTIONS: readonly Direction[] = ["export", "import"];

export function otherSide(side: Side): Side {
  return side === "vn" ? "cn" : "vn";
}

/** `outbound` for the side that a direction leaves, `inbound` for the side that it enters. */
export function boundOf(side: Side, direction: Direction): Bound {
  return (side === "vn") === (direction === "export") ? "outbound" : "inbound";
}

/** Names that a checked file gave to things: the only place where a plain text becomes a name. */
export const nodeIdOf = (text: string): NodeId => text as NodeId;
export const edgeIdOf = (text: string): EdgeId => text as EdgeId;
export const blockIdOf = (text: string): BlockId => text as BlockId;
export const zoneIdOf = (text: string): ZoneId => text as ZoneId;
export const vehicleClassIdOf = (text: string): VehicleClassId => text as VehicleClassId;

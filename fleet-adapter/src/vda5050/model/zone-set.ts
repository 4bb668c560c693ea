import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";

const Id = Type.String({ minLength: 1, maxLength: 64 });
const Metres = Type.Number({ minimum: -1e6, maximum: 1e6 });

const ground = {
  /** Unique within its set. */
  zoneId: Id,
  /** A simple polygon, points of the map frame, metres. */
  vertices: Type.Array(Type.Object({ xM: Metres, yM: Metres }), { minItems: 3, maxItems: 1_000 }),
  /** Edges of the layout that lead over it: where one of them is closed, so is the zone. */
  edgeIds: Type.Optional(Type.Array(Id, { maxItems: 1_000 })),
};

/**
 * One zone, of the kinds that Baton lays down (VDA 5050 3.0 section 6.4.1): ground that a vehicle asks for before
 * it enters, ground that is forbidden, ground without free navigation, ground with a limit of speed.
 */
export const Zone = Type.Union([
  Type.Object({
    kind: Type.Literal("RELEASE"),
    onLoss: Type.Enum(["STOP", "CONTINUE", "EVACUATE"]),
    ...ground,
  }),
  Type.Object({ kind: Type.Enum(["BLOCKED", "LINE_GUIDED"]), ...ground }),
  Type.Object({
    kind: Type.Literal("SPEED_LIMIT"),
    maxSpeedMps: Type.Number({ exclusiveMinimum: 0 }),
    ...ground,
  }),
]);
export type Zone = Static<typeof Zone>;

/** The zones of one map. What stands under one id never changes; a change is a set with a new id (section 6.4.2). */
export const ZoneSet = Type.Object({
  zoneSetId: Id,
  mapId: Id,
  zones: Type.Array(Zone, { minItems: 1, maxItems: 1_000 }),
});
export type ZoneSet = Static<typeof ZoneSet>;

export interface ZoneName {
  readonly zoneSetId: string;
  readonly zoneId: string;
}

const check = Compile(Type.Array(ZoneSet, { maxItems: 100 }));

/**
 * Zone sets as they stand in a file of a side's configuration, all of that side's map: one at most, since a vehicle has
 * one enabled for each map (section 6.4.2).
 * @throws {Error} that names the place in the file and what it has to be.
 */
export function zoneSetsFrom(content: unknown, mapId: string): readonly ZoneSet[] {
  if (!check.Check(content)) {
    const [first] = check.Errors(content);
    throw new Error(`zones: ${first?.instancePath || "the file"} ${first?.message ?? "is not valid"}`);
  }
  for (const zoneSet of content) {
    if (zoneSet.mapId !== mapId)
      throw new Error(`zones: ${zoneSet.zoneSetId} is of map ${zoneSet.mapId}, this side's is ${mapId}`);
  }
  if (content.length > 1) {
    const names = content.map(({ zoneSetId }) => zoneSetId).join(", ");
    throw new Error(
      `zones: ${names} are all of map ${mapId}, of which a vehicle can have one enabled: make them one set`,
    );
  }
  return content;
}

/** The zones over which a closed edge leads. */
export function zonesOver(
  zoneSets: readonly ZoneSet[],
  closedEdgeIds: ReadonlySet<string>,
): readonly ZoneName[] {
  return zoneSets.flatMap(({ zoneSetId, zones }) =>
    zones
      .filter(({ edgeIds = [] }) => edgeIds.some((edgeId) => closedEdgeIds.has(edgeId)))
      .map(({ zoneId }) => ({ zoneSetId, zoneId })),
  );
}

import Type, { type Static } from "typebox";

/**
 * What Baton reads of a VDMA Layout Interchange Format 1.0 file: the parts of the standard that the road
 * network is made from. Other fields of the standard may be present and are kept as they are.
 */

const Id = Type.String({ minLength: 1, maxLength: 128 });
const Coordinate = Type.Number({ minimum: -1_000_000, maximum: 1_000_000 });
const Angle = Type.Number({ minimum: -3.15, maximum: 3.15 });

const LifTrajectory = Type.Object({
  degree: Type.Optional(Type.Integer({ minimum: 1, maximum: 16 })),
  knotVector: Type.Array(Type.Number({ minimum: 0, maximum: 1 })),
  controlPoints: Type.Array(
    Type.Object({
      x: Coordinate,
      y: Coordinate,
      weight: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    }),
    { minItems: 2 },
  ),
});

const Rotation = Type.Union([
  Type.Literal("NONE"),
  Type.Literal("CCW"),
  Type.Literal("CW"),
  Type.Literal("BOTH"),
]);

const LifNode = Type.Object({
  nodeId: Id,
  nodeName: Type.Optional(Type.String()),
  nodeDescription: Type.Optional(Type.String()),
  mapId: Type.Optional(Type.String()),
  nodePosition: Type.Object({ x: Coordinate, y: Coordinate }),
  vehicleTypeNodeProperties: Type.Array(Type.Object({ vehicleTypeId: Id, theta: Type.Optional(Angle) }), {
    minItems: 1,
  }),
});

const LifEdge = Type.Object({
  edgeId: Id,
  startNodeId: Id,
  endNodeId: Id,
  vehicleTypeEdgeProperties: Type.Array(
    Type.Object({
      vehicleTypeId: Id,
      vehicleOrientation: Type.Optional(Type.Number()),
      orientationType: Type.Optional(Type.Union([Type.Literal("GLOBAL"), Type.Literal("TANGENTIAL")])),
      rotationAllowed: Type.Boolean(),
      rotationAtStartNodeAllowed: Type.Optional(Rotation),
      rotationAtEndNodeAllowed: Type.Optional(Rotation),
      maxSpeed: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
      trajectory: Type.Optional(LifTrajectory),
    }),
    { minItems: 1 },
  ),
});

const LifStation = Type.Object({
  stationId: Id,
  interactionNodeIds: Type.Array(Id, { minItems: 1 }),
  stationName: Type.Optional(Type.String()),
  stationDescription: Type.Optional(Type.String()),
  stationHeight: Type.Optional(Type.Number({ minimum: 0 })),
  stationPosition: Type.Optional(Type.Object({ x: Coordinate, y: Coordinate, theta: Type.Optional(Angle) })),
});

export const Lif = Type.Object({
  metaInformation: Type.Object({
    projectIdentification: Type.String(),
    creator: Type.String(),
    exportTimestamp: Type.String(),
    lifVersion: Type.String(),
  }),
  layouts: Type.Array(
    Type.Object({
      layoutId: Id,
      layoutName: Type.Optional(Type.String()),
      layoutVersion: Type.String(),
      nodes: Type.Array(LifNode, { minItems: 1, maxItems: 100_000 }),
      edges: Type.Array(LifEdge, { maxItems: 200_000 }),
      stations: Type.Array(LifStation),
    }),
    { minItems: 1 },
  ),
});
export type Lif = Static<typeof Lif>;
export type LifLayout = Lif["layouts"][number];
export type LifNode = LifLayout["nodes"][number];
export type LifEdge = LifLayout["edges"][number];

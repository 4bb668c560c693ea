import type { Side } from "@baton/maps";
import { AlarmView, MissionView } from "@baton/orchestrator/contract";
import Type from "typebox";
import {
  type Color,
  entity,
  FrameTransforms,
  Log,
  type SceneEntity,
  SceneUpdate,
  strip,
  timeOf,
  turned,
  type Vector3,
} from "./foxglove.ts";
import { type Ground, roadKey } from "./ground.ts";
import { McapFile, type OpenWritable } from "./mcap-file.ts";

/** A vehicle as it is recorded. Site frame. */
export interface RecordedVehicle {
  readonly vehicleId: string;
  readonly xM: number;
  readonly yM: number;
  readonly headingRad: number;
  readonly isLoaded: boolean;
}

/** What a vehicle has been granted on one side: edges as that side names them, in driving order. */
const Grants = Type.Object({
  atMs: Type.Number(),
  side: Type.Enum(["vn", "cn"]),
  vehicleId: Type.String(),
  grantedEdgeIds: Type.Array(Type.String()),
});

/** The frame of everything; vehicles have frames of their own in it. */
const SITE_FRAME = "site";

const COLOURS = {
  road: { r: 0.5, g: 0.55, b: 0.6, a: 0.55 },
  station: { r: 0.45, g: 0.6, b: 0.75, a: 0.25 },
  line: { r: 0.78, g: 0.2, b: 0.17, a: 1 },
  body: { r: 0.83, g: 0.85, b: 0.86, a: 1 },
  container: { r: 0.53, g: 0.34, b: 0.3, a: 1 },
  granted: { vn: { r: 0.9, g: 0.6, b: 0.1, a: 0.9 }, cn: { r: 0.2, g: 0.6, b: 0.85, a: 0.9 } },
} as const satisfies Record<string, Color | Record<Side, Color>>;

const CONTAINER_M = { x: 12.19, y: 2.44, z: 2.9 } as const;
const LEVELS: Readonly<Record<AlarmView["priority"], number>> = { low: 2, medium: 3, high: 4, critical: 5 };

type Channels = Readonly<Record<(typeof TOPICS)[number]["name"], number>>;

/** Writes what happens at a crossing into an MCAP file that opens in Foxglove and Lichtblick. */
export class Recorder {
  readonly #file: McapFile;
  readonly #ground: Ground;
  readonly #channels: Channels;
  /** Vehicles that have been drawn, and whether with a container. */
  readonly #bodies = new Map<string, boolean>();
  /** What each vehicle was granted last, by side and vehicle. */
  readonly #granted = new Map<string, string>();

  private constructor(file: McapFile, ground: Ground, channels: Channels) {
    this.#file = file;
    this.#ground = ground;
    this.#channels = channels;
  }

  /** Begins a recording with the ground. */
  static async open(to: OpenWritable, ground: Ground, atMs: number): Promise<Recorder> {
    const file = new McapFile(to);
    await file.start();
    const channels = { poses: 0, scene: 0, grants: 0, missions: 0, alarms: 0, log: 0 };
    for (const { name, topic, called, schema } of TOPICS)
      channels[name] = await file.channel(topic, called, schema);
    const recorder = new Recorder(file, ground, channels);
    recorder.#scene(atMs, groundEntities(ground, atMs));
    return recorder;
  }

  /** Where all vehicles are at an instant. */
  poses(atMs: number, vehicles: readonly RecordedVehicle[]): void {
    const timestamp = timeOf(atMs);
    this.#file.add(this.#channels.poses, atMs, {
      transforms: vehicles.map(({ vehicleId, xM, yM, headingRad }) => ({
        timestamp,
        parent_frame_id: SITE_FRAME,
        child_frame_id: vehicleId,
        translation: { x: xM, y: yM, z: 0 },
        rotation: turned(headingRad),
      })),
    } satisfies FrameTransforms);
    const changed = vehicles.filter(({ vehicleId, isLoaded }) => this.#bodies.get(vehicleId) !== isLoaded);
    for (const { vehicleId, isLoaded } of changed) this.#bodies.set(vehicleId, isLoaded);
    this.#scene(
      atMs,
      changed.map((one) => this.#body(one, atMs)),
    );
  }

  /** What a vehicle has been granted; nothing is written when it is as before. */
  grants(atMs: number, side: Side, vehicleId: string, grantedEdgeIds: readonly string[]): void {
    const key = `${side} ${vehicleId}`;
    const now = grantedEdgeIds.join(" ");
    if ((this.#granted.get(key) ?? "") === now) return;
    this.#granted.set(key, now);
    this.#file.add(this.#channels.grants, atMs, {
      atMs,
      side,
      vehicleId,
      grantedEdgeIds: [...grantedEdgeIds],
    });
    const lines = grantedEdgeIds.flatMap((edgeId) => {
      const points = this.#ground.roads.get(roadKey(side, edgeId));
      return points === undefined ? [] : [strip(points.map(raised), 1.2, COLOURS.granted[side])];
    });
    this.#scene(atMs, [entity(`granted ${key}`, SITE_FRAME, atMs, { lines })]);
  }

  mission(atMs: number, view: MissionView): void {
    this.#file.add(this.#channels.missions, atMs, view);
  }

  alarm(atMs: number, view: AlarmView): void {
    this.#file.add(this.#channels.alarms, atMs, view);
    if (view.state === "acknowledged") return;
    this.#file.add(this.#channels.log, atMs, {
      timestamp: timeOf(atMs),
      level: view.state === "returned" ? LEVELS.low : LEVELS[view.priority],
      message: `${view.state === "returned" ? "over: " : ""}${view.code}: ${view.detail}`,
      name: view.side,
      file: "",
      line: 0,
    } satisfies Log);
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #scene(atMs: number, entities: readonly SceneEntity[]): void {
    if (entities.length === 0) return;
    const update: SceneUpdate = { deletions: [], entities: [...entities] };
    this.#file.add(this.#channels.scene, atMs, update);
  }

  #body({ vehicleId, isLoaded }: RecordedVehicle, atMs: number): SceneEntity {
    const { lengthM, widthM, heightM } = this.#ground.vehicle;
    const cubes: SceneEntity["cubes"] = [box(0, { x: lengthM, y: widthM, z: heightM }, COLOURS.body)];
    if (isLoaded) cubes.push(box(heightM, CONTAINER_M, COLOURS.container));
    return entity(`body ${vehicleId}`, vehicleId, atMs, {
      cubes,
      metadata: [{ key: "vehicle", value: vehicleId }],
    });
  }
}

const TOPICS = [
  { name: "poses", topic: "/vehicles/poses", called: "foxglove.FrameTransforms", schema: FrameTransforms },
  { name: "scene", topic: "/scene", called: "foxglove.SceneUpdate", schema: SceneUpdate },
  { name: "grants", topic: "/grants", called: "baton.Grants", schema: Grants },
  { name: "missions", topic: "/missions", called: "baton.Mission", schema: MissionView },
  { name: "alarms", topic: "/alarms", called: "baton.Alarm", schema: AlarmView },
  { name: "log", topic: "/log", called: "foxglove.Log", schema: Log },
] as const;

const raised = ({ x, y, z }: Vector3): Vector3 => ({ x, y, z: z + 0.05 });

function box(onZM: number, size: Vector3, color: Color): SceneEntity["cubes"][number] {
  return {
    pose: { position: { x: 0, y: 0, z: onZM + size.z / 2 }, orientation: turned(0) },
    size: { ...size },
    color: { ...color },
  };
}

/** How far the line is drawn to both sides of the road. */
const LINE_REACH_M = 90;

function groundEntities({ roads, stations }: Ground, atMs: number): SceneEntity[] {
  return [
    entity("roads", SITE_FRAME, atMs, {
      lines: [...roads.values()].map((points) => strip(points, 0.4, COLOURS.road)),
    }),
    entity("line", SITE_FRAME, atMs, {
      lines: [
        strip(
          [
            { x: 0, y: -LINE_REACH_M, z: 0.1 },
            { x: 0, y: LINE_REACH_M, z: 0.1 },
          ],
          0.8,
          COLOURS.line,
        ),
      ],
    }),
    ...stations.map(({ stationId, kind, xM, yM, headingRad, lengthM, widthM, heightM }) =>
      entity(`station ${stationId}`, SITE_FRAME, atMs, {
        cubes: [
          {
            pose: { position: { x: xM, y: yM, z: heightM / 2 }, orientation: turned(headingRad) },
            size: { x: lengthM, y: widthM, z: heightM },
            color: COLOURS.station,
          },
        ],
        metadata: [
          { key: "station", value: stationId },
          { key: "kind", value: kind },
        ],
      }),
    ),
  ];
}

import { zstdDecompressSync } from "node:zlib";
import type { MissionView, VehicleView } from "@baton/orchestrator/contract";
import { CONTROL_FRAME, type ControlFrame, encodePoseFrame, PoseFlag } from "@baton/orchestrator/contract";
import * as published from "@foxglove/schemas/jsonschema.js";
import { McapIndexedReader, TempBuffer } from "@mcap/core";
import { pack } from "msgpackr";
import { Value } from "typebox/value";
import { describe, expect, it } from "vitest";
import { FrameTransforms, SceneUpdate } from "./foxglove.ts";
import { type Ground, roadKey } from "./ground.ts";
import type { OpenWritable } from "./mcap-file.ts";
import { FeedRecording } from "./record-feed.ts";
import { type RecordedVehicle, Recorder } from "./recorder.ts";

const BEGIN_MS = Date.UTC(2026, 5, 1, 1, 0, 0, 250);

const ground: Ground = {
  roads: new Map([
    [
      roadKey("vn", "e1"),
      [
        { x: -100, y: -13, z: 0 },
        { x: -50, y: -13, z: 0 },
      ],
    ],
    [
      roadKey("cn", "e1"),
      [
        { x: 50, y: -13, z: 0 },
        { x: 100, y: -13, z: 0 },
      ],
    ],
  ]),
  stations: [
    {
      stationId: "vn.portal-1",
      kind: "portal",
      xM: -987,
      yM: -13,
      headingRad: 0,
      lengthM: 3,
      widthM: 7,
      heightM: 6,
    },
  ],
  vehicle: { lengthM: 15, widthM: 3, heightM: 1.7 },
};

const mission: MissionView = {
  missionId: "m1",
  orderId: "o1",
  side: "vn",
  direction: "export",
  bound: "outbound",
  containerNo: "MSCU6639870",
  step: "scan",
  stepSinceMs: BEGIN_MS,
  status: "running",
  steps: ["scan"],
  timeline: [],
};

const vehicle = (slot: number, vehicleId: string, grantedEdgeIds: string[]): VehicleView => ({
  vehicleId,
  slot,
  connection: "online",
  batteryPct: 80,
  charging: false,
  loadIds: [],
  lastReportAtMs: BEGIN_MS,
  grantedEdgeIds,
  plannedEdgeIds: [],
});

interface Read {
  readonly topic: string;
  readonly schema: string;
  readonly atMs: number;
  readonly message: unknown;
}

/**
 * Of a message whose schema Foxglove has published: what its own JSON Schema finds wrong. That schema lets fields be missing
 * and unknown ones be there; a viewer would show nothing of either, so here both are faults.
 */
function faultsBySchemaOfFoxglove(schemaName: string, message: unknown): string[] {
  const [publisher, name] = schemaName.split(".");
  if (publisher !== "foxglove") return [];
  const official = Object.entries(published).find(([known]) => known === name)?.[1];
  if (official === undefined) return [`Foxglove has no schema ${schemaName}`];
  return Value.Errors(withoutGaps(official), message).map(
    ({ instancePath, message: fault }) => `${instancePath} ${fault}`,
  );
}

/** Why Lichtblick's reader of JSON Schema (and Foxglove's, of which it is one) would refuse the topic: it knows one plain type a field. */
function faultsForViewers(schema: unknown, path: string): string[] {
  if (typeof schema !== "object" || schema === null || !("type" in schema)) return [`${path} has no type`];
  const inner = (name: string, field: unknown): string[] => faultsForViewers(field, `${path}.${name}`);
  switch (schema.type) {
    case "boolean":
    case "integer":
    case "number":
    case "string":
      return [];
    case "object":
      return "properties" in schema && typeof schema.properties === "object"
        ? Object.entries(schema.properties ?? {}).flatMap(([name, field]) => inner(name, field))
        : [];
    case "array": {
      const items = "items" in schema ? schema.items : undefined;
      const isList = typeof items === "object" && items !== null && "type" in items && items.type === "array";
      return isList ? [`${path} is a list of lists`] : inner("[]", items);
    }
    default:
      return [`${path} is of the type ${JSON.stringify(schema.type)}`];
  }
}

function withoutGaps(schema: object): object {
  const inner = Object.entries(schema).map(([key, value]) => [
    key,
    typeof value === "object" && value !== null && !Array.isArray(value) ? withoutGaps(value) : value,
  ]);
  const own = "properties" in schema && typeof schema.properties === "object" ? schema.properties : null;
  return {
    ...Object.fromEntries(inner),
    ...(own === null ? {} : { required: Object.keys(own), additionalProperties: false }),
  };
}

/** Everything in a file, as another program would read it. */
async function readBack(buffer: TempBuffer): Promise<Read[]> {
  const reader = await McapIndexedReader.Initialize({
    readable: buffer,
    decompressHandlers: { zstd: (data) => zstdDecompressSync(data) },
  });
  const found: Read[] = [];
  for await (const { channelId, logTime, data } of reader.readMessages()) {
    const channel = reader.channelsById.get(channelId);
    const schema = reader.schemasById.get(channel?.schemaId ?? -1);
    expect(channel?.messageEncoding).toBe("json");
    expect(schema?.encoding).toBe("jsonschema");
    const message: unknown = JSON.parse(Buffer.from(data).toString("utf8"));
    const written: unknown = JSON.parse(Buffer.from(schema?.data ?? []).toString("utf8"));
    if (typeof written !== "object" || written === null) throw new Error("a channel has a JSON Schema");
    expect(Value.Check(written, message)).toBe(true);
    expect(faultsForViewers(written, schema?.name ?? "")).toEqual([]);
    expect(faultsBySchemaOfFoxglove(schema?.name ?? "", message)).toEqual([]);
    found.push({
      topic: channel?.topic ?? "",
      schema: schema?.name ?? "",
      atMs: Number(logTime / 1000n) / 1000,
      message,
    });
  }
  return found;
}

function inMemory(): { readonly buffer: TempBuffer; readonly to: OpenWritable } {
  const buffer = new TempBuffer();
  return { buffer, to: { writable: buffer, close: async () => undefined } };
}

const at = (vehicleId: string, xM: number, isLoaded = false): RecordedVehicle => ({
  vehicleId,
  xM,
  yM: -13,
  headingRad: Math.PI / 2,
  isLoaded,
});

describe("a recording", () => {
  it("opens in a viewer: an indexed MCAP file whose messages fit the schemas it carries, in order of time", async () => {
    const { buffer, to } = inMemory();
    const recorder = await Recorder.open(to, ground, BEGIN_MS);
    recorder.poses(BEGIN_MS, [at("sim.vn-01", -100)]);
    recorder.grants(BEGIN_MS, "vn", "sim.vn-01", ["e1"]);
    recorder.mission(BEGIN_MS + 500, mission);
    recorder.alarm(BEGIN_MS + 700, {
      alarmId: "a1",
      side: "vn",
      code: "mission.held",
      detail: "weight",
      priority: "high",
      state: "unacknowledged",
      occurrences: 1,
      raisedAtMs: BEGIN_MS + 700,
    });
    await recorder.close();
    const read = await readBack(buffer);
    expect(new Set(read.map(({ topic, schema }) => `${topic} ${schema}`))).toEqual(
      new Set([
        "/vehicles/poses foxglove.FrameTransforms",
        "/scene foxglove.SceneUpdate",
        "/grants baton.Grants",
        "/missions baton.Mission",
        "/alarms baton.Alarm",
        "/log foxglove.Log",
      ]),
    );
    const times = read.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(read.find(({ topic }) => topic === "/missions")?.message).toEqual(mission);
  });

  it("has the poses that were given, to the instant and the place", async () => {
    const { buffer, to } = inMemory();
    const recorder = await Recorder.open(to, ground, BEGIN_MS);
    for (let second = 0; second < 300; second++) {
      recorder.poses(BEGIN_MS + second * 1000, [at("sim.vn-01", -100 + second), at("sim.vn-02", 7)]);
    }
    await recorder.close();
    const poses = (await readBack(buffer)).filter(({ topic }) => topic === "/vehicles/poses");
    expect(poses).toHaveLength(300);
    poses.forEach(({ atMs, message }, second) => {
      expect(atMs).toBe(BEGIN_MS + second * 1000);
      if (!Value.Check(FrameTransforms, message)) throw new Error("poses are transforms");
      const [first] = message.transforms;
      expect(first?.child_frame_id).toBe("sim.vn-01");
      expect(first?.translation).toEqual({ x: -100 + second, y: -13, z: 0 });
      expect(2 * Math.atan2(first?.rotation.z ?? 0, first?.rotation.w ?? 1)).toBeCloseTo(Math.PI / 2, 9);
      expect((first?.timestamp.sec ?? 0) * 1000 + (first?.timestamp.nsec ?? 0) / 1e6).toBe(atMs);
    });
  });

  it("draws a vehicle once, and again when a container is put on it or taken off", async () => {
    const { buffer, to } = inMemory();
    const recorder = await Recorder.open(to, ground, BEGIN_MS);
    recorder.poses(BEGIN_MS, [at("sim.vn-01", 0)]);
    recorder.poses(BEGIN_MS + 1000, [at("sim.vn-01", 1)]);
    recorder.poses(BEGIN_MS + 2000, [at("sim.vn-01", 2, true)]);
    await recorder.close();
    const bodies = (await readBack(buffer)).flatMap(({ message }) =>
      Value.Check(SceneUpdate, message) ? message.entities.filter(({ id }) => id === "body sim.vn-01") : [],
    );
    expect(bodies.map(({ cubes }) => cubes.length)).toEqual([1, 2]);
    expect(bodies.map(({ frame_id }) => frame_id)).toEqual(["sim.vn-01", "sim.vn-01"]);
  });

  it("writes what a vehicle was granted when it changes, and draws it over that side's roads", async () => {
    const { buffer, to } = inMemory();
    const recorder = await Recorder.open(to, ground, BEGIN_MS);
    recorder.grants(BEGIN_MS, "cn", "sim.vn-01", ["e1"]);
    recorder.grants(BEGIN_MS + 1000, "cn", "sim.vn-01", ["e1"]);
    recorder.grants(BEGIN_MS + 2000, "cn", "sim.vn-01", []);
    await recorder.close();
    const read = await readBack(buffer);
    const grants = read.filter(({ topic }) => topic === "/grants").map(({ message }) => message);
    expect(grants).toMatchObject([{ grantedEdgeIds: ["e1"] }, { grantedEdgeIds: [] }]);
    const ribbons = read.flatMap(({ message }) =>
      Value.Check(SceneUpdate, message)
        ? message.entities.filter(({ id }) => id.startsWith("granted ")).map(({ lines }) => lines)
        : [],
    );
    expect(ribbons.map((lines) => lines.length)).toEqual([1, 0]);
    expect(ribbons[0]?.[0]?.points[0]?.x).toBe(50);
  });

  it("says what could not be written when it is closed", async () => {
    const full: OpenWritable = {
      writable: {
        position: () => 0n,
        write: async (bytes) => {
          if (bytes.byteLength > 100_000) throw new Error("no space left");
        },
      },
      close: async () => undefined,
    };
    const recorder = await Recorder.open(full, ground, BEGIN_MS);
    const noise = Array.from({ length: 20_000 }, (_, slot) => at(`sim.${Math.sin(slot)}`, Math.cos(slot)));
    recorder.poses(BEGIN_MS, noise);
    await expect(recorder.close()).rejects.toThrow("no space left");
  });
});

describe("a live feed", () => {
  const control = (frame: ControlFrame): Uint8Array => {
    const body = pack(frame);
    return Uint8Array.from([CONTROL_FRAME, ...body]);
  };

  it("is recorded as it comes: poses under the vehicles' names, grants, missions", async () => {
    const { buffer, to } = inMemory();
    const recorder = await Recorder.open(to, ground, BEGIN_MS);
    const feed = new FeedRecording(recorder, "vn", BEGIN_MS);
    feed.take(
      control({
        kind: "snapshot",
        vehicles: [vehicle(3, "sim.vn-01", ["e1"])],
        missions: [mission],
        alarms: [],
        borderline: { side: "vn", partner: "online", handoffs: [] },
      }),
    );
    const record = { slot: 3, batteryPct: 80, xM: -123.456, yM: -13, headingRad: 0.5, speedMps: 2 };
    feed.take(encodePoseFrame(1, BEGIN_MS + 200, [{ ...record, flags: PoseFlag.loaded }]));
    feed.take(encodePoseFrame(2, BEGIN_MS + 400, [{ ...record, slot: 9, flags: 0 }]));
    feed.take(control({ kind: "changes", vehicles: [vehicle(3, "sim.vn-01", [])] }));
    await recorder.close();
    const read = await readBack(buffer);
    const poses = read.flatMap(({ message, atMs }) =>
      Value.Check(FrameTransforms, message) ? [{ atMs, transforms: message.transforms }] : [],
    );
    expect(poses[0]).toMatchObject({
      atMs: BEGIN_MS + 200,
      transforms: [{ child_frame_id: "sim.vn-01", translation: { x: -123.456, y: -13, z: 0 } }],
    });
    // A slot that no vehicle has been named for is nobody's.
    expect(poses[1]?.transforms).toEqual([]);
    expect(read.filter(({ topic }) => topic === "/grants")).toHaveLength(2);
    expect(read.filter(({ topic }) => topic === "/missions")).toHaveLength(1);
    expect(feed.counts).toEqual({ poseFrames: 2, controlFrames: 2, refused: 0 });
  });

  it("leaves out what is not of the contract, and counts it", async () => {
    const { buffer, to } = inMemory();
    const recorder = await Recorder.open(to, ground, BEGIN_MS);
    const feed = new FeedRecording(recorder, "vn", BEGIN_MS);
    feed.take(Uint8Array.from([CONTROL_FRAME, 0xc1]));
    feed.take(Uint8Array.from([CONTROL_FRAME, ...pack({ kind: "snapshot" })]));
    feed.take(Uint8Array.from([1, 2, 3]));
    feed.take(new Uint8Array());
    await recorder.close();
    expect(feed.counts).toEqual({ poseFrames: 0, controlFrames: 0, refused: 4 });
    expect((await readBack(buffer)).every(({ topic }) => topic === "/scene")).toBe(true);
  });
});

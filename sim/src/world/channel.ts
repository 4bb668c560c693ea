import type { Payload } from "@baton/fleet-adapter";
import { SIDES, type Side } from "@baton/maps";
import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";

/**
 * The physics channel: what simulated things feel of each other (a container that lands on a deck, a vehicle that
 * stands under a crane), on topics `baton-sim/v1/<side>/world/...` of that side's broker, retained. It stands for
 * the real world and is not a protocol: nothing of an orchestrator may listen to it.
 */

const Id = Type.String({ minLength: 1, maxLength: 128 });

/** Where a vehicle's body is and what can be seen of it. Site frame. */
export const WorldVehicle = Type.Object({
  vehicleId: Id,
  atMs: Type.Number(),
  xM: Type.Number(),
  yM: Type.Number(),
  headingRad: Type.Number(),
  speedMps: Type.Number(),
  /** The node it stands at, by the name that its holder's layout gives it; absent while it moves. */
  standingAtNodeId: Type.Optional(Type.String()),
  locks: Type.Union([Type.Literal("open"), Type.Literal("moving"), Type.Literal("closed")]),
  loadIds: Type.Array(Type.String()),
});
export type WorldVehicle = Static<typeof WorldVehicle>;

/** The last thing that a crane did to a vehicle. */
export const WorldCrane = Type.Object({
  craneId: Id,
  /** The crane's job: a lift that was felt once is not felt again. */
  liftId: Id,
  vehicleId: Id,
  containerNo: Type.String({ minLength: 11, maxLength: 11 }),
  /** The station where it happened. */
  at: Id,
  way: Type.Union([Type.Literal("onto-vehicle"), Type.Literal("off-vehicle")]),
  phase: Type.Union([Type.Literal("lowered"), Type.Literal("lifted")]),
  atMs: Type.Number(),
});
export type WorldCrane = Static<typeof WorldCrane>;

/** A truck that waits at the truck gate, with its container. */
export const WorldTruck = Type.Object({
  plate: Id,
  containerNo: Type.String({ minLength: 11, maxLength: 11 }),
  /** What the container really weighs. */
  grossKg: Type.Number({ minimum: 0 }),
  atMs: Type.Number(),
});
export type WorldTruck = Static<typeof WorldTruck>;

export type WorldMessage =
  | { readonly kind: "vehicle"; readonly side: Side; readonly vehicle: WorldVehicle }
  | { readonly kind: "crane"; readonly side: Side; readonly crane: WorldCrane }
  | { readonly kind: "truck"; readonly side: Side; readonly truck: WorldTruck }
  /** The thing of that name is no longer on this side. */
  | { readonly kind: "gone"; readonly side: Side; readonly what: WorldThing; readonly name: string };

export type WorldThing = "vehicle" | "crane" | "truck";

const WORLD_THINGS: readonly WorldThing[] = ["vehicle", "crane", "truck"];
const checks = { vehicle: Compile(WorldVehicle), crane: Compile(WorldCrane), truck: Compile(WorldTruck) };

export function worldTopic(side: Side, what: WorldThing, name: string): string {
  return `baton-sim/v1/${side}/world/${what}/${encodeURIComponent(name)}`;
}

/** The subscription to all things of one kind on a side. */
export function worldFilter(side: Side, what: WorldThing): string {
  return `baton-sim/v1/${side}/world/${what}/+`;
}

/** What a message on the channel says; undefined for another topic or a payload that makes no sense. */
export function readWorldMessage(topic: string, payload: Payload): WorldMessage | undefined {
  const named = thingNamedBy(topic);
  if (named === undefined) return undefined;
  const { side, what, name } = named;
  if (payload.isEmpty) return { kind: "gone", side, what, name };
  const read = payload.json();
  if (!read.ok) return undefined;
  const { value } = read;
  if (what === "vehicle" && checks.vehicle.Check(value)) return { kind: "vehicle", side, vehicle: value };
  if (what === "crane" && checks.crane.Check(value)) return { kind: "crane", side, crane: value };
  if (what === "truck" && checks.truck.Check(value)) return { kind: "truck", side, truck: value };
  return undefined;
}

interface NamedThing {
  readonly side: Side;
  readonly what: WorldThing;
  readonly name: string;
}

/** What topics were found to name: a few things come again and again. Bound: MAX_KNOWN_TOPICS. */
const knownTopics = new Map<string, NamedThing | undefined>();
const MAX_KNOWN_TOPICS = 20_000;

function thingNamedBy(topic: string): NamedThing | undefined {
  const known = knownTopics.get(topic);
  if (known !== undefined || knownTopics.has(topic)) return known;
  const [root, version, sideText, world, whatText, nameText] = topic.split("/");
  const side = SIDES.find((one) => one === sideText);
  const what = WORLD_THINGS.find((one) => one === whatText);
  const isOnChannel = root === "baton-sim" && version === "v1" && world === "world";
  const named =
    isOnChannel && side !== undefined && what !== undefined && nameText !== undefined
      ? { side, what, name: decodeName(nameText) }
      : undefined;
  if (knownTopics.size >= MAX_KNOWN_TOPICS) knownTopics.clear();
  knownTopics.set(topic, named);
  return named;
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

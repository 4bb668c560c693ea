import type { ControlRegister, VehicleId } from "@baton/fleet-adapter";
import type { HandoffPointId, Side } from "@baton/maps";
import type { Manifest } from "../manifest.ts";
import type { HandoffId, Offer } from "../port.ts";
import type { Effect, Step } from "./effects.ts";
import { beginGiver, type GiverEvent, giver } from "./giver.ts";
import type { GiverState } from "./giver-state.ts";
import type { Message, RecordFinding, SignedRecord } from "./messages.ts";
import { beginTaker, type TakerEvent, type TakerState, taker } from "./taker.ts";

/**
 * Everything that can happen to one hand-off: both machines, their durable outboxes, the network between them, the
 * vehicle with its register, and both missions doing whatever they may. One value is one state of that world;
 * `successors` lists what may happen next. No clock, no randomness: a search over it is exhaustive within its bounds.
 *
 * What is volatile is left out on purpose: a crash keeps state and outbox (they are committed together) and loses what
 * was to be carried out after the commit.
 */
export interface World {
  readonly giver: GiverState;
  readonly taker: TakerState | undefined;
  readonly register: ControlRegister;
  /** Messages committed to be sent and not acknowledged yet. Any of them may arrive next: order is not relied upon. */
  readonly fromGiver: readonly Message[];
  readonly fromTaker: readonly Message[];
  /** Late copies in the network, which outlive their acknowledgement. */
  readonly copies: readonly { readonly to: "giver" | "taker"; readonly message: Message }[];
  /** Instructions on their way to the vehicle; they may arrive at any time, in any order, again and again. */
  readonly instructions: readonly Instruction[];
  readonly duplicatesLeft: number;
  readonly crashesLeft: number;
}

interface Instruction {
  readonly expectedEpoch: number;
  readonly to: Side;
}

/** The machines under search: production's own, or a variant with a seeded bug. */
export interface Machines {
  readonly giver: (state: GiverState, event: GiverEvent) => Step<GiverState>;
  readonly taker: (state: TakerState, event: TakerEvent) => Step<TakerState>;
}
export const production: Machines = { giver, taker };

export interface Happening {
  readonly what: string;
  readonly world: World;
}

const EXPIRY_MS = 1_000;
const START_EPOCH = 7;
const manifest: Manifest = {
  vehicle: { manufacturer: "sim", serialNumber: "vn-01", lengthM: 15, widthM: 3, batteryPct: 80 },
  direction: "export",
  priority: 0,
};
const offer: Offer = {
  handoffId: "h-1" as HandoffId,
  handoffPointId: "export-1" as HandoffPointId,
  direction: "export",
  vehicleId: "sim.vn-01" as VehicleId,
  vehicleHome: "vn",
  manifest,
  etaMs: 0,
  expiresAtMs: EXPIRY_MS,
};
const halfSigned: SignedRecord = { payload: "p", signatures: [{ protected: "t", signature: "t" }] };
const bothSigned: SignedRecord = {
  payload: "p",
  signatures: [...halfSigned.signatures, { protected: "g", signature: "g" }],
};
const agrees: RecordFinding = { kind: "agrees", record: bothSigned, recordHash: "r" };

export function firstWorld(bounds: { duplicates: number; crashes: number }): World {
  const [state, effects] = beginGiver(offer, "vn", "cn", 0);
  const world: World = {
    giver: state,
    taker: undefined,
    register: { authority: "vn", epoch: START_EPOCH },
    fromGiver: [],
    fromTaker: [],
    copies: [],
    instructions: [],
    duplicatesLeft: bounds.duplicates,
    crashesLeft: bounds.crashes,
  };
  return carryOut(world, "giver", effects, true);
}

/**
 * Two worlds with one key behave alike from there on: times of phase, what never changes, and the order of what is on
 * its way (anything may arrive next) are left out.
 */
export function keyOf(world: World): string {
  const { register } = world;
  return [
    partKey(world.giver),
    world.taker === undefined ? "" : partKey(world.taker),
    `${register.authority}${register.epoch}`,
    world.fromGiver.map(partKey).sort().join(),
    world.fromTaker.map(partKey).sort().join(),
    world.copies
      .map((copy) => partKey(copy.message))
      .sort()
      .join(),
    world.instructions
      .map((instruction) => `${instruction.expectedEpoch}${instruction.to}`)
      .sort()
      .join(),
    world.duplicatesLeft,
    world.crashesLeft,
  ].join("|");
}

const CONSTANT: ReadonlySet<string> = new Set([
  "role",
  "handoffId",
  "giver",
  "taker",
  "offer",
  "manifest",
  "sinceMs",
  "reason",
  "record",
]);
const knownKeys = new WeakMap<object, number>();
const numbers = new Map<string, number>();

/** Parts are shared between worlds, so each is written down once, and numbered by what it says. */
function partKey(part: GiverState | TakerState | Message): number {
  const known = knownKeys.get(part);
  if (known !== undefined) return known;
  const text =
    "type" in part && part.type === "offer"
      ? "offer"
      : JSON.stringify(part, (name, value) => (CONSTANT.has(name) ? undefined : value));
  const key = numbers.get(text) ?? numbers.size;
  numbers.set(text, key);
  knownKeys.set(part, key);
  return key;
}

/** All that may happen next. */
export function successors(world: World, machines: Machines): readonly Happening[] {
  const found: Happening[] = [];
  const giverDoes = (what: string, event: GiverEvent): void => {
    for (const next of stepGiver(world, machines, event)) {
      if (next.world !== world) found.push({ what: `giver: ${what}`, world: next.world });
    }
  };
  const takerDoes = (what: string, event: TakerEvent): void => {
    for (const next of stepTaker(world, machines, event)) {
      if (next.world !== world) found.push({ what: `taker: ${what}`, world: next.world });
    }
  };
  if (world.giver.phase === "accepted")
    giverDoes("its mission says ready", { kind: "ready", manifest, nowMs: 0 });
  giverDoes("its mission withdraws", { kind: "withdraw", reason: "w", nowMs: 0 });
  giverDoes("sees the register", { kind: "register", register: world.register, nowMs: 0 });
  giverDoes("its clock passes the expiry", { kind: "tick", nowMs: EXPIRY_MS });
  giverDoes("repeats its step", { kind: "repeat", nowMs: 0 });
  if (world.taker !== undefined) {
    takerDoes("its mission accepts", { kind: "accept", nowMs: 0 });
    takerDoes("its mission declines", { kind: "decline", code: "no-room", nowMs: 0 });
    takerDoes("its mission says go", { kind: "go", nowMs: 0 });
    takerDoes("its mission revokes", { kind: "revoke", reason: "r", nowMs: 0 });
    if (world.taker.phase === "switched") {
      takerDoes("its mission receives", { kind: "receive", record: halfSigned, nowMs: 0 });
    }
    takerDoes("sees the register", { kind: "register", register: world.register, nowMs: 0 });
    takerDoes("its clock passes the expiry", { kind: "tick", nowMs: EXPIRY_MS });
    takerDoes("repeats its step", { kind: "repeat", nowMs: 0 });
  }
  for (const message of world.fromGiver) found.push(...arrive(world, machines, "taker", message));
  for (const message of world.fromTaker) found.push(...arrive(world, machines, "giver", message));
  for (const [at, copy] of world.copies.entries()) {
    const without = { ...world, copies: world.copies.filter((_, other) => other !== at) };
    for (const next of deliver(without, machines, copy.to, copy.message)) {
      found.push({ what: `a late copy of ${copy.message.type} reaches the ${copy.to}`, world: next.world });
    }
  }
  for (const instruction of world.instructions) {
    const register = compareAndSet(world.register, instruction);
    if (register === world.register) continue;
    const { expectedEpoch, to } = instruction;
    found.push({
      what: `the vehicle gets transferControl ${expectedEpoch} -> ${to}`,
      world: { ...world, register },
    });
  }
  return found;
}

/**
 * One round of a world in which nothing is lost any more: every message and instruction arrives, both see the register,
 * clocks pass the expiry, and missions do only what they must (receive what is theirs).
 */
export function calmRound(world: World, machines: Machines): World {
  let now = world;
  for (const message of now.fromGiver)
    now = settle(deliver(now, machines, "taker", message), "fromGiver", message);
  for (const message of now.fromTaker)
    now = settle(deliver(now, machines, "giver", message), "fromTaker", message);
  for (const copy of now.copies) now = first(deliver(now, machines, copy.to, copy.message)).world;
  now = { ...now, copies: [] };
  for (const instruction of now.instructions) {
    now = { ...now, register: compareAndSet(now.register, instruction) };
  }
  const { register } = now;
  for (const event of [
    { kind: "register", register, nowMs: 0 },
    { kind: "tick", nowMs: EXPIRY_MS },
    { kind: "repeat", nowMs: EXPIRY_MS },
  ] as const) {
    now = first(stepGiver(now, machines, event)).world;
    if (now.taker !== undefined) now = first(stepTaker(now, machines, event)).world;
  }
  if (now.taker?.phase === "switched") {
    now = first(stepTaker(now, machines, { kind: "receive", record: halfSigned, nowMs: 0 })).world;
  }
  return now;
}

interface Outcome {
  readonly world: World;
  readonly refused: boolean;
}

function arrive(
  world: World,
  machines: Machines,
  to: "giver" | "taker",
  message: Message,
): readonly Happening[] {
  const box = to === "taker" ? "fromGiver" : "fromTaker";
  const found: Happening[] = [];
  for (const next of deliver(world, machines, to, message)) {
    const what = `${message.type} reaches the ${to}`;
    if (next.refused) {
      found.push({ what: `${what}, which refuses it for now`, world: next.world });
      continue;
    }
    const acknowledged = {
      ...next.world,
      [box]: next.world[box].filter((other) => other.type !== message.type),
    };
    found.push({ what, world: acknowledged });
    if (world.duplicatesLeft > 0) {
      const duplicatesLeft = world.duplicatesLeft - 1;
      found.push({ what: `${what}, its acknowledgement is lost`, world: { ...next.world, duplicatesLeft } });
      const copies = [...acknowledged.copies, { to, message }];
      found.push({
        what: `${what}, a copy stays in the network`,
        world: { ...acknowledged, copies, duplicatesLeft },
      });
    }
  }
  return found;
}

function settle(outcomes: readonly Outcome[], box: "fromGiver" | "fromTaker", message: Message): World {
  const next = first(outcomes);
  if (next.refused) return next.world;
  return { ...next.world, [box]: next.world[box].filter((other) => other.type !== message.type) };
}

function deliver(
  world: World,
  machines: Machines,
  to: "giver" | "taker",
  message: Message,
): readonly Outcome[] {
  const nowMs = 0;
  if (to === "giver") {
    switch (message.type) {
      case "receipt":
        return stepGiver(world, machines, { kind: "receipt", finding: agrees, nowMs });
      case "accept":
      case "decline":
      case "go":
      case "revoke":
      case "revoke-request":
        return stepGiver(world, machines, { kind: "message", message, nowMs });
      default:
        throw new Error(`a giver is never told ${message.type}`);
    }
  }
  switch (message.type) {
    case "offer": {
      if (world.taker !== undefined) return stepTaker(world, machines, { kind: "offer", nowMs });
      const [state, effects] = beginTaker(offer.handoffId, message.body, "vn", "cn", nowMs);
      return branch({ ...world, taker: state }, "taker", effects);
    }
    case "countersign":
      return stepTaker(world, machines, { kind: "countersign", finding: agrees, nowMs });
    case "ready":
    case "withdraw":
    case "switched":
      if (world.taker === undefined) return [{ world, refused: true }];
      return stepTaker(world, machines, { kind: "message", message, nowMs });
    default:
      throw new Error(`a taker is never told ${message.type}`);
  }
}

function stepGiver(world: World, machines: Machines, event: GiverEvent): readonly Outcome[] {
  const [state, effects] = remembered(giverSteps, machines, world.giver, event, machines.giver);
  return branch(state === world.giver ? world : { ...world, giver: state }, "giver", effects);
}

function stepTaker(world: World, machines: Machines, event: TakerEvent): readonly Outcome[] {
  if (world.taker === undefined) return [{ world, refused: true }];
  const [state, effects] = remembered(takerSteps, machines, world.taker, event, machines.taker);
  return branch(state === world.taker ? world : { ...world, taker: state }, "taker", effects);
}

type Steps<State> = WeakMap<Machines, Map<string, Step<State>>>;
const giverSteps: Steps<GiverState> = new WeakMap();
const takerSteps: Steps<TakerState> = new WeakMap();

/**
 * A machine is a pure function, and a few hundred of its steps make up all of the search: each is taken once. States of
 * one key behave alike (`keyOf`), so that the first of them stands for all.
 */
function remembered<State extends GiverState | TakerState, Event extends GiverEvent | TakerEvent>(
  memory: Steps<State>,
  machines: Machines,
  state: State,
  event: Event,
  take: (state: State, event: Event) => Step<State>,
): Step<State> {
  const known = memory.get(machines) ?? new Map<string, Step<State>>();
  memory.set(machines, known);
  const key = `${partKey(state)} ${eventKey(event)}`;
  const before = known.get(key);
  // A step that changes nothing is recognised by the very same state.
  if (before !== undefined) return partKey(before[0]) === partKey(state) ? [state, before[1]] : before;
  const taken = take(state, event);
  known.set(key, taken);
  return taken;
}

/** What of an event the machines look at; findings and records are the same in all of the search. */
function eventKey(event: GiverEvent | TakerEvent): string {
  if (event.kind === "message") return `message ${partKey(event.message)}`;
  if (event.kind === "register") return `register ${event.register.authority} ${event.register.epoch}`;
  return `${event.kind} ${event.nowMs}`;
}

/** After the commit everything is carried out, or the process dies before it could. */
function branch(world: World, who: "giver" | "taker", effects: readonly Effect[]): readonly Outcome[] {
  const refused = effects.some((effect) => effect.kind === "refuse");
  const outcomes = [{ world: carryOut(world, who, effects, true), refused }];
  if (world.crashesLeft > 0 && effects.some((effect) => effect.kind === "transferControl")) {
    const crashed = { ...world, crashesLeft: world.crashesLeft - 1 };
    outcomes.push({ world: carryOut(crashed, who, effects, false), refused });
  }
  return outcomes;
}

function carryOut(world: World, who: "giver" | "taker", effects: readonly Effect[], alive: boolean): World {
  let now = world;
  for (const effect of effects) {
    if (effect.kind === "send") {
      const box = who === "giver" ? "fromGiver" : "fromTaker";
      if (now[box].some((message) => message.type === effect.message.type)) continue;
      now = { ...now, [box]: [...now[box], effect.message] };
    } else if (effect.kind === "transferControl" && alive) {
      const { expectedEpoch, to } = effect;
      if (now.instructions.some((other) => other.to === to && other.expectedEpoch === expectedEpoch))
        continue;
      now = { ...now, instructions: [...now.instructions, { expectedEpoch, to }] };
    }
  }
  return now;
}

/** The vehicle's part: only its holder's instruction, only at the epoch it was meant for. Giver's side is `vn`. */
function compareAndSet(register: ControlRegister, instruction: Instruction): ControlRegister {
  if (register.authority !== "vn" || register.epoch !== instruction.expectedEpoch) return register;
  return { authority: instruction.to, epoch: register.epoch + 1, handoffId: offer.handoffId };
}

function first(outcomes: readonly Outcome[]): Outcome {
  const outcome = outcomes[0];
  if (outcome === undefined) throw new Error("a step has no outcome");
  return outcome;
}

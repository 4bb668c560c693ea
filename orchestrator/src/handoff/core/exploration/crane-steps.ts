import { otherSide, SIDES, type Side } from "@baton/maps";
import type { GiverState } from "../giver-state.ts";
import type { TakerState } from "../taker.ts";
import type { Pad, TransferDevice, TransferEvent } from "../transfer-device.ts";
import type { Interned } from "./interned.ts";
import {
  type Crane,
  type Happening,
  handoffIdOf,
  type Instruction,
  type Machines,
  takerOf,
  type World,
} from "./world.ts";

/** A loaded vehicle that has just come, and an empty one. */
const LOADED: Pad = { isAtRest: true, twistLocks: "closed", hasContainer: true };
const EMPTY: Pad = { isAtRest: true, twistLocks: "open", hasContainer: false };

/** What happens at the crane: vehicles come and leave, locks open and close, the crane works, breaks down and is mended. */
export class CraneSteps {
  readonly #device: (state: TransferDevice, event: TransferEvent) => TransferDevice;

  constructor(device: NonNullable<Machines["device"]>, parts: Interned) {
    this.#device = (state, event) => parts.device(device(state, event)[0]);
  }

  /** The vehicle of a hand-off comes to its pad; `undefined` when another one stands there. */
  arrive(world: World, h: number, side: Side): World | undefined {
    const { crane } = world;
    if (crane === undefined) return world;
    const before = crane.pads[side];
    if (before === h) return world;
    if (before !== undefined) return undefined;
    const isGiver = world.handoffs[h]?.giver === side;
    const came = { ...crane, pads: { ...crane.pads, [side]: h } };
    return this.#tell(world, came, { kind: "sensed", side, pad: isGiver ? LOADED : EMPTY });
  }

  obey(world: World, { kind, by, from, to, expectedEpoch }: Instruction): World {
    const { crane } = world;
    if (crane === undefined) return world;
    const command = { handoffId: handoffIdOf(by), expectedEpoch, by: from };
    return this.#tell(world, crane, kind === "dock" ? { kind, ...command } : { kind, to, ...command });
  }

  after(world: World): readonly Happening[] {
    const { crane } = world;
    if (crane === undefined) return [];
    const found: Happening[] = [];
    const { device } = crane;
    const add = (what: string, next: World | undefined): void => {
      if (next !== undefined && next !== world) found.push({ what, world: next });
    };
    add("the crane has done what it was doing", this.#work(world, crane));
    if (device.phase !== "free")
      add("the crane breaks down", this.#tell(world, crane, { kind: "fault", detail: "broken" }));
    add("the crane is mended", this.#tell(world, crane, { kind: "mended" }));
    add("the crane is switched off and on", this.#tell(world, crane, { kind: "restarted" }));
    for (const side of SIDES) {
      const h = crane.pads[side];
      if (h === undefined) continue;
      add(
        `the vehicle of ${side} moves its twist locks for hand-off ${h + 1}`,
        this.#lock(world, crane, side),
      );
      add(`the vehicle of ${side} leaves its pad, hand-off ${h + 1}`, this.#leave(world, crane, side));
    }
    return found;
  }

  /** All that the crane and the vehicles under it do by themselves, until there is nothing more to do. */
  settle(from: World): World {
    let world = from;
    for (;;) {
      const { crane } = world;
      if (crane === undefined) return world;
      let next = this.#tell(world, crane, { kind: "mended" });
      for (const side of SIDES) next = this.#lock(next, next.crane ?? crane, side) ?? next;
      next = this.#work(next, next.crane ?? crane) ?? next;
      if (next === world) {
        for (const side of SIDES) next = this.#leave(next, next.crane ?? crane, side) ?? next;
        if (next === world) return world;
      }
      world = next;
    }
  }

  #work(world: World, crane: Crane): World | undefined {
    const { phase, giver, fault } = crane.device;
    if (fault !== undefined) return undefined;
    if (phase !== "lowering" && phase !== "lifting" && phase !== "landing" && phase !== "releasing")
      return undefined;
    const next = this.#tell(world, crane, { kind: "worked" });
    const felt = next.crane;
    if (felt === undefined) return next;
    const side = phase === "lifting" ? giver : phase === "landing" ? otherSide(giver) : undefined;
    const pad = side === undefined ? undefined : felt.device.pads[side];
    if (side === undefined || pad === undefined) return next;
    return this.#tell(next, felt, {
      kind: "sensed",
      side,
      pad: { ...pad, hasContainer: phase === "landing" },
    });
  }

  /** A giver's vehicle opens its locks when the spreader has the container, a taker's closes them when it has landed. */
  #lock(world: World, crane: Crane, side: Side): World | undefined {
    const { device } = crane;
    const pad = device.pads[side];
    if (pad === undefined) return undefined;
    const opens = side === device.giver && device.phase === "engaged" && pad.twistLocks === "closed";
    const closes = side !== device.giver && device.phase === "landed" && pad.twistLocks === "open";
    if (!opens && !closes) return undefined;
    return this.#tell(world, crane, {
      kind: "sensed",
      side,
      pad: { ...pad, twistLocks: opens ? "open" : "closed" },
    });
  }

  /** A side drives its vehicle off once its own machine says that this is over. */
  #leave(world: World, crane: Crane, side: Side): World | undefined {
    const h = crane.pads[side];
    const conversation = h === undefined ? undefined : world.handoffs[h];
    if (conversation === undefined) return undefined;
    const state = conversation.giver === side ? conversation.giverState : conversation.takerState;
    if (state === undefined || !mayDriveOff(state)) return undefined;
    const left = { ...crane, pads: { ...crane.pads, [side]: undefined } };
    return this.#tell(world, left, { kind: "sensed", side, pad: undefined });
  }

  #tell(world: World, crane: Crane, event: TransferEvent): World {
    const device = this.#device(crane.device, event);
    if (device === crane.device && crane === world.crane) return world;
    const next: World = { ...world, crane: { ...crane, device } };
    const { register } = device;
    if (register.epoch === crane.device.register.epoch) return next;
    const by = world.handoffs.findIndex((_, h) => handoffIdOf(h) === register.handoffId);
    const entry = { authority: register.authority, by: by < 0 ? undefined : by };
    return { ...next, registers: [...world.registers, entry] };
  }
}

/** What missions go by: the container has changed vehicle, or never will. */
function mayDriveOff({ phase }: GiverState | TakerState): boolean {
  switch (phase) {
    case "switched":
    case "receipted":
    case "concluded":
    case "declined":
    case "ended":
      return true;
    case "offered":
    case "accepted":
    case "readying":
    case "readied":
    case "switching":
    case "fencing":
    case "prepared":
    case "gone":
      return false;
  }
}

/** What must never be seen at the crane; in words, or `undefined`. */
export function unsafeAtCrane({ crane, handoffs }: World): string | undefined {
  if (crane === undefined) return undefined;
  const { device, pads } = crane;
  const { phase, giver, register } = device;
  if (phase === "free" || phase === "presented") return undefined;
  const h = handoffs.findIndex((_, index) => handoffIdOf(index) === register.handoffId);
  const conversation = handoffs[h];
  if (conversation === undefined) return "1: the crane works for no hand-off";
  const n = h + 1;
  if (!conversation.released)
    return `2: the crane reaches for hand-off ${n} before the checks of ${conversation.giver} were done`;
  if (conversation.takerState?.phase !== "gone" && conversation.takerState?.phase !== "switched")
    return `1: the crane reaches for hand-off ${n}, to which ${takerOf(conversation)} never said go`;
  for (const side of SIDES) {
    const stays =
      side === giver
        ? phase !== "hanging" && phase !== "landing" && phase !== "landed" && phase !== "releasing"
        : true;
    if (stays && pads[side] !== h)
      return `1: the vehicle of ${side} for hand-off ${n} drove off under the crane`;
  }
  return undefined;
}

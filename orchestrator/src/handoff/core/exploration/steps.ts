import type { ControlRegister } from "@baton/fleet-adapter";
import { otherSide, type Side } from "@baton/maps";
import type { Effect } from "../effects.ts";
import { beginGiver, type GiverEvent } from "../giver.ts";
import { giverCommands, isGiverClosed } from "../giver-state.ts";
import { knownEpoch } from "../known-epoch.ts";
import { type Message, stepOf } from "../messages.ts";
import { beginTaker, isTakerClosed, type TakerEvent, takerCommands } from "../taker.ts";
import { freshTransferDevice } from "../transfer-device.ts";
import type { Holder, Saying } from "../word.ts";
import { CraneSteps } from "./crane-steps.ts";
import type { Interned } from "./interned.ts";
import {
  agrees,
  type Conversation,
  EXPIRY_MS,
  epochOf,
  type Happening,
  halfSigned,
  type Instruction,
  type Machines,
  manifest,
  newestOf,
  offerOf,
  type Said,
  START_EPOCH,
  takerOf,
  type World,
} from "./world.ts";

/** Everything that may happen next in a world. */
export class Steps {
  readonly #machines: Machines;
  readonly #parts: Interned;
  /** Where containers change vehicle. */
  readonly crane: CraneSteps | undefined;

  /** The same, where what is said a second time is sure to arrive a second time. */
  readonly again: Steps;

  constructor(machines: Machines, parts: Interned, again?: "again") {
    this.#machines = machines;
    this.#parts = parts;
    this.crane = machines.device && new CraneSteps(machines.device, parts);
    this.again = again === undefined ? new Steps(machines, parts, "again") : this;
  }

  first(): World {
    const register = { authority: "vn", epoch: START_EPOCH } as const;
    const device = this.#parts.device(freshTransferDevice(register));
    const crane = this.crane && { device, pads: { vn: undefined, cn: undefined } };
    const registers = [{ authority: "vn", by: undefined } as const];
    return this.#begin(
      { handoffs: [], registers, instructions: [], lost: false, ...(crane === undefined ? {} : { crane }) },
      "vn",
    );
  }

  after(world: World): readonly Happening[] {
    const found: Happening[] = [];
    const add = (what: string, next: World): void => {
      if (next !== world) found.push({ what, world: this.#withoutSpent(next) });
    };
    for (const side of ["vn", "cn"] as const) {
      if (this.#mayOffer(world, side))
        add(`${side} offers the vehicle, hand-off ${world.handoffs.length + 1}`, this.#begin(world, side));
    }
    world.handoffs.forEach((conversation, h) => {
      const n = h + 1;
      for (const [what, event] of this.#giverEvents(world, conversation)) {
        const there = event.kind === "ready" ? this.#arrive(world, h, conversation.giver) : world;
        if (there !== undefined)
          add(`${conversation.giver}, giver of ${n}, ${what}`, this.stepGiver(there, h, event));
      }
      for (const [what, event] of this.#takerEvents(world, conversation)) {
        const there = event.kind === "go" ? this.#arrive(world, h, takerOf(conversation)) : world;
        if (there !== undefined)
          add(`${takerOf(conversation)}, taker of ${n}, ${what}`, this.stepTaker(there, h, event));
      }
      for (const said of conversation.said) {
        const to = said.by === "giver" ? takerOf(conversation) : conversation.giver;
        add(`${said.message.type} of ${n} reaches ${to}`, this.deliver(world, h, said, 0));
        if (said.message.type === "offer" && conversation.takerState === undefined)
          add(`offer of ${n} reaches ${to} after its time`, this.deliver(world, h, said, EXPIRY_MS));
      }
      for (const message of this.#machines.believesForged ? FORGED : []) {
        const next = this.deliver(world, h, { by: "taker", message, due: false }, 0);
        if (next === world) continue;
        const fooled = { ...at(next, h), believed: true };
        add(
          `a forged ${message.type} of ${n} reaches ${conversation.giver}`,
          withConversation(next, h, fooled),
        );
      }
    });
    for (const instruction of world.instructions) {
      const { kind, by, from, expectedEpoch, to } = instruction;
      const who = this.crane === undefined ? "the vehicle" : "the crane";
      const what = kind === "dock" ? `the vehicle of ${from} is docked` : `to ${to}`;
      add(`${who} obeys hand-off ${by + 1}: epoch ${expectedEpoch}, ${what}`, this.obey(world, instruction));
    }
    for (const { what, world: next } of this.crane?.after(world) ?? []) add(what, next);
    if (this.#machines.mayBeLost && !world.lost)
      add("the vehicle is lost for good", { ...world, lost: true });
    if (!this.#machines.registerSurvives && world.registers.length > 1) {
      add("the vehicle restarts and has forgotten its last holder", {
        ...world,
        registers: world.registers.slice(0, -1),
      });
    }
    return found;
  }

  #arrive(world: World, h: number, side: Side): World | undefined {
    return this.crane === undefined ? world : this.crane.arrive(world, h, side);
  }

  /** Whoever is the witness does what it was told, or does not. */
  obey(world: World, instruction: Instruction): World {
    if (world.lost) return world;
    if (this.crane !== undefined) return this.crane.obey(world, instruction);
    const registers = this.#machines.obey(world.registers, instruction);
    return registers === world.registers ? world : { ...world, registers };
  }

  /**
   * Leaves out what can change nothing any more, so that worlds which differ in it only are one: messages to a machine that
   * is closed and has no answer to them, instructions for an epoch that is over.
   */
  #withoutSpent(world: World): World {
    let now = world;
    world.handoffs.forEach((conversation, h) => {
      const said = conversation.said.filter((one) => {
        const isClosed =
          one.by === "taker"
            ? isGiverClosed(conversation.giverState)
            : conversation.takerState !== undefined && isTakerClosed(conversation.takerState);
        if (!isClosed) return true;
        const undue = { ...one, due: false };
        return this.deliver(world, h, undue, 0) !== world;
      });
      if (said.length < conversation.said.length) now = withConversation(now, h, { ...conversation, said });
    });
    if (!this.#machines.registerSurvives) return now;
    const epoch = epochOf(world.registers);
    const instructions = now.instructions.filter((one) => one.expectedEpoch >= epoch);
    return instructions.length === now.instructions.length ? now : { ...now, instructions };
  }

  /** A side offers a vehicle that it commands and has not offered already. */
  #mayOffer(world: World, side: Side): boolean {
    if (world.handoffs.length >= this.#machines.handoffs || world.lost) return false;
    if (this.crane !== undefined) return this.#mayOfferNext(world, side);
    const newest = newestOf(world, side);
    if (newest === undefined) return false;
    if (newest.giver === side) return isGiverClosed(newest.giverState) && giverCommands(newest.giverState);
    return newest.takerState !== undefined && takerCommands(newest.takerState);
  }

  /** Another container on another vehicle, offered while the one before is under the crane, or over. */
  #mayOfferNext(world: World, side: Side): boolean {
    const last = world.handoffs.at(-1);
    if (last === undefined || (side !== last.giver && !this.#machines.eitherWay)) return false;
    return isGiverClosed(last.giverState) || !giverCommands(last.giverState);
  }

  #begin(world: World, side: Side): World {
    const h = world.handoffs.length;
    const own = world.handoffs.flatMap((one) => {
      const mine = one.giver === side ? one.giverState : one.takerState;
      return mine === undefined ? [] : [mine];
    });
    const [state, effects] = beginGiver(
      offerOf(h, side, this.crane === undefined ? "control-passes" : "container-transfers"),
      side,
      otherSide(side),
      0,
      knownEpoch(own),
    );
    const conversation: Conversation = {
      giver: side,
      giverState: this.#parts.one(state),
      takerState: undefined,
      said: [],
      released: false,
      checked: false,
      believed: false,
      kept: { giver: 0, taker: 0 },
    };
    return this.#carryOut({ ...world, handoffs: [...world.handoffs, conversation] }, h, "giver", effects);
  }

  #giverEvents(world: World, { giverState }: Conversation): readonly (readonly [string, GiverEvent])[] {
    const events: (readonly [string, GiverEvent])[] = [
      ["withdraws", { kind: "withdraw", reason: "w", nowMs: 0 }],
      ["sees its clock pass the expiry", { kind: "tick", nowMs: EXPIRY_MS }],
      ["says and does again what is outstanding", { kind: "repeat", nowMs: 0 }],
    ];
    if (giverState.phase === "accepted")
      events.push(["has checked everything and says ready", { kind: "ready", manifest, nowMs: 0 }]);
    if (world.lost) events.push(...sayings((holder) => this.#machines.maySay(giverState, holder)));
    return [...events, ...registerEvents(world)];
  }

  #takerEvents(world: World, { takerState }: Conversation): readonly (readonly [string, TakerEvent])[] {
    if (takerState === undefined) return [];
    const events: (readonly [string, TakerEvent])[] = [
      ["sees its clock pass the expiry", { kind: "tick", nowMs: EXPIRY_MS }],
      ["says again what is outstanding", { kind: "repeat", nowMs: 0 }],
    ];
    const { phase } = takerState;
    if (phase === "offered") {
      events.push(["accepts", { kind: "accept", nowMs: 0 }]);
      events.push(["declines", { kind: "decline", code: "no-room", nowMs: 0 }]);
    }
    if (phase === "prepared") events.push(["has its ground granted and says go", { kind: "go", nowMs: 0 }]);
    if (!isTakerClosed(takerState))
      events.push(["closes the border", { kind: "revoke", reason: "r", nowMs: 0 }]);
    if (phase === "switched")
      events.push(["checks what came and receives it", { kind: "receive", record: halfSigned, nowMs: 0 }]);
    if (world.lost) events.push(...sayings((holder) => this.#machines.maySay(takerState, holder)));
    return [...events, ...registerEvents(world)];
  }

  stepGiver(world: World, h: number, event: GiverEvent): World {
    const conversation = at(world, h);
    const before = conversation.giverState;
    const [state, effects] = this.#parts.stepGiver(before, event, this.#machines.giver);
    const released = conversation.released || event.kind === "ready";
    const next =
      state === before && released === conversation.released
        ? world
        : withConversation(world, h, { ...conversation, giverState: state, released });
    return this.#carryOut(next, h, "giver", effects);
  }

  stepTaker(world: World, h: number, event: TakerEvent): World {
    const conversation = at(world, h);
    const before = conversation.takerState;
    if (before === undefined) return world;
    const [state, effects] = this.#parts.stepTaker(before, event, this.#machines.taker);
    const checked = conversation.checked || event.kind === "receive";
    const next =
      state === before && checked === conversation.checked
        ? world
        : withConversation(world, h, { ...conversation, takerState: state, checked });
    return this.#carryOut(next, h, "taker", effects);
  }

  /** A message arrives. Unless it is refused for now it is off its sender's outbox. */
  deliver(world: World, h: number, said: Said, nowMs: number): World {
    const { message } = said;
    const isKnown = at(world, h).takerState !== undefined;
    if (said.by === "giver" && message.type !== "offer" && !isKnown) return world;
    const refused = this.#isRefused(world, h, said, nowMs);
    const next = this.#take(world, h, said, nowMs);
    if (refused || !said.due) return next;
    const conversation = at(next, h);
    const taken = conversation.said.map((one) =>
      one.by === said.by && one.message === message ? { ...one, due: false } : one,
    );
    return withConversation(next, h, { ...conversation, said: taken });
  }

  #take(world: World, h: number, { by, message }: Said, nowMs: number): World {
    switch (message.type) {
      case "receipt":
        return this.stepGiver(world, h, { kind: "receipt", finding: agrees, nowMs });
      case "accept":
      case "decline":
      case "go":
      case "revoke":
      case "revoke-request":
        return this.stepGiver(world, h, { kind: "message", message, nowMs });
      case "countersign":
        return this.stepTaker(world, h, { kind: "countersign", finding: agrees, nowMs });
      case "ready":
      case "withdraw":
      case "switched":
        return this.stepTaker(world, h, { kind: "message", message, nowMs });
      case "resolution":
        return by === "giver"
          ? this.stepTaker(world, h, { kind: "message", message, nowMs })
          : this.stepGiver(world, h, { kind: "message", message, nowMs });
      case "offer": {
        const conversation = at(world, h);
        if (conversation.takerState !== undefined) return this.stepTaker(world, h, { kind: "offer", nowMs });
        const { giver } = conversation;
        const { handoffId } = conversation.giverState;
        const [state, effects] = beginTaker(handoffId, message.body, giver, otherSide(giver), nowMs);
        const takerState = this.#parts.one(state);
        return this.#carryOut(
          withConversation(world, h, { ...conversation, takerState }),
          h,
          "taker",
          effects,
        );
      }
    }
  }

  #isRefused(world: World, h: number, { message }: Said, nowMs: number): boolean {
    const { giverState, takerState } = at(world, h);
    const refuses = (effects: readonly Effect[]): boolean => effects.some(({ kind }) => kind === "refuse");
    switch (message.type) {
      case "receipt":
        return refuses(
          this.#parts.stepGiver(
            giverState,
            { kind: "receipt", finding: agrees, nowMs },
            this.#machines.giver,
          )[1],
        );
      case "accept":
      case "decline":
      case "go":
      case "revoke":
      case "revoke-request":
        return refuses(
          this.#parts.stepGiver(giverState, { kind: "message", message, nowMs }, this.#machines.giver)[1],
        );
      case "offer":
      case "resolution":
        return false;
      case "countersign":
        return (
          takerState === undefined ||
          refuses(
            this.#parts.stepTaker(
              takerState,
              { kind: "countersign", finding: agrees, nowMs },
              this.#machines.taker,
            )[1],
          )
        );
      case "ready":
      case "withdraw":
      case "switched":
        return (
          takerState === undefined ||
          refuses(
            this.#parts.stepTaker(takerState, { kind: "message", message, nowMs }, this.#machines.taker)[1],
          )
        );
    }
  }

  #carryOut(world: World, h: number, by: "giver" | "taker", effects: readonly Effect[]): World {
    let now = world;
    for (const effect of effects) {
      const conversation = at(now, h);
      if (effect.kind === "send") {
        const known = conversation.said.find(
          (one) => one.by === by && stepOf(one.message) === stepOf(effect.message),
        );
        if (known !== undefined && (known.due || this.again !== this)) continue;
        if (known !== undefined) {
          const said = conversation.said.map((one) => (one === known ? { ...one, due: true } : one));
          now = withConversation(now, h, { ...conversation, said });
          continue;
        }
        const message = this.#parts.message(effect.message);
        const said = [...conversation.said, { by, message, due: true }];
        now = withConversation(now, h, { ...conversation, said });
      } else if (effect.kind === "append") {
        const kept = { ...conversation.kept, [by]: Math.min(2, conversation.kept[by] + 1) };
        now = withConversation(now, h, { ...conversation, kept });
      } else if (effect.kind === "switch" || effect.kind === "dock") {
        const { kind, expectedEpoch } = effect;
        const self = by === "giver" ? conversation.giver : takerOf(conversation);
        const { from, to } = effect.kind === "switch" ? effect : { from: self, to: self };
        const known = now.instructions.some(
          (one) =>
            one.kind === kind &&
            one.by === h &&
            one.from === from &&
            one.to === to &&
            one.expectedEpoch === expectedEpoch,
        );
        if (!known)
          now = { ...now, instructions: [...now.instructions, { kind, by: h, from, to, expectedEpoch }] };
      }
    }
    return now;
  }
}

/** What somebody who is not the partner might say to a giver. */
const FORGED: readonly Message[] = [
  { type: "accept", body: {} },
  { type: "go", body: {} },
  { type: "revoke", body: { how: "revoked", reason: "forged" } },
];

export const SAYINGS: readonly Saying[] = [
  { holder: "giver", account: "a", reason: "r" },
  { holder: "taker", account: "a", reason: "r" },
];

type Resolve = Extract<GiverEvent & TakerEvent, { kind: "resolve" }>;

function sayings(maySay: (holder: Holder) => boolean): readonly (readonly [string, Resolve])[] {
  return SAYINGS.filter(({ holder }) => maySay(holder)).map((saying) => [
    `says by its people that the ${saying.holder} holds`,
    { kind: "resolve", saying, nowMs: 0 },
  ]);
}

/** Any state of the vehicle may come, also one from before, as after a restart of whoever hears it. */
function registerEvents({
  registers,
}: World): readonly (readonly [string, Extract<GiverEvent & TakerEvent, { kind: "register" }>])[] {
  return registers.map(({ authority, by }, i) => {
    const epoch = epochOf(registers.slice(0, i + 1));
    const isOld = i < registers.length - 1;
    return [
      `sees the register${isOld ? " as it was" : ""}: ${authority}, epoch ${epoch}`,
      { kind: "register", register: registerOf(authority, epoch, by), nowMs: 0 },
    ];
  });
}

export function registerOf(authority: Side, epoch: number, by: number | undefined): ControlRegister {
  return by === undefined ? { authority, epoch } : { authority, epoch, handoffId: `h-${by + 1}` };
}

export function at(world: World, h: number): Conversation {
  const conversation = world.handoffs[h];
  if (conversation === undefined) throw new Error(`there is no hand-off ${h + 1}`);
  return conversation;
}

function withConversation(world: World, h: number, conversation: Conversation): World {
  return { ...world, handoffs: world.handoffs.map((one, i) => (i === h ? conversation : one)) };
}

import { wordsOf } from "../word.ts";
import { type Machines, production, productionWithLoss } from "./world.ts";

/** A machine, a vehicle or a door with one thing wrong: what a search has to find, and which property it breaks. */
export interface Bug {
  readonly property: number;
  readonly what: string;
  readonly machines: Machines;
}

export const BUGS: readonly Bug[] = [
  {
    property: 1,
    what: "a taker that takes over on its own go instead of the witness",
    machines: {
      ...production,
      taker: (state, event) => {
        const [next, effects] = production.taker(state, event);
        const tookOver = state.phase === "prepared" && next.phase === "gone";
        return [tookOver ? { ...next, phase: "switched" } : next, effects];
      },
    },
  },
  {
    property: 1,
    what: "a taker that frees its ground on a timer after go",
    machines: {
      ...production,
      taker: (state, event) => {
        if (state.phase !== "gone" || event.kind !== "tick") return production.taker(state, event);
        const { manifest: _, epoch: __, ...kept } = state;
        return [{ ...kept, phase: "ended", how: "expired", reason: "too long", byUs: true }, []];
      },
    },
  },
  {
    property: 3,
    what: "a vehicle whose register does not survive its restart",
    machines: { ...production, registerSurvives: false },
  },
  {
    property: 1,
    what: "a vehicle that obeys a transfer for an epoch that is over",
    machines: {
      ...production,
      obey: (registers, instruction) =>
        registers.at(-1)?.authority === instruction.from && registers.length <= production.handoffs
          ? [...registers, { authority: instruction.to, by: instruction.by }]
          : registers,
    },
  },
  {
    property: 3,
    what: "a giver that withdraws after ready without raising the epoch",
    machines: {
      ...production,
      giver: (state, event) => {
        const [next, effects] = production.giver(state, event);
        if (next.phase !== "fencing" || state.phase === "fencing") return [next, effects];
        const { manifest: _, epoch: __, goSeen: ___, ...kept } = next;
        const body = { how: next.how, reason: next.reason };
        return [{ ...kept, phase: "ended" }, [{ kind: "send", message: { type: "withdraw", body } }]];
      },
    },
  },
  {
    property: 2,
    what: "a giver that says ready as soon as it is accepted, whatever its mission has yet to check",
    machines: {
      ...production,
      giver: (state, event) => {
        const [next, effects] = production.giver(state, event);
        if (next.phase !== "accepted" || state.phase === "accepted") return [next, effects];
        const { returnLoad: _, ...kept } = next;
        return [{ ...kept, phase: "readying", manifest: next.offer.manifest }, effects];
      },
    },
  },
  {
    property: 3,
    what: "a giver that after a crash does not switch the vehicle again",
    machines: {
      ...production,
      giver: (state, event) =>
        event.kind === "repeat" && state.phase === "switching" ? [state, []] : production.giver(state, event),
    },
  },
  {
    property: 3,
    what: "sides that read a later hand-off's change of the register as this one's",
    machines: {
      ...production,
      giver: (state, event) => production.giver(state, withoutId(event)),
      taker: (state, event) => production.taker(state, withoutId(event)),
    },
  },
  {
    property: 4,
    what: "a giver that puts a receipt that comes again into its ledger again",
    machines: {
      ...production,
      giver: (state, event) => {
        const [next, effects] = production.giver(state, event);
        const isAgain = state.phase === "concluded" && event.kind === "receipt";
        return [next, isAgain ? [...effects, { kind: "append", record: state.record }] : effects];
      },
    },
  },
  {
    property: 5,
    what: "a door that lets in what the partner never signed",
    machines: { ...production, believesForged: true },
  },
];

/** The same of a vehicle that may be lost for good, where people speak in its place. */
export const LOSS_BUGS: readonly Bug[] = [
  {
    property: 1,
    what: "a taker that acts on its own people's word alone",
    machines: {
      ...productionWithLoss,
      taker: (state, event) =>
        production.taker(
          event.kind === "resolve" ? { ...state, theirWord: { round: 1, ...event.saying } } : state,
          event,
        ),
    },
  },
  {
    property: 1,
    what: "a giver that goes by the register after its people have said otherwise",
    machines: {
      ...productionWithLoss,
      giver: (state, event) => {
        const waits = state.phase === "switching" || state.phase === "fencing";
        if (!waits || event.kind !== "register") return production.giver(state, event);
        const { ourWord: _, theirWord: __, ...unbound } = state;
        const [next, effects] = production.giver(unbound, event);
        return next === unbound ? [state, []] : [{ ...next, ...wordsOf(state) }, effects];
      },
    },
  },
  {
    property: 3,
    what: "a giver that keeps its people's word from the partner",
    machines: {
      ...productionWithLoss,
      giver: (state, event) => {
        const [next, effects] = production.giver(state, event);
        return [next, event.kind === "resolve" ? [] : effects];
      },
    },
  },
];

function withoutId<Event extends { readonly kind: string }>(event: Event): Event {
  if (!("register" in event) || typeof event.register !== "object" || event.register === null) return event;
  const { handoffId: _, ...register } = { handoffId: undefined, ...event.register };
  return { ...event, register };
}

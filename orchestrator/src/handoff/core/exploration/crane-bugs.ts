import { transferDevice } from "../transfer-device.ts";
import type { Bug } from "./bugs.ts";
import { productionWithCrane as production } from "./world.ts";

/** What a search has to find where containers change vehicle: a machine or a crane with one thing wrong. */
export const CRANE_BUGS: readonly Bug[] = [
  {
    property: 1,
    what: "a crane that reaches for the container as soon as it is presented",
    machines: {
      ...production,
      device: (state, event) => {
        const [next, effects] = transferDevice(state, event);
        return [next.phase === "presented" ? { ...next, phase: "lowering" } : next, effects];
      },
    },
  },
  {
    property: 1,
    what: "a taker that drives off with its vehicle on its own go",
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
    what: "a crane that takes the giver's word that it gives up while it is setting the container down",
    machines: {
      ...production,
      device: (state, event) => {
        const isLate = event.kind === "switch" && event.to === state.giver && state.phase === "releasing";
        if (!isLate) return transferDevice(state, event);
        // It notes that it was given up, and lets go of the container all the same.
        const [given, effects] = transferDevice({ ...state, phase: "presented" }, event);
        return [
          { ...given, phase: "releasing", register: { ...given.register, handoffId: event.handoffId } },
          effects,
        ];
      },
    },
  },
  {
    property: 2,
    what: "a taker that signs its receipt before it has looked at what came",
    machines: {
      ...production,
      taker: (state, event) => {
        const [next, effects] = production.taker(state, event);
        if (next.phase !== "switched" || state.phase === "switched") return [next, effects];
        const record = { payload: "p", signatures: [{ protected: "t", signature: "t" }] };
        const send = { kind: "send", message: { type: "receipt", body: { record } } } as const;
        return [{ ...next, phase: "receipted", record }, [...effects, { kind: "append", record }, send]];
      },
    },
  },
  {
    property: 3,
    what: "a crane that does not go on when it has been mended",
    machines: {
      ...production,
      device: (state, event) => {
        if (event.kind !== "mended") return transferDevice(state, event);
        const { fault: _over, ...mended } = state;
        return [state.fault === undefined ? state : mended, []];
      },
    },
  },
  {
    property: 3,
    what: "a taker that after a crash does not dock its vehicle again",
    machines: {
      ...production,
      taker: (state, event) =>
        event.kind === "repeat" && state.phase === "gone" ? [state, []] : production.taker(state, event),
    },
  },
  {
    property: 1,
    what: "a crane that presents the next container while the last one is still on the taker's pad",
    machines: {
      ...production,
      device: (state, event) => {
        if (event.kind !== "dock") return transferDevice(state, event);
        const { pads } = state;
        const { cn, ...others } = pads;
        const [next, effects] = transferDevice(
          { ...state, pads: cn === undefined ? pads : { ...others, cn: { ...cn, hasContainer: false } } },
          event,
        );
        return [{ ...next, pads }, effects];
      },
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

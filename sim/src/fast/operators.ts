import type { Timers } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import type { MissionControl, MissionView } from "@baton/orchestrator/rooms";
import { seededRandom } from "../random/seeded.ts";

export interface Operators {
  hear(mission: MissionView): void;
  /** They go home: what they had in hand stays as it is. */
  stop(): void;
}

export interface OperatorsOptions {
  readonly side: Side;
  readonly seed: string;
  readonly timers: Timers;
  /** Undefined while nobody answers. */
  readonly missions: () => MissionControl | undefined;
}

/** A person sees an alarm, looks, and acts: half a minute to three minutes. */
const LOOK_MS = { min: 30_000, max: 180_000 } as const;
/** Whoever has tried this often lets others look at it: the next try comes later. */
const PATIENT_TRIES = 5;
const LATER_MS = 900_000;

/**
 * The control room of a side, as far as the day needs one: a mission that is held is looked at, and resumed: passed where a
 * named account may pass it, tried again where not.
 */
export function startOperators(options: OperatorsOptions): Operators {
  const { side, seed, timers, missions } = options;
  const account = `${side}-simulated-operator`;
  const random = seededRandom(seed, "operators", side);
  let atWork = true;
  /** Held missions that somebody is at, with how often they were tried at this step. */
  const inHand = new Map<string, { tries: number; readonly step: string; waiting: boolean }>();

  const act = async (missionId: string): Promise<void> => {
    const outcome = await missions()?.resume(missionId, account, "override");
    if (outcome === "not-possible") await missions()?.resume(missionId, account, "retry");
  };

  return {
    hear({ missionId, status, step }) {
      const known = inHand.get(missionId);
      if (status !== "held") {
        if (status !== "running" || known?.step !== step) inHand.delete(missionId);
        return;
      }
      const entry = known?.step === step ? known : { tries: 0, step, waiting: false };
      inHand.set(missionId, entry);
      if (entry.waiting) return;
      entry.waiting = true;
      entry.tries += 1;
      const lookMs = LOOK_MS.min + random.integer(LOOK_MS.max - LOOK_MS.min);
      timers.after(lookMs + (entry.tries > PATIENT_TRIES ? LATER_MS : 0), () => {
        entry.waiting = false;
        if (atWork) void act(missionId);
      });
    },
    stop: () => {
      atWork = false;
    },
  };
}

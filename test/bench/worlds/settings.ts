import {
  type CoreSettings,
  DEFAULT_SETTINGS,
} from "../../../orchestrator/src/reservation/core/kinematics.ts";
import { LANES_SPEED_MPS } from "../instances/lanes.ts";

export type GrantAhead = CoreSettings["grantAhead"];

/**
 * The streets' settings: ticks of a second, exact reports that are never late, no ramps, so that a block takes exactly
 * 4 s. Braking at 1 m/s2 counts only for how far grants reach: 12.5 m and two ticks' way.
 */
export function streetSettings(grantAhead: GrantAhead, also: Partial<CoreSettings> = {}): CoreSettings {
  return {
    ...DEFAULT_SETTINGS,
    tickMs: 1000,
    roundTripMs: 0,
    positionUncertaintyM: 0,
    standToleranceM: 0.4,
    expansionsPerTick: 4000,
    grantAhead,
    kinematics: {
      maxSpeedMps: LANES_SPEED_MPS,
      accelerationMps2: Number.POSITIVE_INFINITY,
      brakingMps2: 1,
      lengthM: 15,
    },
    ...also,
  };
}

/** The same with orders that never change once planned. */
export function fixedOrderSettings(grantAhead: GrantAhead): CoreSettings {
  const { switching, improvement } = DEFAULT_SETTINGS;
  return streetSettings(grantAhead, {
    switching: { ...switching, jump: false, replansPerTick: 0 },
    improvement: { ...improvement, expansionsPerTick: 0 },
  });
}

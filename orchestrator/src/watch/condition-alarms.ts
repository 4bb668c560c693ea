import type { VehicleId, VehicleState } from "@baton/fleet-adapter";
import type { AlarmRaise, Alarms } from "../alarms/port.ts";
import type { AlarmFacts } from "../contract/index.ts";

/** Something in the protective field stops a vehicle many times a day; a person has to look when it stays. */
const FIELD_VIOLATED_FOR_MS = 10_000;

interface Seen {
  readonly loadIds: readonly string[];
  readonly driving: boolean;
  readonly fieldViolatedSinceMs: number | undefined;
  /** What it had on board before that changed while it drove. */
  readonly loadsBefore: readonly string[] | undefined;
  readonly standing: ReadonlySet<Condition>;
}

type Condition = "emergency-stop" | "field-violation" | "load-changed";

const CONDITIONS: readonly (readonly [Condition, AlarmRaise["priority"]])[] = [
  ["emergency-stop", "high"],
  ["field-violation", "medium"],
  ["load-changed", "critical"],
];

/**
 * Alarms for what a vehicle reports of its safety (VDA 5050 2.1 section 6.10, `safetyState`; 3.0 section 7.8) and of its load:
 * an emergency stop, a protective field that stays violated, and a load that came or went while it drove, which no crane did.
 */
export function conditionAlarms(alarms: Alarms): { look(state: VehicleState, nowMs: number): void } {
  const seen = new Map<VehicleId, Seen>();
  return {
    look(state, nowMs) {
      const { vehicleId, loadIds, driving, emergencyStop } = state;
      const before = seen.get(vehicleId);
      if (before !== undefined && isAsBefore(before, state)) return;
      const fieldViolatedSinceMs =
        state.fieldViolation === true ? (before?.fieldViolatedSinceMs ?? nowMs) : undefined;
      const loadsBefore = loadsBeforeChange(before, state);
      const details: Readonly<Record<Condition, string | undefined>> = {
        "emergency-stop": emergencyStop ? "its emergency stop is pressed" : undefined,
        "field-violation":
          fieldViolatedSinceMs !== undefined && nowMs - fieldViolatedSinceMs >= FIELD_VIOLATED_FOR_MS
            ? "something has been in its protective field for 10 s"
            : undefined,
        "load-changed":
          loadsBefore === undefined
            ? undefined
            : `it had ${named(loadsBefore)} on board, and reported ${named(loadIds)} while it drove`,
      };
      const standing = new Set<Condition>();
      for (const [condition, priority] of CONDITIONS) {
        const alarmId = `vehicle.${condition}:${vehicleId}`;
        const detail = details[condition];
        const stood = before?.standing.has(condition) === true;
        if (detail === undefined) {
          if (stood) alarms.clear(alarmId);
          continue;
        }
        standing.add(condition);
        if (stood) continue;
        const facts = factsOf(condition, loadsBefore, loadIds);
        alarms.raise({ alarmId, code: `vehicle.${condition}`, detail, facts, priority, vehicleId });
      }
      seen.set(vehicleId, { loadIds, driving, fieldViolatedSinceMs, loadsBefore, standing });
    },
  };
}

/** Nothing stands or stood, and nothing has changed that this looks at: so it is with nearly every state. */
const isAsBefore = (
  before: Seen,
  { loadIds, driving, emergencyStop, fieldViolation }: VehicleState,
): boolean =>
  !emergencyStop &&
  fieldViolation !== true &&
  before.standing.size === 0 &&
  before.fieldViolatedSinceMs === undefined &&
  before.loadsBefore === undefined &&
  before.driving === driving &&
  isSame(before.loadIds, loadIds);

function factsOf(
  condition: Condition,
  loadsBefore: readonly string[] | undefined,
  loadIds: readonly string[],
): AlarmFacts {
  if (condition === "field-violation") return { seconds: FIELD_VIOLATED_FOR_MS / 1000 };
  if (condition === "load-changed")
    return { loadsBefore: (loadsBefore ?? []).join(", "), loadsNow: loadIds.join(", ") };
  return {};
}

/** What it had before its load changed on the way, until it has that again, or what is on board was put right standing. */
function loadsBeforeChange(
  before: Seen | undefined,
  { loadIds, driving }: Pick<VehicleState, "loadIds" | "driving">,
): readonly string[] | undefined {
  if (before === undefined) return undefined;
  const isChanged = !isSame(before.loadIds, loadIds);
  if (isChanged && before.driving && driving) {
    const had = before.loadsBefore ?? before.loadIds;
    return isSame(had, loadIds) ? undefined : had;
  }
  return isChanged ? undefined : before.loadsBefore;
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((loadId) => b.includes(loadId));

const named = (loadIds: readonly string[]): string => (loadIds.length === 0 ? "nothing" : loadIds.join(", "));

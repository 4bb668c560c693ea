import type { Side } from "@baton/maps";
import type {
  AlarmView,
  BorderlineView,
  ClosureView,
  ControlFrame,
  DeviceView,
  HandoffView,
  LineCraneView,
  MissionView,
  StationClosureView,
  VehicleView,
} from "@baton/orchestrator/contract";

/** The slow state of one side, as its control frames have told so far. */
export interface SideState {
  readonly vehicles: ReadonlyMap<string, VehicleView>;
  readonly missions: ReadonlyMap<string, MissionView>;
  readonly alarms: ReadonlyMap<string, AlarmView>;
  readonly borderline: BorderlineView | undefined;
  readonly closures: readonly ClosureView[];
  readonly closedStations: readonly StationClosureView[];
  readonly devices: ReadonlyMap<string, DeviceView>;
}

export const EMPTY_SIDE: SideState = {
  vehicles: new Map(),
  missions: new Map(),
  alarms: new Map(),
  borderline: undefined,
  closures: [],
  closedStations: [],
  devices: new Map(),
};

function replaced<Value>(
  old: ReadonlyMap<string, Value>,
  changed: readonly Value[] | undefined,
  idOf: (value: Value) => string,
): ReadonlyMap<string, Value> {
  if (changed === undefined || changed.length === 0) return old;
  const next = new Map(old);
  for (const value of changed) next.set(idOf(value), value);
  return next;
}

const vehicleId = (vehicle: VehicleView): string => vehicle.vehicleId;
const missionId = (mission: MissionView): string => mission.missionId;
const deviceId = (device: DeviceView): string => device.deviceId;
const alarmId = (alarm: AlarmView): string => alarm.alarmId;

/** A side's state after one control frame. A snapshot replaces everything; changes replace what they name. */
export function applyControl(state: SideState, frame: ControlFrame): SideState {
  switch (frame.kind) {
    case "hello":
      return state;
    case "snapshot":
      return {
        vehicles: replaced(new Map(), frame.vehicles, vehicleId),
        missions: replaced(new Map(), frame.missions, missionId),
        alarms: replaced(new Map(), frame.alarms, alarmId),
        borderline: frame.borderline,
        closures: frame.closures ?? [],
        closedStations: frame.closedStations ?? [],
        devices: replaced(new Map(), frame.devices, deviceId),
      };
    case "changes":
      return {
        vehicles: replaced(state.vehicles, frame.vehicles, vehicleId),
        missions: replaced(state.missions, frame.missions, missionId),
        alarms: replaced(state.alarms, frame.alarms, alarmId),
        borderline: frame.borderline ?? state.borderline,
        closures: frame.closures ?? state.closures,
        closedStations: frame.closedStations ?? state.closedStations,
        devices: replaced(state.devices, frame.devices, deviceId),
      };
  }
}

/** A vehicle as both sides together know it. */
export interface MergedVehicle {
  readonly vehicleId: string;
  /** The side whose word is taken: the one that its control register names. */
  readonly holder: Side;
  readonly view: VehicleView;
  readonly containerNo: string | undefined;
}

/** Which of two views of the same vehicle to believe: the register's side; then the higher epoch; then the fresher. */
function believed(vn: VehicleView, cn: VehicleView): Side {
  const vnHolds = vn.authority === "vn";
  const cnHolds = cn.authority === "cn";
  if (vnHolds !== cnHolds) return vnHolds ? "vn" : "cn";
  const epochs = (vn.epoch ?? -1) - (cn.epoch ?? -1);
  if (epochs !== 0) return epochs > 0 ? "vn" : "cn";
  return vn.lastReportAtMs >= cn.lastReportAtMs ? "vn" : "cn";
}

/** What was made of a view before: whoever shows a vehicle that is told nothing new of is given the same again. */
const madeOf = new WeakMap<VehicleView, MergedVehicle>();

function mergedOf(vehicleId: string, holder: Side, view: VehicleView): MergedVehicle {
  const before = madeOf.get(view);
  if (before?.holder === holder) return before;
  const made = { vehicleId, holder, view, containerNo: view.loadIds[0] };
  madeOf.set(view, made);
  return made;
}

/** All vehicles of both sides, each once, sorted by id. */
export function mergeVehicles(vn: SideState, cn: SideState): readonly MergedVehicle[] {
  const ids = [...new Set([...vn.vehicles.keys(), ...cn.vehicles.keys()])].sort();
  const merged: MergedVehicle[] = [];
  for (const id of ids) {
    const ofVn = vn.vehicles.get(id);
    const ofCn = cn.vehicles.get(id);
    const holder = ofVn === undefined ? "cn" : ofCn === undefined ? "vn" : believed(ofVn, ofCn);
    const view = holder === "vn" ? ofVn : ofCn;
    if (view !== undefined) merged.push(mergedOf(id, holder, view));
  }
  return merged;
}

const indexOf = new WeakMap<readonly MergedVehicle[], ReadonlyMap<string, MergedVehicle>>();

/** One of many, without a search for each row of a list that asks. */
export function vehicleIn(vehicles: readonly MergedVehicle[], vehicleId: string): MergedVehicle | undefined {
  const known = indexOf.get(vehicles);
  if (known !== undefined) return known.get(vehicleId);
  const made = new Map(vehicles.map((vehicle) => [vehicle.vehicleId, vehicle]));
  indexOf.set(vehicles, made);
  return made.get(vehicleId);
}

const PRIORITY_ORDER = { critical: 0, high: 1, medium: 2, low: 3 } as const;
const ALARM_STATE_ORDER = { unacknowledged: 0, acknowledged: 1, returned: 2 } as const;

/** Alarms of both sides: what needs a person first, then by priority, then the oldest. */
export function mergeAlarms(vn: SideState, cn: SideState): readonly AlarmView[] {
  return [...vn.alarms.values(), ...cn.alarms.values()].sort(
    (a, b) =>
      ALARM_STATE_ORDER[a.state] - ALARM_STATE_ORDER[b.state] ||
      PRIORITY_ORDER[a.priority] - PRIORITY_ORDER[b.priority] ||
      a.raisedAtMs - b.raisedAtMs,
  );
}

const STATUS_ORDER = { held: 0, running: 1, returned: 2, done: 3 } as const;

/**
 * Missions of both sides: held first, then running, then finished. Those under way stay in the order in which they began,
 * since rows that jump with every step cannot be read or clicked; of the finished the latest comes first.
 */
export function mergeMissions(vn: SideState, cn: SideState): readonly MissionView[] {
  const begunMs = ({ timeline, stepSinceMs }: MissionView): number => timeline[0]?.atMs ?? stepSinceMs;
  return [...vn.missions.values(), ...cn.missions.values()].sort(
    (a, b) =>
      STATUS_ORDER[a.status] - STATUS_ORDER[b.status] ||
      (STATUS_ORDER[a.status] <= STATUS_ORDER.running
        ? begunMs(a) - begunMs(b)
        : b.stepSinceMs - a.stepSinceMs) ||
      (a.missionId < b.missionId ? -1 : 1),
  );
}

/** A hand-off as both sides tell of it; a side whose feed is not seen tells nothing. */
export interface MergedHandoff {
  readonly handoffId: string;
  readonly vehicleId: string;
  readonly containerNo: string | undefined;
  /** What crosses, and who drives there: see `docs/architecture.md` on the modes. */
  readonly mode: NonNullable<HandoffView["mode"]>;
  /** The newest that either side has heard of the witness. */
  readonly register: HandoffView["register"];
  /** Until when `go` can be said: while no side has said or heard it. */
  readonly goByMs: number | undefined;
  /** When the side that moved last entered its phase. */
  readonly sinceMs: number;
  readonly told: readonly { readonly side: Side; readonly role: "giver" | "taker"; readonly phase: string }[];
}

/** The cranes at the line: both sides hear the same of them, so that one feed is enough. */
export function mergeLineCranes(vn: SideState, cn: SideState): readonly LineCraneView[] {
  const fit = [vn, cn].find(({ borderline }) => borderline?.lineCranes?.some(({ isFit }) => isFit));
  return (fit ?? vn).borderline?.lineCranes ?? cn.borderline?.lineCranes ?? NO_CRANES;
}

const NO_CRANES: readonly LineCraneView[] = [];

/** Phases after which a hand-off is history for the side that is in them. */
const OVER: ReadonlySet<string> = new Set(["concluded", "ended", "declined"]);

/** Hand-offs that are not over for every side that tells of them, each once, the giver's word first. */
export function mergeHandoffs(vn: SideState, cn: SideState): readonly MergedHandoff[] {
  const byId = new Map<string, MergedHandoff>();
  for (const { side, handoffs } of [vn.borderline, cn.borderline].filter((view) => view !== undefined)) {
    for (const handoff of handoffs) {
      const { handoffId, vehicleId, containerNo, sinceMs, role, phase, mode, register } = handoff;
      const before = byId.get(handoffId);
      const told = [...(before?.told ?? []), { side, role, phase }];
      byId.set(handoffId, {
        handoffId,
        vehicleId,
        containerNo: containerNo ?? before?.containerNo,
        mode: mode ?? before?.mode ?? "control-passes",
        register: (before?.register?.epoch ?? -1) > (register?.epoch ?? -1) ? before?.register : register,
        goByMs: before !== undefined && before.goByMs === undefined ? undefined : handoff.goByMs,
        sinceMs: Math.max(sinceMs, before?.sinceMs ?? sinceMs),
        told: told.sort((a, b) => (a.role < b.role ? -1 : 1)),
      });
    }
  }
  return [...byId.values()].filter(({ told }) => told.some(({ phase }) => !OVER.has(phase)));
}

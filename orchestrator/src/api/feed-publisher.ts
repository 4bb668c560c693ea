import type { FleetAdapter, VehicleId, VehicleRecord } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import {
  type AlarmView,
  type BorderlineView,
  type ClosureView,
  type ControlFrame,
  type DeviceView,
  type MissionView,
  PoseFlag,
  type PoseRecord,
  type StationClosureView,
  type VehicleView,
} from "../contract/index.ts";
import type { Reservation } from "../reservation/port.ts";
import type { createFeedHub } from "./feed-hub.ts";
import { closureView } from "./ground-desk.ts";
import { plannedWayOf } from "./planned-way-view.ts";
import { createWaitingView } from "./waiting-view.ts";

/** A vehicle that has said nothing for this long is shown as stale. */
const STALE_MS = 3_000;

export interface FeedPublisherOptions {
  readonly side: Side;
  readonly siteId: string;
  readonly tickMs: number;
  readonly speed: number;
  readonly nowMs: () => number;
  readonly fleet: Pick<FleetAdapter, "vehicles">;
  readonly reservation: Pick<Reservation, "holding" | "explain" | "outOfUse">;
  readonly missions: () => readonly MissionView[];
  readonly alarms: () => readonly AlarmView[];
  readonly borderline: () => BorderlineView;
  readonly devices: () => readonly DeviceView[];
  /** The same array as long as none is closed or opened. */
  readonly closedStations: () => readonly StationClosureView[];
  readonly hub: ReturnType<typeof createFeedHub>;
}

/**
 * Turns what the rooms know into the feed: poses every tick, and in control frames only what changed.
 * Missions, alarms and devices are pushed by whoever changes them; vehicles and the borderline are compared here.
 */
export function createFeedPublisher(options: FeedPublisherOptions): {
  tick(tick: number): void;
  missionChanged(mission: MissionView): void;
  alarmChanged(alarm: AlarmView): void;
  deviceChanged(device: DeviceView): void;
  greeting(): readonly ControlFrame[];
  vehicles(): readonly VehicleView[];
} {
  const slots = new Map<VehicleId, number>();
  const shown = new Map<string, string>();
  let shownBorderline = "";
  let shownClosures = "";
  let shownStations = options.closedStations();
  const waiting = createWaitingView(options);
  const changedMissions = new Map<string, MissionView>();
  const changedAlarms = new Map<string, AlarmView>();
  const changedDevices = new Map<string, DeviceView>();

  const slotOf = (vehicleId: VehicleId): number => {
    const known = slots.get(vehicleId);
    if (known !== undefined) return known;
    const slot = slots.size;
    slots.set(vehicleId, slot);
    return slot;
  };

  const closuresNow = (): ClosureView[] => options.reservation.outOfUse().closures.map(closureView);

  const missionsByVehicle = (): ReadonlyMap<string, MissionView> =>
    new Map(
      options
        .missions()
        .flatMap((mission) =>
          mission.vehicleId !== undefined && (mission.status === "running" || mission.status === "held")
            ? [[mission.vehicleId, mission]]
            : [],
        ),
    );

  const viewOf = (record: VehicleRecord, mission: MissionView | undefined): VehicleView => {
    const holding = options.reservation.holding(record.vehicleId);
    const explanation = waiting.explanationOf(record.vehicleId);
    const failed = waiting.failureOf(record.vehicleId);
    const control = record.state?.control;
    const plannedWay = record.state === undefined ? undefined : plannedWayOf(record.state);
    const stoppedBy = record.state?.pausedBy ?? [];
    return {
      vehicleId: record.vehicleId,
      slot: slotOf(record.vehicleId),
      connection: record.connection,
      ...(control === undefined ? {} : { authority: control.authority, epoch: control.epoch }),
      batteryPct: Math.round(record.state?.batteryPct ?? 0),
      charging: record.state?.charging ?? false,
      loadIds: [...(record.state?.loadIds ?? [])],
      ...(mission === undefined ? {} : { missionId: mission.missionId }),
      ...(record.state === undefined
        ? {}
        : { operatingMode: record.state.operatingMode, isLocalised: record.state.pose !== undefined }),
      lastReportAtMs: record.state?.atMs ?? 0,
      grantedEdgeIds: [...(holding?.grantedEdgeIds ?? [])],
      plannedEdgeIds: [...(holding?.plannedEdgeIds ?? [])],
      ...(holding?.waitingFor === undefined
        ? {}
        : { waitingFor: { blockId: holding.waitingFor.blockId, heldBy: holding.waitingFor.heldBy } }),
      ...(explanation === undefined ? {} : { explanation }),
      ...(stoppedBy.length === 0 ? {} : { stoppedBy: [...stoppedBy] }),
      ...(plannedWay === undefined ? {} : { plannedWay }),
      ...(failed === undefined ? {} : { failed }),
    };
  };

  const views = (): readonly VehicleView[] => {
    const missions = missionsByVehicle();
    return [...options.fleet.vehicles().values()].map((record) =>
      viewOf(record, missions.get(record.vehicleId)),
    );
  };

  const poseOf = (record: VehicleRecord, mission: MissionView | undefined): PoseRecord | undefined => {
    const { state } = record;
    if (state?.pose === undefined) return undefined;
    const isStale = options.nowMs() - state.atMs > STALE_MS || record.connection !== "online";
    const isInTrouble =
      mission?.status === "held" ||
      state.errors.some((error) => error.fatal) ||
      waiting.failureOf(record.vehicleId) !== undefined;
    return {
      slot: slotOf(record.vehicleId),
      flags:
        (state.loadIds.length > 0 ? PoseFlag.loaded : 0) |
        (state.driving ? PoseFlag.driving : 0) |
        (isStale ? PoseFlag.stale : 0) |
        (state.pausedBy.length > 0 ? PoseFlag.paused : 0) |
        (isInTrouble ? PoseFlag.trouble : 0) |
        (state.control?.authority === options.side ? PoseFlag.ours : 0),
      batteryPct: state.batteryPct,
      xM: state.pose.xM,
      yM: state.pose.yM,
      headingRad: state.pose.headingRad,
      speedMps: state.speedMps,
    };
  };

  return {
    tick(tick) {
      if (options.hub.viewers() === 0) {
        // Nobody has seen anything: the next viewer begins with a snapshot.
        shown.clear();
        changedMissions.clear();
        changedAlarms.clear();
        changedDevices.clear();
        return;
      }
      const missions = missionsByVehicle();
      const records = [...options.fleet.vehicles().values()];
      const poses = records.flatMap((record) => poseOf(record, missions.get(record.vehicleId)) ?? []);
      options.hub.poses(tick, options.nowMs(), poses);

      const vehicles = records
        .map((record) => viewOf(record, missions.get(record.vehicleId)))
        .filter((view) => {
          // The time of the last report changes with every report and is in the pose frame's staleness already.
          const text = JSON.stringify({ ...view, lastReportAtMs: 0 });
          if (shown.get(view.vehicleId) === text) return false;
          shown.set(view.vehicleId, text);
          return true;
        });
      const borderline = options.borderline();
      const borderlineText = JSON.stringify(borderline);
      const isBorderlineNew = borderlineText !== shownBorderline;
      shownBorderline = borderlineText;
      const closures = closuresNow();
      const closuresText = JSON.stringify(closures);
      const areClosuresNew = closuresText !== shownClosures;
      shownClosures = closuresText;
      const closedStations = options.closedStations();
      const areStationsNew = closedStations !== shownStations;
      shownStations = closedStations;
      const isNothingNew =
        vehicles.length === 0 &&
        !isBorderlineNew &&
        !areClosuresNew &&
        !areStationsNew &&
        changedMissions.size === 0 &&
        changedAlarms.size === 0 &&
        changedDevices.size === 0;
      if (isNothingNew) return;
      options.hub.control({
        kind: "changes",
        ...(vehicles.length === 0 ? {} : { vehicles }),
        ...(changedMissions.size === 0 ? {} : { missions: [...changedMissions.values()] }),
        ...(changedAlarms.size === 0 ? {} : { alarms: [...changedAlarms.values()] }),
        ...(changedDevices.size === 0 ? {} : { devices: [...changedDevices.values()] }),
        ...(isBorderlineNew ? { borderline } : {}),
        ...(areClosuresNew ? { closures } : {}),
        ...(areStationsNew ? { closedStations: [...closedStations] } : {}),
      });
      changedMissions.clear();
      changedAlarms.clear();
      changedDevices.clear();
    },
    missionChanged(mission) {
      changedMissions.set(mission.missionId, mission);
    },
    alarmChanged(alarm) {
      changedAlarms.set(alarm.alarmId, alarm);
    },
    deviceChanged(device) {
      changedDevices.set(device.deviceId, device);
    },
    greeting: () => [
      {
        kind: "hello",
        side: options.side,
        siteId: options.siteId,
        tickMs: options.tickMs,
        speed: options.speed,
        nowMs: options.nowMs(),
      },
      {
        kind: "snapshot",
        vehicles: [...views()],
        missions: [...options.missions()],
        alarms: [...options.alarms()],
        borderline: options.borderline(),
        closures: closuresNow(),
        closedStations: [...options.closedStations()],
        devices: [...options.devices()],
      },
    ],
    vehicles: views,
  };
}

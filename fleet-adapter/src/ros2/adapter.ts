import type { Side, Site } from "@baton/maps";
import type { Logger } from "pino";
import type { Chart } from "../chart/chart.ts";
import { chartOf } from "../chart/chart-of-site.ts";
import { troubleLimiter } from "../delivery/trouble-limiter.ts";
import { actionIdOf, vehicleIdOf } from "../names.ts";
import type { FleetAdapter, FleetEvent, VehicleId, VehicleRecord } from "../port.ts";
import { remember } from "../records.ts";
import type { Clock, Timers } from "../time.ts";
import { turns } from "../turns.ts";
import { step } from "./core/step.ts";
import {
  type Answer,
  type CoreEffect,
  type CoreEvent,
  newVehicle,
  type VehicleCore,
} from "./core/vehicle-core.ts";
import { factsheetOf } from "./core/vehicle-state.ts";
import { ANNOUNCEMENTS, interfacesOf, type ServiceName, type VehicleInterfaces } from "./interfaces.ts";
import type { CallOutcome, OpenRos, RosTransport } from "./transport.ts";
import {
  checkBatteryState,
  checkDiagnosticArray,
  checkGetStatusResponse,
  checkOdometry,
  checkTfMessage,
  checkVehicleAnnouncement,
  checkVehicleStatus,
  checkVerdict,
} from "./wire/check.ts";
import type { VehicleAnnouncement } from "./wire/vehicle-status.ts";

export type Ros2AdapterOptions = {
  /** To this side's graph. */
  readonly openRos: OpenRos;
  /** The side whose orchestrator this is: orders go only to vehicles whose control register names it. */
  readonly side: Side;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Pick<Logger, "debug" | "info" | "warn" | "error">;
  /** Vehicles known at most; announcements of further ones are refused. */
  readonly maxVehicles?: number;
  /** How often what has to be repeated is looked at, milliseconds. */
  readonly tickMs?: number;
} & ({ readonly site: Site } | { readonly chart: Chart });

/** A fleet adapter, with the figures that a metrics page wants. */
export interface Ros2Adapter extends FleetAdapter {
  /** Messages refused since the start. */
  invalidMessages(): number;
}

const TICK_MS = 250;
const INVALID_REPORT_PERIOD_MS = 10_000;
/** An answer that takes longer than this counts as lost. */
const ANSWER_WITHIN_MS = 3_000;
/** A vehicle that is announced and says nothing else for so long is listened to afresh, and a person is told. */
const DEAF_AFTER_MS = 12_000;

interface Vehicle {
  readonly vehicleId: VehicleId;
  readonly interfaces: VehicleInterfaces;
  announced: VehicleAnnouncement;
  core: VehicleCore;
  /** When the topics that have not been heard were subscribed to. */
  listensSinceMs: number;
  readonly unheard: Set<string>;
  /** A person was told that it is there and says nothing. */
  isDoubted: boolean;
  readonly ends: Map<string, () => void>;
}

type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/**
 * Talks to the ROS 2 vehicles of one side's graph (`docs/ros2.md`). Everything that has to be decided is in `core/`; here are the
 * graph, the checks of what comes from it, and the queue that keeps events in order. Nothing is stored: after a restart the
 * adapter takes over from what the vehicles report.
 */
export function createRos2Adapter(options: Ros2AdapterOptions): Ros2Adapter {
  const { clock, log, side } = options;
  const chart = "chart" in options ? options.chart : chartOf(options.site, side);
  const maxVehicles = options.maxVehicles ?? 1_000;

  const vehicles = new Map<VehicleId, Vehicle>();
  const records = new Map<VehicleId, VehicleRecord>();
  const listeners = new Set<(event: FleetEvent) => void>();
  const limiter = troubleLimiter(INVALID_REPORT_PERIOD_MS);
  const inTurn = turns((error) => log.error({ err: error }, "an event could not be handled"));
  let linkUp = false;
  let invalidMessages = 0;
  let stopTicking: (() => void) | undefined;
  let ros: RosTransport | undefined;

  const tell = (event: FleetEvent): void => {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        log.error({ err: error, event: event.kind }, "a listener failed");
      }
    }
  };

  const trouble = (
    vehicleId: VehicleId | undefined,
    code: "invalid-message" | "not-reflected" | "too-many-vehicles",
    subject: string,
    words: string,
  ): void => {
    const nowMs = clock.nowMs();
    const count = limiter.report(`${vehicleId ?? "unknown"} ${subject}`, nowMs);
    if (count === undefined) return;
    const detail = `${words}${count > 1 ? ` (${count} times)` : ""}`;
    log.warn({ vehicleId, code, detail }, "trouble with a vehicle's messages");
    tell({ kind: "trouble", vehicleId, code, detail, atMs: nowMs });
  };

  const refuse = (
    vehicleId: VehicleId | undefined,
    name: string,
    reason: string,
    code: "invalid-message" | "too-many-vehicles" = "invalid-message",
  ): void => {
    invalidMessages += 1;
    trouble(vehicleId, code, `${name} ${reason}`, `${name} ${reason}`);
  };

  const open = (): RosTransport => {
    const said = (up: boolean): void => {
      linkUp = up;
      log.info({ up }, "session with the ROS graph");
      const nowMs = clock.nowMs();
      for (const vehicle of vehicles.values()) {
        vehicle.listensSinceMs = nowMs;
        inTurn(() => run(vehicle, { kind: "link", up, nowMs }));
      }
    };
    const opened = options.openRos({
      onOpen: () => said(true),
      onClose: () => said(false),
      onTrouble: (detail) => log.warn({ detail }, "trouble with the ROS graph"),
    });
    opened.subscribe(ANNOUNCEMENTS, (message) => inTurn(() => meet(message)));
    return opened;
  };

  /** A vehicle says who it is; from then on it is listened to. */
  const meet = (message: unknown): void => {
    const checked = checkVehicleAnnouncement(message);
    if (!checked.ok) {
      refuse(undefined, ANNOUNCEMENTS.name, checked.reason);
      return;
    }
    const announced = checked.value;
    const vehicleId = vehicleIdOf({
      manufacturer: announced.manufacturer,
      serialNumber: announced.serial_number,
    });
    const known = vehicles.get(vehicleId);
    if (known !== undefined && known.announced.vehicle_namespace === announced.vehicle_namespace) {
      known.announced = announced;
      hearAgain(known);
      return;
    }
    if (known !== undefined) {
      const words = `is announced under ${announced.vehicle_namespace}, but is ${known.announced.vehicle_namespace}`;
      refuse(vehicleId, ANNOUNCEMENTS.name, words);
      return;
    }
    if (vehicles.size >= maxVehicles) {
      const reason = `names one vehicle too many: ${maxVehicles} are known, and as many are taken notice of`;
      refuse(undefined, ANNOUNCEMENTS.name, reason, "too-many-vehicles");
      return;
    }
    const vehicle: Vehicle = {
      vehicleId,
      interfaces: interfacesOf(announced.vehicle_namespace),
      announced,
      core: newVehicle(linkUp),
      listensSinceMs: clock.nowMs(),
      unheard: new Set(),
      isDoubted: false,
      ends: new Map(),
    };
    vehicles.set(vehicleId, vehicle);
    const factsheet = factsheetOf(announced, { chart, vehicleId, side });
    records.set(vehicleId, { vehicleId, connection: "offline", factsheet, state: undefined });
    listen(vehicle);
    tell({ kind: "factsheet", vehicleId, factsheet });
    // Until it is known where it stands, the ground there may be given to another: it is asked at once.
    const actionId = actionIdOf(`hello ${vehicleId} ${clock.nowMs()}`);
    run(vehicle, { kind: "instruct", instruction: { kind: "stateRequest", actionId }, nowMs: clock.nowMs() });
  };

  const listen = (vehicle: Vehicle): void => {
    const { status, odometry, tf, battery, diagnostics } = vehicle.interfaces;
    hear(vehicle, status, checkVehicleStatus, (value, nowMs) => ({ kind: "status", status: value, nowMs }));
    hear(vehicle, odometry, checkOdometry, (value, nowMs) => ({ kind: "odometry", odometry: value, nowMs }));
    hear(vehicle, tf, checkTfMessage, (value, nowMs) => ({
      kind: "transforms",
      transforms: value.transforms,
      nowMs,
    }));
    hear(vehicle, battery, checkBatteryState, (value, nowMs) => ({ kind: "battery", battery: value, nowMs }));
    hear(vehicle, diagnostics, checkDiagnosticArray, (value, nowMs) => ({
      kind: "diagnostics",
      diagnostics: value,
      nowMs,
    }));
    // All is well with a vehicle that says nothing of its parts.
    vehicle.unheard.delete(diagnostics.name);
    // One whose odometry is in the map frame has no need of it.
    vehicle.unheard.delete(tf.name);
  };

  const hear = <T>(
    vehicle: Vehicle,
    topic: VehicleInterfaces["status"],
    check: (message: unknown) => Checked<T>,
    eventOf: (value: T, nowMs: number) => CoreEvent,
  ): void => {
    vehicle.unheard.add(topic.name);
    vehicle.ends.get(topic.name)?.();
    const end = ros?.subscribe(topic, (message) =>
      inTurn(() => {
        const checked = check(message);
        if (!checked.ok) {
          refuse(vehicle.vehicleId, topic.name, checked.reason);
          return;
        }
        vehicle.unheard.delete(topic.name);
        const nowMs = clock.nowMs();
        const record = records.get(vehicle.vehicleId);
        if (record !== undefined) records.set(vehicle.vehicleId, { ...record, heardAtMs: nowMs });
        run(vehicle, eventOf(checked.value, nowMs));
      }),
    );
    if (end !== undefined) vehicle.ends.set(topic.name, end);
  };

  /**
   * A topic that stays silent although its vehicle is there: rosbridge chooses the quality of service of a subscription from the
   * publishers that it knows at that moment, and one that does not fit hears nothing for ever.
   */
  const hearAgain = (vehicle: Vehicle): void => {
    const nowMs = clock.nowMs();
    if (vehicle.isDoubted && vehicle.unheard.size === 0) {
      vehicle.isDoubted = false;
      tell({ kind: "confirmed", vehicleId: vehicle.vehicleId, atMs: nowMs });
    }
    if (vehicle.unheard.size === 0 || nowMs - vehicle.listensSinceMs < DEAF_AFTER_MS) return;
    vehicle.listensSinceMs = nowMs;
    const silent = [...vehicle.unheard].join(", ");
    vehicle.isDoubted = true;
    trouble(vehicle.vehicleId, "not-reflected", silent, `announced, but nothing is heard on ${silent}`);
    listen(vehicle);
  };

  const run = (vehicle: Vehicle, event: CoreEvent): void => {
    const plansOwnWay = vehicle.announced.plans_own_way;
    const context = { vehicleId: vehicle.vehicleId, side, chart, plansOwnWay };
    const [core, effects] = step(context, vehicle.core, event);
    vehicle.core = core;
    for (const effect of effects) perform(vehicle, effect);
  };

  const perform = (vehicle: Vehicle, effect: CoreEffect): void => {
    switch (effect.kind) {
      case "call": {
        const { service, request, to } = effect;
        ros?.call(vehicle.interfaces[service], request, ANSWER_WITHIN_MS, (outcome) =>
          inTurn(() => {
            const answer = answerOf(vehicle, service, outcome);
            run(vehicle, { kind: "answer", to, answer, nowMs: clock.nowMs() });
          }),
        );
        break;
      }
      case "sendGoal": {
        const { action, goal, orderId, updateId } = effect;
        ros?.sendGoal(vehicle.interfaces[action], goal, (outcome) =>
          inTurn(() => run(vehicle, { kind: "goalOver", orderId, updateId, outcome, nowMs: clock.nowMs() })),
        );
        break;
      }
      case "tell":
        remember(records, effect.event);
        tell(effect.event);
        break;
    }
  };

  const answerOf = (vehicle: Vehicle, service: ServiceName, outcome: CallOutcome): Answer => {
    if (outcome.kind !== "answered") {
      log.debug({ vehicleId: vehicle.vehicleId, service, outcome }, "a call came to nothing");
      return outcome;
    }
    const { name } = vehicle.interfaces[service];
    if (service === "getStatus") {
      const checked = checkGetStatusResponse(outcome.response);
      if (checked.ok) return { kind: "status", ...checked.value };
      refuse(vehicle.vehicleId, name, checked.reason);
      return { kind: "failed", detail: checked.reason };
    }
    const checked = checkVerdict(outcome.response);
    if (checked.ok) return { kind: "verdict", ...checked.value };
    refuse(vehicle.vehicleId, name, checked.reason);
    return { kind: "failed", detail: checked.reason };
  };

  const tick = (): void => {
    const event = { kind: "tick", nowMs: clock.nowMs() } as const;
    for (const vehicle of vehicles.values()) inTurn(() => run(vehicle, event));
  };

  /** A vehicle that was never announced cannot be told anything: there is no name to call it by. */
  const command = (vehicleId: VehicleId, make: (nowMs: number) => CoreEvent): void => {
    inTurn(() => {
      const vehicle = vehicles.get(vehicleId);
      if (vehicle !== undefined) return run(vehicle, make(clock.nowMs()));
      trouble(
        vehicleId,
        "not-reflected",
        "unknown",
        `${vehicleId} was not announced on ${ANNOUNCEMENTS.name}`,
      );
    });
  };

  const stop = async (): Promise<void> => {
    stopTicking?.();
    stopTicking = undefined;
    const ending = ros;
    ros = undefined;
    await ending?.end();
  };

  return {
    start: async () => {
      stopTicking ??= options.timers.every(options.tickMs ?? TICK_MS, tick);
      ros ??= open();
      try {
        await ros.whenOpen();
      } catch (error) {
        await stop();
        throw error;
      }
    },
    stop,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    drive: (vehicleId, order) => command(vehicleId, (nowMs) => ({ kind: "drive", order, nowMs })),
    cancel: (vehicleId) => command(vehicleId, (nowMs) => ({ kind: "cancel", nowMs })),
    instruct: (vehicleId, instruction) =>
      command(vehicleId, (nowMs) => ({ kind: "instruct", instruction, nowMs })),
    vehicles: () => records,
    invalidMessages: () => invalidMessages,
  };
}

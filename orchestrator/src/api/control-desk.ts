import type { ActionId, FleetAdapter, VehicleId, VehicleState } from "@baton/fleet-adapter";
import type { EdgeId, Side, StationId } from "@baton/maps";
import type { AlarmBook } from "../alarms/alarm-book.ts";
import type { AlarmStore } from "../alarms/alarm-store.ts";
import type { CustodyRecordView, LineCraneView, SiteView, VehicleView } from "../contract/index.ts";
import type { DispatchReason } from "../dispatch/decision.ts";
import { recordHash, recordOf } from "../handoff/custody.ts";
import type { HandoffSummary } from "../handoff/port.ts";
import type { HandoffService } from "../handoff/service-port.ts";
import type { MissionControl } from "../mission/control-port.ts";
import type { OrderWriter } from "../reservation/orders.ts";
import type { ClosureId } from "../reservation/port.ts";
import type { SideReservation } from "../reservation/service-port.ts";
import type { Desk } from "./desk.ts";
import { createGroundDesk } from "./ground-desk.ts";
import { ProblemError } from "./problems.ts";

export interface DeskRooms {
  readonly side: Side;
  readonly siteView: SiteView;
  readonly missions: MissionControl;
  readonly alarms: AlarmBook;
  readonly alarmStore: Pick<AlarmStore, "journal">;
  readonly nowMs: () => number;
  readonly handoffs: HandoffService;
  /** The cranes at the line, with what they have below them of these hand-offs. */
  readonly lineCranes: (open: readonly HandoffSummary[]) => readonly LineCraneView[];
  readonly reservation: SideReservation;
  readonly fleet: FleetAdapter;
  readonly vehicles: () => readonly VehicleView[];
  readonly edgeIdOf: (text: string) => EdgeId | undefined;
  readonly isKeptGround: (closureId: ClosureId) => boolean;
  readonly nextId: () => string;
  /** What a vehicle says now that it is asked; `undefined` when it does not answer in time. */
  readonly askState: (vehicleId: VehicleId) => Promise<VehicleState | undefined>;
  /** Gives up the order of a vehicle; resolves when it has none any more, or would not in time. */
  readonly cancelOrder: (vehicleId: VehicleId) => Promise<void>;
  /** Whether a vehicle in this state has all that it was told: nothing of an order is on its way to it. */
  readonly hasAllTold: OrderWriter["hasAllTold"];
  /** Whether the connection for missions, hand-offs and audit is up (the ledger has one of its own). */
  readonly isStoreReachable: () => boolean;
}

/** The desk of a side, over its rooms. Acts are refused with `ledger.unreachable` until the side is at work. */
export function createDesk(rooms: DeskRooms): Desk & { begun(): void } {
  const { side, missions, alarms, handoffs, reservation, fleet } = rooms;
  let isAtWork = false;

  const ready = (): ReturnType<Desk["ready"]> => {
    const { leading, ledgerReachable } = reservation.metrics();
    if (!ledgerReachable || !rooms.isStoreReachable()) return { ready: false, detail: "ledger.unreachable" };
    if (!leading)
      return { ready: false, detail: isAtWork ? "reservation.not-leading" : "ledger.unreachable" };
    return isAtWork ? { ready: true, detail: "at work" } : { ready: false, detail: "starting" };
  };
  const mustBeReady = (): void => {
    const state = ready();
    if (!state.ready) throw new ProblemError("ledger.unreachable", state.detail);
  };

  const instruct = (vehicleId: string, kind: "pause" | "resume"): "sent" | "unknown" => {
    const known = [...fleet.vehicles().keys()].find((each): each is VehicleId => each === vehicleId);
    if (known === undefined) return "unknown";
    fleet.instruct(known, { actionId: rooms.nextId() as ActionId, kind });
    return "sent";
  };

  const ground = createGroundDesk({
    side,
    reservation,
    vehicles: () => fleet.vehicles(),
    edgeIdOf: rooms.edgeIdOf,
    isKeptGround: rooms.isKeptGround,
    nextId: rooms.nextId,
    askState: rooms.askState,
    cancelOrder: rooms.cancelOrder,
    hasAllTold: rooms.hasAllTold,
  });

  return {
    begun() {
      isAtWork = true;
    },
    explain: (vehicleId) => ground.explain(vehicleId),
    closures: () => ground.closures(),
    newClosureId: () => ground.newClosureId(),
    close(closure) {
      mustBeReady();
      return ground.close(closure);
    },
    open(closureId) {
      mustBeReady();
      return ground.open(closureId);
    },
    failVehicle(vehicleId, reason) {
      mustBeReady();
      return ground.failVehicle(vehicleId, reason);
    },
    recoverVehicle(vehicleId) {
      mustBeReady();
      return ground.recoverVehicle(vehicleId);
    },
    async vouch(vehicleId, found) {
      mustBeReady();
      return ground.vouch(vehicleId, found);
    },
    async prioritise(missionId, priority) {
      mustBeReady();
      return missions.prioritise(missionId, priority);
    },
    async reslot(missionId, notBeforeMs) {
      mustBeReady();
      return missions.reslot(missionId, notBeforeMs);
    },
    async recall(missionId, account) {
      mustBeReady();
      return missions.recall(missionId, account);
    },
    async byPerson(missionId, act, word) {
      mustBeReady();
      return missions.byPerson(missionId, act, word);
    },
    async assign(missionId, vehicleId) {
      mustBeReady();
      return missions.assign(missionId, vehicleId);
    },
    async park(vehicleId, to) {
      mustBeReady();
      return missions.park(vehicleId, to);
    },
    closedStations: () => missions.closedStations(),
    async closeStation(stationId, by, reason) {
      mustBeReady();
      return missions.closeStation({ stationId: stationId as StationId, by, reason });
    },
    async openStation(stationId) {
      mustBeReady();
      return missions.openStation(stationId as StationId);
    },
    ready,
    site: () => rooms.siteView,
    missions: () => missions.views(),
    mission: (missionId) => missions.view(missionId),
    vehicles: rooms.vehicles,
    whyNotDispatched() {
      const { missions: ofMissions, vehicles: ofVehicles } = missions.reasons();
      const said = ({ code, facts }: DispatchReason) => ({
        code,
        ...(facts === undefined ? {} : { facts: { ...facts } }),
      });
      return {
        missions: [...ofMissions].map(([missionId, reason]) => ({ missionId, ...said(reason) })),
        vehicles: [...ofVehicles].map(([vehicleId, reason]) => ({ vehicleId, ...said(reason) })),
      };
    },
    alarms: () => alarms.list(),
    borderline() {
      const lastPartnerMessageAtMs = handoffs.lastPartnerMessageAtMs();
      const open = handoffs.open();
      const lineCranes = rooms.lineCranes(open);
      return {
        side,
        partner: handoffs.partner(),
        ...(lastPartnerMessageAtMs === undefined ? {} : { lastPartnerMessageAtMs }),
        handoffs: open.map(({ containerNo, resolution, ...rest }) => ({
          ...rest,
          ...(containerNo === undefined ? {} : { containerNo }),
          ...(resolution === undefined
            ? {}
            : { resolution: { ...resolution, maySay: [...resolution.maySay] } }),
        })),
        ...(lineCranes.length === 0 ? {} : { lineCranes: [...lineCranes] }),
      };
    },
    async resolveHandoff(handoffId, saying) {
      mustBeReady();
      return handoffs.resolve(handoffId, saying);
    },
    async custody() {
      mustBeReady();
      const records = await handoffs.custody();
      return records.flatMap((signed): CustodyRecordView[] => {
        const record = recordOf(signed);
        if (record === undefined) return [];
        return [
          {
            handoffId: record.handoffId,
            hash: recordHash(signed),
            signatures: signed.signatures.length,
            jws: signed,
          },
        ];
      });
    },
    async placeOrder(order) {
      mustBeReady();
      return missions.place(order);
    },
    async adopt(request, account) {
      mustBeReady();
      return missions.adopt({ ...request, account: account.name });
    },
    async resume(missionId, how, account) {
      mustBeReady();
      return missions.resume(missionId, account.name, how);
    },
    alarmKpi: () => alarms.kpi(),
    alarmJournal: (fromMs, toMs) => rooms.alarmStore.journal(fromMs, toMs),
    acknowledge: (alarmId, by) => alarms.acknowledge(alarmId, by),
    shelve: (alarmId, by, forMs, reason) => alarms.shelve(alarmId, by, rooms.nowMs() + forMs, reason),
    suppressAlarm: (alarmId, by, reason) => alarms.suppress(alarmId, by, reason),
    alarmBack(alarmId) {
      const outcomes: readonly string[] = [alarms.unshelve(alarmId), alarms.restore(alarmId)];
      if (outcomes.includes("unknown")) return "unknown";
      return outcomes.some((outcome) => outcome === "unshelved" || outcome === "restored")
        ? "back"
        : "as-it-was";
    },
    stopRequest: (vehicleId) => instruct(vehicleId, "pause"),
    resumeVehicle: (vehicleId) => instruct(vehicleId, "resume"),
    sleep(vehicleId, how) {
      const record = [...fleet.vehicles().values()].find((each) => each.vehicleId === vehicleId);
      if (record === undefined) return "unknown";
      if (how === "hibernate") {
        if (record.factsheet?.actionTypes.includes("startHibernation") !== true) return "cannot-sleep";
        const mission = rooms.vehicles().find((each) => each.vehicleId === vehicleId)?.missionId;
        const { state } = record;
        const isIdle = state !== undefined && !state.driving && state.nodesAhead + state.plannedAhead === 0;
        if (mission !== undefined || !isIdle) return "busy";
      }
      fleet.instruct(record.vehicleId, { actionId: rooms.nextId() as ActionId, kind: how });
      return "sent";
    },
    answerActions(vehicleId, answer) {
      const record = [...fleet.vehicles().values()].find((each) => each.vehicleId === vehicleId);
      if (record === undefined) return "unknown";
      const waiting = record.state?.retriable ?? [];
      const kind = answer === "retry" ? "retry" : "skipRetry";
      for (const { actionId: failedActionId } of waiting)
        fleet.instruct(record.vehicleId, { actionId: rooms.nextId() as ActionId, kind, failedActionId });
      return waiting.length === 0 ? "nothing-waits" : "sent";
    },
  };
}

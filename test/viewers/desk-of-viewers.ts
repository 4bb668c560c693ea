import type { AlarmBook } from "../../orchestrator/src/alarms/alarm-book.ts";
import type { Desk } from "../../orchestrator/src/api/desk.ts";
import type {
  BorderlineView,
  MissionView,
  SiteView,
  StationClosureView,
  VehicleView,
} from "../../orchestrator/src/contract/index.ts";

/** An act by the desk's own word for it, and what it was asked with. */
export type AskedFor = readonly [act: string, ...withWhat: unknown[]];

/**
 * A desk at which one can look, answer alarms, and ask for acts: what was asked for is told, and answered as done; behind it are no
 * rooms that could act.
 */
export function deskOfViewers(shown: {
  readonly site: SiteView;
  readonly alarms: AlarmBook;
  readonly missions: () => readonly MissionView[];
  readonly vehicles: () => readonly VehicleView[];
  readonly borderline: () => BorderlineView;
  readonly closedStations: () => readonly StationClosureView[];
  readonly did: (...act: AskedFor) => void;
}): Desk {
  const { alarms, did } = shown;
  const noCustomersHere = (): never => {
    throw new Error("nobody orders anything at this desk");
  };
  return {
    site: () => shown.site,
    missions: shown.missions,
    mission: (missionId) => shown.missions().find((each) => each.missionId === missionId),
    vehicles: shown.vehicles,
    whyNotDispatched: () => ({ missions: [], vehicles: [] }),
    alarms: () => alarms.list(),
    alarmKpi: () => alarms.kpi(),
    alarmJournal: async () => [],
    borderline: shown.borderline,
    custody: async () => [],
    explain: () => undefined,
    closures: () => [],
    closedStations: shown.closedStations,
    placeOrder: noCustomersHere,
    adopt: noCustomersHere,
    acknowledge: (alarmId, by) => alarms.acknowledge(alarmId, by),
    shelve(alarmId, by, forMs, reason) {
      did("shelve", alarmId, by, forMs, reason);
      return "shelved";
    },
    suppressAlarm(alarmId, by, reason) {
      did("suppress", alarmId, by, reason);
      return "suppressed";
    },
    alarmBack(alarmId) {
      did("alarm-back", alarmId);
      return "back";
    },
    async resume(missionId, how, account) {
      did(how, missionId, account.name);
      return "resumed";
    },
    stopRequest(vehicleId) {
      did("stop-request", vehicleId);
      return "sent";
    },
    resumeVehicle(vehicleId) {
      did("resume", vehicleId);
      return "sent";
    },
    answerActions(vehicleId, answer) {
      did(`${answer}-actions`, vehicleId);
      return "sent";
    },
    sleep(vehicleId, how) {
      did(how, vehicleId);
      return "sent";
    },
    newClosureId: () => "closure-1",
    close({ closureId, edgeIds }) {
      did("close", edgeIds);
      return { kind: "asked", closureId };
    },
    open(closureId) {
      did("open", closureId);
      return "asked";
    },
    failVehicle(vehicleId, reason) {
      did("fail", vehicleId, reason);
      return "asked";
    },
    recoverVehicle(vehicleId) {
      did("recover", vehicleId);
      return "asked";
    },
    async vouch(vehicleId, found) {
      did("vouch", vehicleId, found);
      return { kind: "vouched" };
    },
    async prioritise(missionId, priority) {
      did("prioritise", missionId, priority);
      return "prioritised";
    },
    async reslot(missionId, notBeforeMs) {
      did("reslot", missionId, notBeforeMs);
      return { kind: "given", fromMs: notBeforeMs };
    },
    async recall(missionId, account) {
      did("recall", missionId, account);
      return { kind: "done" };
    },
    async byPerson(missionId, act, word) {
      did(act, missionId, word);
      return { kind: "done" };
    },
    async assign(missionId, vehicleId) {
      did("assign", missionId, vehicleId);
      return { kind: "done" };
    },
    async park(vehicleId, to) {
      did("park", vehicleId, to);
      return { kind: "done" };
    },
    async closeStation(stationId, by, reason) {
      did("close-station", stationId, by, reason);
      return "done";
    },
    async openStation(stationId) {
      did("open-station", stationId);
      return "done";
    },
    async resolveHandoff(handoffId, saying) {
      did("resolve", handoffId, saying);
      return { kind: "said", agreed: false };
    },
    ready: () => ({ ready: true, detail: "at work" }),
  };
}

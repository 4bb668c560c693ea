import type { AlarmBook } from "../../orchestrator/src/alarms/alarm-book.ts";
import type { Desk } from "../../orchestrator/src/api/desk.ts";
import type {
  BorderlineView,
  MissionView,
  SiteView,
  VehicleView,
} from "../../orchestrator/src/contract/index.ts";
import type { Saying } from "../../orchestrator/src/handoff/core/word.ts";

/** A desk at which one can look, answer alarms, and say who holds a lost vehicle; behind it are no rooms that could act. */
export function deskOfViewers(shown: {
  readonly site: SiteView;
  readonly alarms: AlarmBook;
  readonly missions: () => readonly MissionView[];
  readonly vehicles: () => readonly VehicleView[];
  readonly borderline: () => BorderlineView;
  readonly resolve: (handoffId: string, saying: Saying) => void;
}): Desk {
  const { alarms } = shown;
  const nothingActs = (): never => {
    throw new Error("there is nobody behind this desk who acts");
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
    acknowledge: (alarmId, by) => alarms.acknowledge(alarmId, by),
    shelve: nothingActs,
    suppressAlarm: nothingActs,
    alarmBack: nothingActs,
    placeOrder: nothingActs,
    adopt: nothingActs,
    resume: nothingActs,
    stopRequest: nothingActs,
    resumeVehicle: nothingActs,
    answerActions: nothingActs,
    sleep: nothingActs,
    newClosureId: nothingActs,
    close: nothingActs,
    open: nothingActs,
    failVehicle: nothingActs,
    recoverVehicle: nothingActs,
    vouch: nothingActs,
    prioritise: nothingActs,
    reslot: nothingActs,
    recall: nothingActs,
    async resolveHandoff(handoffId, saying) {
      shown.resolve(handoffId, saying);
      return { kind: "said", agreed: false };
    },
    assign: nothingActs,
    park: nothingActs,
    ready: () => ({ ready: true, detail: "at work" }),
  };
}

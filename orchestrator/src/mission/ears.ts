import type { ActionId, FleetAdapter, FleetEvent, Ids, VehicleId } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import type { DeviceEvent } from "../gate/port.ts";
import type { HandoffEvent, Offer } from "../handoff/port.ts";
import type { TransferReport } from "../handoff/transfer-port.ts";
import type { ReservationEvent } from "../reservation/port.ts";
import { sameNames } from "./absorb.ts";
import type { AdmissionDesk } from "./admission-desk.ts";
import type { MissionContext } from "./context.ts";
import type { DeviceWatch } from "./device-watch.ts";
import type { Happening } from "./events.ts";
import type { IdleFleet } from "./idle-fleet.ts";
import { missionIdIn } from "./ids.ts";
import type { MissionIndex } from "./mission-index.ts";
import { vehicleNews } from "./vehicle-news.ts";
import type { WorkQueue } from "./work-queue.ts";

export interface EarsPorts {
  readonly side: Side;
  readonly missions: Pick<MissionIndex, "open" | "ofVehicle" | "ofHandoff" | "yieldingTo">;
  readonly queue: Pick<WorkQueue, "add">;
  readonly fleet: Pick<FleetAdapter, "vehicles" | "instruct">;
  readonly ids: Ids;
  readonly nowMs: () => number;
  readonly admission: AdmissionDesk;
  readonly idle: IdleFleet;
  readonly devices: DeviceWatch;
  /** Whether vehicles cross by their host's grants here, and come home without a mission. */
  readonly hasVisits: boolean;
  readonly post: (missionId: string | undefined, happening: Happening) => void;
  /** The partner offers something. */
  readonly onOffer: (offer: Offer) => void;
}

/** What the other rooms tell, taken to whom it concerns: a mission, an idle vehicle's move, the desk that admits vehicles. */
export class Ears {
  readonly #ports: EarsPorts;

  constructor(ports: EarsPorts) {
    this.#ports = ports;
  }

  hearDevice(event: DeviceEvent): void {
    if (event.kind === "invalidMessage") return;
    const { devices, missions, post } = this.#ports;
    devices.hear(event);
    if (event.kind === "availability") {
      for (const context of missions.open()) this.tellDevices(context);
    }
    if (event.kind === "reported")
      post(missionIdIn(event.report.jobId), { type: "report", report: event.report });
  }

  /** Which devices are away, unless the mission knows. */
  tellDevices({ missionId, downDevices = [] }: MissionContext): void {
    const { devices, post } = this.#ports;
    const down = devices.away();
    if (!sameNames(downDevices, down)) post(missionId, { type: "devices", down });
  }

  hearRoad(event: ReservationEvent): void {
    if (event.kind === "trouble") return;
    const { admission, idle, missions, nowMs, post, queue } = this.#ports;
    if (event.kind === "admitted" || event.kind === "admissionRefused") admission.hear(event);
    if (event.kind === "admitted") this.#askWhereItIs(event.vehicleId);
    if ("legId" in event) {
      // Who yields its vehicle to this leg knows first: no restart finds the leg over, and that not said.
      post(missions.yieldingTo(event.legId)?.missionId, { type: "road", event });
      if (idle.knows(event.legId)) queue.add(() => idle.hear(event, nowMs()));
      else post(missionIdIn(event.legId), { type: "road", event });
      return;
    }
    for (const context of missions.open()) {
      if (context.vehicle?.vehicleId === event.vehicleId) post(context.missionId, { type: "road", event });
    }
  }

  hearPartner(event: HandoffEvent): void {
    if (event.kind === "trouble") return;
    const { hasVisits, missions, onOffer, post, side } = this.#ports;
    if (event.kind !== "offered") {
      post(missions.ofHandoff(event.handoffId)?.missionId, { type: "handoff", event });
      return;
    }
    const { offer } = event;
    // One of ours that comes home from a visit is no mission.
    if (hasVisits && offer.mode === "host-grants" && offer.vehicleHome === side) return;
    onOffer(offer);
  }

  hearCrane({ phase, register }: TransferReport): void {
    const { handoffId } = register;
    if (handoffId === undefined) return;
    const context = this.#ports.missions.ofHandoff(handoffId);
    if (context?.handoff?.crane !== phase)
      this.#ports.post(context?.missionId, { type: "crane", handoffId, phase });
  }

  hearFleet(event: FleetEvent): void {
    if (event.kind !== "state") return;
    const { state } = event;
    const { admission, fleet } = this.#ports;
    admission.look(state, fleet.vehicles().get(state.vehicleId)?.factsheet);
    this.tellMissionOf(state.vehicleId);
  }

  /** What a vehicle says of itself, if that is news to the mission that has it. */
  tellMissionOf(vehicleId: VehicleId): void {
    const { fleet, missions, post } = this.#ports;
    const context = missions.ofVehicle(vehicleId);
    const record = fleet.vehicles().get(vehicleId);
    if (context === undefined || record?.state === undefined) return;
    const news = vehicleNews(context, record.state, record.factsheet);
    if (news !== undefined) post(context.missionId, news);
  }

  /**
   * Nothing is granted to a vehicle before it was seen, and one that stands tells of itself seldom: every 30 s is all that VDA
   * 5050 asks for (section 6.10), which at the hold line everybody behind it would wait for.
   */
  #askWhereItIs(vehicleId: VehicleId): void {
    const { fleet, ids } = this.#ports;
    fleet.instruct(vehicleId, {
      kind: "stateRequest",
      actionId: `${vehicleId}.admitted.${ids.next()}` as ActionId,
    });
  }
}

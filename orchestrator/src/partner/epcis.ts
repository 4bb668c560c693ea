import { createHash } from "node:crypto";
import type { Side } from "@baton/maps";
import { otherSide } from "@baton/maps";
import Type from "typebox";
import { Compile } from "typebox/compile";
import { STEPS } from "../contract/index.ts";
import type { CloudEvent } from "./event.ts";
import { MILESTONES, type Milestone } from "./milestone.ts";

/**
 * What a container went through, as EPCIS 2.0 events in JSON-LD (GS1, ISO/IEC 19987), made from this side's event log. A
 * container is named by its ISO 6346 number as a BIC container code (the EPC scheme `bic` of the GS1 Tag Data Standard); vehicles,
 * places and custody records by URIs of our own.
 */
export interface EpcisEvent {
  readonly type: "ObjectEvent" | "AssociationEvent" | "TransactionEvent";
  readonly eventID: string;
  readonly [member: string]: unknown;
}

export const EpcisDocument = Type.Object({
  "@context": Type.Array(Type.String()),
  type: Type.Literal("EPCISDocument"),
  schemaVersion: Type.Literal("2.0"),
  creationDate: Type.String(),
  epcisBody: Type.Object({ eventList: Type.Array(Type.Record(Type.String(), Type.Unknown())) }),
});

const stepData = Compile(
  Type.Object({
    containerNo: Type.String(),
    vehicleId: Type.Optional(Type.String()),
    missionId: Type.String(),
    step: Type.Enum([...STEPS]),
    direction: Type.String(),
  }),
);
const concludedData = Compile(
  Type.Object({
    handoffId: Type.String(),
    containerNo: Type.String(),
    recordHash: Type.String(),
    role: Type.Union([Type.Literal("giver"), Type.Literal("taker")]),
  }),
);

export interface EpcisPlace {
  readonly side: Side;
  readonly siteId: string;
  /** Minutes by which the side's clock on the wall is ahead of UTC. */
  readonly utcOffsetMinutes: number;
}

/** The EPCIS event that an event of the log is; undefined for one that is none. */
export function epcisEventOf(event: CloudEvent, place: EpcisPlace): EpcisEvent | undefined {
  if (event.type === "baton.mission.step.v1") return stepEvent(event, place);
  if (event.type === "baton.handoff.concluded.v1") return handoverEvent(event, place);
  return undefined;
}

export function epcisDocument(events: readonly EpcisEvent[], nowMs: number) {
  return {
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
    type: "EPCISDocument" as const,
    schemaVersion: "2.0" as const,
    creationDate: new Date(nowMs).toISOString(),
    epcisBody: { eventList: events.map((event) => ({ ...event })) },
  };
}

function stepEvent(event: CloudEvent, place: EpcisPlace): EpcisEvent | undefined {
  if (!stepData.Check(event.data)) return undefined;
  const { containerNo, vehicleId, missionId, step } = event.data;
  const milestone: Milestone | undefined = MILESTONES[step];
  if (milestone === undefined) return undefined;
  const { bizStep, disposition, action } = milestone;
  const common = {
    ...header(event, place),
    action,
    bizStep,
    ...(disposition === undefined ? {} : { disposition }),
    readPoint: { id: `urn:baton:site:${place.siteId}:${place.side}:${step}` },
    bizLocation: { id: `urn:baton:site:${place.siteId}:${place.side}` },
    // The vocabulary has no kind of transaction that a mission would be: the type may be left out.
    bizTransactionList: [{ bizTransaction: `urn:baton:mission:${missionId}` }],
  };
  if (milestone.epcis === "ObjectEvent") {
    return { type: "ObjectEvent", ...common, epcList: [containerUri(containerNo)] };
  }
  if (vehicleId === undefined) return undefined;
  return {
    type: "AssociationEvent",
    ...common,
    parentID: vehicleUri(vehicleId),
    childEPCs: [containerUri(containerNo)],
  };
}

/** Possession passes: the custody record is the receiving advice of the transaction. */
function handoverEvent(event: CloudEvent, place: EpcisPlace): EpcisEvent | undefined {
  if (!concludedData.Check(event.data)) return undefined;
  const { containerNo, handoffId, recordHash, role } = event.data;
  const isGiver = role === "giver";
  const [from, to] = isGiver ? [place.side, otherSide(place.side)] : [otherSide(place.side), place.side];
  return {
    type: "TransactionEvent",
    ...header(event, place),
    action: "ADD",
    bizStep: "receiving",
    disposition: "in_transit",
    epcList: [containerUri(containerNo)],
    readPoint: { id: `urn:baton:site:${place.siteId}:line` },
    bizTransactionList: [
      { type: "recadv", bizTransaction: `urn:baton:custody:${recordHash}` },
      { bizTransaction: `urn:baton:handoff:${handoffId}` },
    ],
    sourceList: [{ type: "possessing_party", source: `urn:baton:side:${from}` }],
    destinationList: [{ type: "possessing_party", destination: `urn:baton:side:${to}` }],
  };
}

/** The event id is a hash of ours (RFC 6920), so that the same event has the same id in every export. */
function header(event: CloudEvent, { utcOffsetMinutes }: EpcisPlace) {
  const hash = createHash("sha256").update(`${event.source} ${event.id}`).digest("hex");
  return {
    eventID: `ni:///sha-256;${hash}?ver=CBV2.0`,
    eventTime: event.time,
    eventTimeZoneOffset: offsetText(utcOffsetMinutes),
  };
}

const containerUri = (containerNo: string): string => `urn:epc:id:bic:${containerNo}`;
const vehicleUri = (vehicleId: string): string => `urn:baton:vehicle:${vehicleId}`;

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

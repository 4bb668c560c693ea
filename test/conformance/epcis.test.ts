import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { STEPS } from "../../orchestrator/src/contract/index.ts";
import { epcisDocument, epcisEventOf } from "../../orchestrator/src/partner/epcis.ts";
import { type CloudEvent, cloudEvent } from "../../orchestrator/src/partner/event.ts";
import { MILESTONES } from "../../orchestrator/src/partner/milestone.ts";

/**
 * What the GS1 EPCIS Standard 2.0 asks of the events that Baton makes, in words of our own; the names of members and values were
 * held against GS1's own JSON schemas and ontology (github.com/gs1/EPCIS, `JSON-Schema/schemas` and `Ontology/CBV.ttl`, the working
 * repository of the standard). Of the members that the standard allows, only those are here that Baton uses: any other one is a fault.
 */
const uri = { type: "string", format: "uri" };
const some = (items: object) => ({ type: "array", items, minItems: 1 });
const id = {
  type: "object",
  properties: { id: uri },
  required: ["id"],
  additionalProperties: false,
};
/** Business steps of the Core Business Vocabulary, those that cannot be meant here left out. */
const BIZ_STEPS = [
  "accepting",
  "arriving",
  "departing",
  "entering_exiting",
  "holding",
  "inspecting",
  "installing",
  "loading",
  "receiving",
  "shipping",
  "staging_outbound",
  "storing",
  "transporting",
  "unloading",
];
/** Dispositions, those that cannot be meant here left out. */
const DISPOSITIONS = ["active", "conformant", "in_progress", "in_transit", "non_conformant"];
/** Kinds of business transactions. */
const TRANSACTIONS = [
  "bol",
  "cert",
  "desadv",
  "inv",
  "pedigree",
  "po",
  "poc",
  "prodorder",
  "recadv",
  "rma",
  "testprd",
  "testres",
];
/** Kinds of sources and destinations. */
const PARTIES = ["owning_party", "possessing_party", "location"];

const transfer = (name: "source" | "destination") =>
  some({
    type: "object",
    properties: { type: { enum: PARTIES }, [name]: uri },
    required: ["type", name],
    additionalProperties: false,
  });

const common = {
  // The header of every event: what the standard's EPCISEvent asks for.
  eventTime: { type: "string", format: "date-time" },
  eventTimeZoneOffset: { type: "string", pattern: "^[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00)$" },
  eventID: uri,
  action: { enum: ["ADD", "OBSERVE", "DELETE"] },
  bizStep: { enum: BIZ_STEPS },
  disposition: { enum: DISPOSITIONS },
  readPoint: id,
  bizLocation: id,
  bizTransactionList: some({
    type: "object",
    properties: { type: { enum: TRANSACTIONS }, bizTransaction: uri },
    required: ["bizTransaction"],
    additionalProperties: false,
  }),
  sourceList: transfer("source"),
  destinationList: transfer("destination"),
};
const event = (type: string, own: object, required: readonly string[]) => ({
  type: "object",
  properties: { type: { const: type }, ...common, ...own },
  required: ["type", "eventTime", "eventTimeZoneOffset", "action", ...required],
  additionalProperties: false,
});
const epcs = { ...some(uri), uniqueItems: true };

const DOCUMENT = {
  type: "object",
  properties: {
    "@context": some(uri),
    type: { const: "EPCISDocument" },
    schemaVersion: { const: "2.0" },
    creationDate: { type: "string", format: "date-time" },
    epcisBody: {
      type: "object",
      properties: {
        eventList: {
          type: "array",
          items: {
            oneOf: [
              event("ObjectEvent", { epcList: epcs }, ["epcList"]),
              event("AssociationEvent", { parentID: uri, childEPCs: epcs }, ["parentID", "childEPCs"]),
              // Of an event about a transaction the transactions are no option.
              event("TransactionEvent", { epcList: epcs }, ["epcList", "bizTransactionList"]),
            ],
          },
        },
      },
      required: ["eventList"],
      additionalProperties: false,
    },
  },
  required: ["@context", "type", "schemaVersion", "creationDate", "epcisBody"],
  additionalProperties: false,
};

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
const check = ajv.compile(DOCUMENT);
const faults = (document: unknown): string => (check(document) ? "" : ajv.errorsText(check.errors));

const AT_MS = Date.UTC(2026, 5, 1);
const PLACE = { side: "vn", siteId: "mini", utcOffsetMinutes: 420 } as const;
const containerNo = "CSQU3054383";
const steps = STEPS.map(
  (step, at): CloudEvent =>
    cloudEvent(
      {
        eventId: `m-1.${step}`,
        type: "baton.mission.step.v1",
        subject: containerNo,
        atMs: AT_MS + at,
        data: { containerNo, vehicleId: "sim.vn-01", missionId: "m-1", step, direction: "export" },
      },
      "vn",
      at + 1,
    ),
);
const concluded = (["giver", "taker"] as const).map(
  (role, at): CloudEvent =>
    cloudEvent(
      {
        eventId: `h-${role}.concluded`,
        type: "baton.handoff.concluded.v1",
        subject: "h-1",
        atMs: AT_MS,
        data: { handoffId: "h-1", containerNo, recordHash: "8cf1", role },
      },
      "vn",
      100 + at,
    ),
);
const told = [...steps, ...concluded].flatMap((each) => epcisEventOf(each, PLACE) ?? []);

describe("what a container went through, in the words of EPCIS 2.0", () => {
  it("is as the standard asks, in every kind of event that is told", () => {
    expect(told).toHaveLength(Object.keys(MILESTONES).length + 2);
    expect(new Set(told.map(({ type }) => type))).toEqual(
      new Set(["ObjectEvent", "AssociationEvent", "TransactionEvent"]),
    );
    expect(faults(epcisDocument(told, AT_MS))).toBe("");
    expect(faults(epcisDocument([], AT_MS))).toBe("");
  });

  it("would not be, with one needed member less", () => {
    for (const each of told) {
      const needed = ["type", "eventTime", "eventTimeZoneOffset", "action"];
      if (each.type === "TransactionEvent") needed.push("bizTransactionList");
      if (each.type === "AssociationEvent") needed.push("parentID", "childEPCs");
      for (const member of needed) {
        const { [member]: _, ...rest } = each;
        const document = { ...epcisDocument([], AT_MS), epcisBody: { eventList: [rest] } };
        expect(faults(document), `${each.type} without ${member}`).not.toBe("");
      }
      const offset = { ...each, eventTimeZoneOffset: "+7" };
      expect(faults(epcisDocument([offset], AT_MS))).not.toBe("");
    }
  });
});

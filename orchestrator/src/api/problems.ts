import Type, { type Static } from "typebox";

/** RFC 9457 problem details; `code` is stable and is what a program should look at. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.String(),
  /** What to do about it. */
  hint: Type.String(),
});
export type Problem = Static<typeof Problem>;

interface CatalogueEntry {
  readonly status: number;
  readonly title: string;
  readonly hint: string;
}

/** Every problem that the API answers with, declared once. */
export const PROBLEMS = {
  "request.malformed": {
    status: 400,
    title: "The request does not fit its schema",
    hint: "Compare the request with the schema in the API reference under /docs.",
  },
  "order.container-invalid": {
    status: 422,
    title: "Not an ISO 6346 container number",
    hint: "Check the number on the container: four letters, six digits and the check digit.",
  },
  "order.container-busy": {
    status: 409,
    title: "The container is on a mission already",
    hint: "Look at the mission named in the detail.",
  },
  "order.not-outbound": {
    status: 422,
    title: "This side does not send containers in that direction",
    hint: "Place the order with the side that the container leaves.",
  },
  "order.no-procedure": {
    status: 422,
    title: "No gate procedure is in force for such an order",
    hint: "An engineer has to load a procedure that is in force now.",
  },
  "order.no-handoff-point": {
    status: 422,
    title: "The site has no hand-off point for the direction",
    hint: "An engineer has to add one to the site file.",
  },
  "order.conflict": {
    status: 409,
    title: "An order of this number exists with other content",
    hint: "Use a new orderId, or post the same content again.",
  },
  "order.refused": {
    status: 422,
    title: "The transport order cannot be carried out",
    hint: "Read the detail.",
  },
  "adopt.station-unknown": {
    status: 422,
    title: "No such station",
    hint: "List the stations with GET /api/v1/site.",
  },
  "adopt.wrong-station": {
    status: 422,
    title: "The step does not happen at that station",
    hint: "Name the station where the vehicle stands and a step that belongs there.",
  },
  "adopt.step-not-possible": {
    status: 422,
    title: "A mission cannot be taken up at this step",
    hint: "Take it up at a step at which the vehicle stands still: load, verdict, decision, offer, unload.",
  },
  "adopt.no-bay": {
    status: 422,
    title: "There is no free bay for the mission to go on to",
    hint: "Wait until a bay is free, or park the vehicle.",
  },
  "adopt.vehicle-unknown": {
    status: 422,
    title: "No such vehicle",
    hint: "List the vehicles with GET /api/v1/vehicles.",
  },
  "adopt.vehicle-not-ours": {
    status: 422,
    title: "The vehicle answers to the other side",
    hint: "Only vehicles whose control register names this side can be taken up.",
  },
  "adopt.vehicle-busy": {
    status: 409,
    title: "The vehicle has a mission or is on its way",
    hint: "Wait until it stands and is free.",
  },
  "adopt.vehicle-elsewhere": {
    status: 422,
    title: "The vehicle does not stand at that station",
    hint: "Check where it stands.",
  },
  "adopt.not-loaded": {
    status: 422,
    title: "The vehicle does not carry that container",
    hint: "Check what it carries.",
  },
  "adopt.refused": {
    status: 422,
    title: "The mission cannot be taken up",
    hint: "Read the detail.",
  },
  "mission.unknown": {
    status: 404,
    title: "No such mission",
    hint: "List the missions with GET /api/v1/missions.",
  },
  "mission.not-held": {
    status: 409,
    title: "The mission is not held",
    hint: "Only a held mission can be resumed; look at its status.",
  },
  "mission.not-possible": {
    status: 409,
    title: "This cannot be done about what holds the mission",
    hint: "A device that said nothing cannot be overridden; retry the step, or return the container.",
  },
  "act.not-possible": {
    status: 409,
    title: "This cannot be done now",
    hint: "The detail says why; try again when that has changed.",
  },
  "handoff.unknown": {
    status: 404,
    title: "No such hand-off",
    hint: "List the hand-offs with GET /api/v1/borderline.",
  },
  "handoff.not-resolved": {
    status: 409,
    title: "This cannot be said of the hand-off",
    hint: "nothing-to-resolve: it does not wait for a lost witness. word-given: this side has spoken, and that is final. contradicts-witness: this side has read the register.",
  },
  "vehicle.unknown": {
    status: 404,
    title: "No such vehicle",
    hint: "List the vehicles with GET /api/v1/vehicles.",
  },
  "vehicle.not-admitted": {
    status: 409,
    title: "The vehicle does not stand on this side's ground",
    hint: "Ask the side whose ground it stands on.",
  },
  "vehicle.nothing-waits": {
    status: 409,
    title: "No action of the vehicle waits for an answer",
    hint: "It has gone on, or failed for good: look at its mission.",
  },
  "vehicle.cannot-sleep": {
    status: 409,
    title: "The vehicle does not say that it can hibernate",
    hint: "Vehicles of VDA 5050 3.0 list `startHibernation` in their factsheet; park another one.",
  },
  "vehicle.busy": {
    status: 409,
    title: "The vehicle has something to do",
    hint: "Let its mission and its way end; then put it to sleep.",
  },
  "vehicle.not-vouched": {
    status: 409,
    title: "The vehicle's own word does not go with it",
    hint: "Read the detail. A vehicle whose order was lost: let it stand at a node, stop it, send `stands-idle` and lift the stop; one that is not there: `removed`.",
  },
  "mission.over": {
    status: 409,
    title: "The mission is over",
    hint: "Only a mission that is under way has a priority to change.",
  },
  "closure.edge-unknown": {
    status: 422,
    title: "No such edge on this side's ground",
    hint: "List the edges with GET /api/v1/site (roads); each side closes its own.",
  },
  "closure.conflict": {
    status: 409,
    title: "A closure of this id stands on other ground",
    hint: "Use a new closureId, or open the one that stands first.",
  },
  "closure.kept": {
    status: 409,
    title: "Something is on this ground, or above it",
    hint: "A vehicle of the partner's, or a load under a crane: it opens by itself when that is gone. Use another closureId for ground of your own.",
  },
  "closure.unknown": {
    status: 404,
    title: "No such closure",
    hint: "List the closures with GET /api/v1/closures.",
  },
  "station.unknown": {
    status: 404,
    title: "No such station on this side",
    hint: "List the stations with GET /api/v1/site.",
  },
  "station.not-closable": {
    status: 409,
    title: "The station is not closed by itself",
    hint: "Cranes, bays, docks, parking places and chargers are. What a lane leads through is closed with its ground: POST /api/v1/closures.",
  },
  "station.not-closed": {
    status: 404,
    title: "The station is not closed",
    hint: "List what is closed with GET /api/v1/stations/closures.",
  },
  "partner.key-refused": {
    status: 422,
    title: "The partner's key cannot be enrolled",
    hint: "Ask the partner for a proof made with the new key, and for a key id that is not in use.",
  },
  "partner.webhook-unknown": {
    status: 404,
    title: "The partner has no such webhook",
    hint: "List them with GET /api/v1/partner/deliveries.",
  },
  "alarm.unknown": { status: 404, title: "No such alarm", hint: "List the alarms with GET /api/v1/alarms." },
  "account.unauthenticated": {
    status: 401,
    title: "No valid access token",
    hint: "Send `Authorization: Bearer <token>` of an account of this side.",
  },
  "account.forbidden": {
    status: 403,
    title: "Not allowed for this account",
    hint: "Ask someone with one of the roles named in the detail.",
  },
  "account.wrong-password": {
    status: 401,
    title: "Name and password do not go together",
    hint: "Check both. After five wrong passwords a name has to wait a minute.",
  },
  "account.locked": {
    status: 429,
    title: "Too many wrong passwords for this name",
    hint: "Wait a minute; if it was not you, tell whoever keeps the accounts.",
  },
  "alarm.shelf-too-long": {
    status: 422,
    title: "An alarm is shelved for eight hours at most",
    hint: "Shelve it for less; what is broken for longer is put out of service, with a reason.",
  },
  "alarm.over": {
    status: 409,
    title: "The alarm is over",
    hint: "Only an alarm that stands can be shelved.",
  },
  "alarm.as-it-was": {
    status: 409,
    title: "The alarm is not shelved or out of service",
    hint: "Look at it again; somebody else may have put it back.",
  },
  "proposal.unknown": {
    status: 404,
    title: "No such act waits for a second account",
    hint: "It may have been done, refused, or be older than ten minutes; ask for it again.",
  },
  "proposal.own": {
    status: 409,
    title: "An act of four eyes needs two accounts",
    hint: "Somebody else has to agree to it.",
  },
  "proposal.too-many": {
    status: 429,
    title: "Too many acts wait for a second account",
    hint: "Agree to those that wait, or refuse them, with GET /api/v1/proposals.",
  },
  "replay.nothing": {
    status: 404,
    title: "There is nothing to replay of that time",
    hint: "GET /api/v1/replay/range says from when to when there is; BATON_TAPE_DIR says where it is kept.",
  },
  "request.too-many": { status: 429, title: "Too many requests", hint: "Wait as long as Retry-After says." },
  "ledger.unreachable": {
    status: 503,
    title: "The ledger (Redis) does not answer",
    hint: "Nothing is granted meanwhile and vehicles stop inside what they hold. Bring Redis back; then send again.",
  },
  "route.unknown": { status: 404, title: "No such route", hint: "The API reference is under /docs." },
  "internal.error": {
    status: 500,
    title: "Something went wrong here",
    hint: "The log of this orchestrator has the details; the request can be sent again.",
  },
} as const satisfies Record<string, CatalogueEntry>;
export type ProblemCode = keyof typeof PROBLEMS;

export function problem(code: ProblemCode, detail: string): Problem {
  const entry = PROBLEMS[code];
  return {
    type: `/docs/problems#${code}`,
    title: entry.title,
    status: entry.status,
    code,
    detail,
    hint: entry.hint,
  };
}

/** Thrown in a route to answer with a problem. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;

  constructor(code: ProblemCode, detail: string) {
    super(`${code}: ${detail}`);
    this.problem = problem(code, detail);
  }
}

import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import type { Permission } from "../accounts/roles.ts";
import { type MissionActName, ProposalView, REFUSAL_CODES } from "../contract/index.ts";
import { readContainerNumber } from "../gate/iso6346.ts";
import type { HandRead } from "../mission/events.ts";
import type { PersonsWord } from "../mission/person-acts.ts";
import { type Act, answerDone } from "./acts.ts";
import { refusalOf } from "./by-hand-routes.ts";
import type { Desk } from "./desk.ts";
import { Problem, ProblemError } from "./problems.ts";
import { Reason } from "./reason.ts";
import type { RouteRooms } from "./route-rooms.ts";

const MissionParams = Type.Object({ missionId: Type.String() });
const answers = { 204: Type.Null(), 404: Problem, 409: Problem };
const answersOfTwo = { ...answers, 202: ProposalView };

const READS = ["read-truck", "read-vehicle", "reread-truck", "reread-vehicle"] as const;
const PAPERS = ["paper-customs", "paper-border-guard", "paper-quarantine"] as const;

const ContainerNo = Type.String({
  minLength: 11,
  maxLength: 16,
  description: "ISO 6346, check digit verified",
});
const Reading = Type.Union([
  Type.Object({ containerNo: ContainerNo, truckPlate: Type.String({ minLength: 2, maxLength: 32 }) }),
  Type.Object({
    containerNo: ContainerNo,
    vehicle: Type.String({
      minLength: 1,
      maxLength: 128,
      description: "Its id, or the number painted on it",
    }),
    sealIntact: Type.Boolean(),
  }),
]);

/**
 * What people say of a container that no device, agency or partner says: where it is to be inspected, what stands on it, that it is
 * released on paper, that it is not taken, that its hand-off is wanted back. A mission's view lists which of it is possible.
 */
export function wordRoutes({
  desk,
  senders,
  acts,
}: Pick<RouteRooms, "senders" | "acts"> & {
  readonly desk: Pick<Desk, "mission" | "byPerson">;
}): FastifyPluginAsyncTypebox {
  /** Which of several acts is possible now; throws the problem that the request is answered with when none is. */
  const possibleOf = <Name extends MissionActName>(
    request: FastifyRequest,
    missionId: string,
    names: readonly Name[],
  ): Name => {
    senders.allow(request, "site:read");
    const mission = desk.mission(missionId);
    if (mission === undefined) throw new ProblemError("mission.unknown", missionId);
    const found = names.find((name) => mission.acts?.includes(name));
    if (found === undefined)
      throw new ProblemError("act.not-possible", `${mission.status} at ${mission.step}`);
    return found;
  };

  const say = async (
    request: FastifyRequest,
    reply: FastifyReply,
    said: Pick<Act<void>, "subject" | "reason"> & {
      readonly missionId: string;
      readonly permission: Permission;
      readonly auditName?: string;
      readonly name: MissionActName;
      word(account: string, agreedBy: string | undefined): PersonsWord;
      readonly came: string;
    },
  ) => {
    const { missionId, permission, auditName, subject, reason, name, word, came } = said;
    const done = await acts.perform(request, {
      permission,
      ...(auditName === undefined ? {} : { act: auditName }),
      subject,
      reason,
      async carryOut(account, agreedBy) {
        const outcome = await desk.byPerson(missionId, name, word(account.name, agreedBy?.name));
        if (outcome.kind !== "done") throw refusalOf(outcome, missionId, "");
      },
      outcome: () => came,
    });
    return answerDone(reply, done, 204);
  };

  return async (app) => {
    const act = { tags: ["act"], params: MissionParams };

    app.post(
      "/missions/:missionId/inspection",
      {
        schema: {
          ...act,
          summary:
            "Send a container to be inspected before customs ask for it: from its bay it goes to a dock, where the side has docks, and is opened whatever is decided meanwhile",
          body: Type.Object({ reason: Reason }),
          response: answers,
        },
      },
      (request, reply) => {
        const { missionId } = request.params;
        return say(request, reply, {
          missionId,
          permission: "mission:divert",
          subject: missionId,
          reason: request.body.reason,
          name: "divert",
          word: (account) => ({ type: "divert", account }),
          came: "to-be-inspected",
        });
      },
    );

    app.post(
      "/missions/:missionId/measurement",
      {
        schema: {
          ...act,
          summary:
            "Have a container weighed or scanned again: from its bay it drives through the lane once more. What was found before stays on record and counts no more; an old scan's verdict is asked for anew. Until customs have decided",
          body: Type.Object({ what: Type.Enum(["weigh", "scan"]), reason: Reason }),
          response: answers,
        },
      },
      (request, reply) => {
        const { missionId } = request.params;
        const { what, reason } = request.body;
        const name = what === "weigh" ? "reweigh" : "rescan";
        return say(request, reply, {
          missionId,
          permission: `mission:${name}`,
          subject: missionId,
          reason,
          name,
          word: (account) => ({ type: "pass-again", account, what }),
          came: "sent-through-the-lane",
        });
      },
    );

    app.post(
      "/missions/:missionId/seal",
      {
        schema: {
          ...act,
          summary:
            "Say which new seal is on a container: by two accounts of customs. Where it is held for its seal the reader is asked again, and has to find the new number",
          body: Type.Object({
            sealNo: Type.String({ minLength: 3, maxLength: 64, pattern: "^[\\p{L}\\p{N}./-]+$" }),
            reason: Reason,
          }),
          response: answersOfTwo,
        },
      },
      (request, reply) => {
        const { missionId } = request.params;
        const { sealNo, reason } = request.body;
        const name = possibleOf(request, missionId, ["reseal"]);
        return say(request, reply, {
          missionId,
          permission: "mission:reseal",
          subject: `${missionId}: ${sealNo}`,
          reason,
          name,
          word: (account, agreedBy) => ({ type: "reseal", accounts: names(account, agreedBy), sealNo }),
          came: "resealed",
        });
      },
    );

    app.post(
      "/missions/:missionId/reading",
      {
        schema: {
          ...act,
          summary:
            "Say what stands on the truck, or on container, vehicle and seal, where identification failed. What is read has to fit the order as a device's reading has. Against what a device did read a second account has to agree",
          body: Type.Object({ reading: Reading, reason: Reason }),
          response: { ...answersOfTwo, 422: Problem },
        },
      },
      (request, reply) => {
        const { missionId } = request.params;
        const { reading, reason } = request.body;
        const read = checked(reading);
        const what = "truckPlate" in read ? "truck" : "vehicle";
        const name = possibleOf(
          request,
          missionId,
          READS.filter((each) => each.endsWith(what)),
        );
        const seen =
          "truckPlate" in read
            ? read.truckPlate
            : `${read.vehicle}, seal ${read.sealIntact ? "intact" : "broken"}`;
        return say(request, reply, {
          missionId,
          permission: name.startsWith("reread") ? "mission:reread" : "mission:read",
          subject: `${missionId}: ${read.containerNo}, ${seen}`,
          reason,
          name,
          word: (account, agreedBy) => ({ type: "read", account: names(account, agreedBy).join("+"), read }),
          came: "read",
        });
      },
    );

    app.post(
      "/missions/:missionId/paper-release",
      {
        schema: {
          ...act,
          summary:
            "Release on a document what an agency that does not answer would decide: by two accounts of that agency. Its system is asked until it answers, and an alarm stands until then",
          body: Type.Object({
            documentNo: Type.String({ minLength: 3, maxLength: 64, pattern: "^[^\\p{C}]+$" }),
            reason: Reason,
          }),
          response: answersOfTwo,
        },
      },
      (request, reply) => {
        const { missionId } = request.params;
        const { documentNo, reason } = request.body;
        const name = possibleOf(request, missionId, PAPERS);
        return say(request, reply, {
          missionId,
          permission: `mission:${name}`,
          subject: `${missionId}: ${documentNo}`,
          reason,
          name,
          word: (account, agreedBy) => ({ type: "paper", accounts: names(account, agreedBy), documentNo }),
          came: "released",
        });
      },
    );

    app.post(
      "/missions/:missionId/refusal",
      {
        schema: {
          ...act,
          summary:
            "Refuse a container, or the vehicle that brings it, with a code. Outbound it goes back; inbound its hand-off is revoked, and the partner's offers of it are declined from then on. Not once it is over the line",
          body: Type.Object({ code: Type.Enum([...REFUSAL_CODES]), reason: Reason }),
          response: answers,
        },
      },
      (request, reply) => {
        const { missionId } = request.params;
        const { code, reason } = request.body;
        return say(request, reply, {
          missionId,
          permission: "mission:refuse",
          auditName: `mission:refuse:${code}`,
          subject: missionId,
          reason,
          name: "refuse",
          word: (account) => ({ type: "refuse", account, code }),
          came: "refused",
        });
      },
    );

    app.post(
      "/missions/:missionId/withdrawal",
      {
        schema: {
          ...act,
          summary:
            "Want a hand-off back by force, at the line, even after the partner's `go`: the vehicle's register, or the crane's, is raised, and says which of the two came first. If it is still ours, the container goes back to the yard. Not once the crane at the line has hold of it",
          body: Type.Object({ reason: Reason }),
          response: answers,
        },
      },
      (request, reply) => {
        const { missionId } = request.params;
        const { reason } = request.body;
        return say(request, reply, {
          missionId,
          permission: "mission:withdraw",
          subject: missionId,
          reason,
          name: "withdraw",
          word: (account) => ({ type: "withdraw", account, reason }),
          came: "asked",
        });
      },
    );

    app.post(
      "/missions/:missionId/towed",
      {
        schema: {
          ...act,
          summary:
            "Say that a vehicle of this side, which was marked as failed on the partner's ground and is switched off, was towed off it, and stands on no road of this side's (a second account has to agree): the visit ends, and the partner gets its ground back. A container that the partner has not received has gone with it, and is given back",
          body: Type.Object({ reason: Reason }),
          response: answersOfTwo,
        },
      },
      (request, reply) => {
        const { missionId } = request.params;
        const { reason } = request.body;
        const name = possibleOf(request, missionId, ["towed"]);
        return say(request, reply, {
          missionId,
          permission: "mission:towed",
          subject: missionId,
          reason,
          name,
          word: (account, agreedBy) => ({ type: "towed", accounts: names(account, agreedBy) }),
          came: "off-the-ground",
        });
      },
    );
  };
}

const names = (account: string, agreedBy: string | undefined): readonly string[] =>
  agreedBy === undefined ? [account] : [account, agreedBy];

/** A number that cannot be right was typed wrongly, and is no reading. */
function checked(reading: HandRead): HandRead {
  const number = readContainerNumber(reading.containerNo);
  if (number.kind === "invalid") throw new ProblemError("order.container-invalid", number.reason);
  return { ...reading, containerNo: number.number.containerNo };
}

import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import fastify, { type FastifyInstance } from "fastify";
import { beforeEach, describe, expect, test } from "vitest";
import type { Account } from "../accounts/accounts.ts";
import { createFourEyes, type FourEyes } from "../accounts/four-eyes.ts";
import type { MissionActName, MissionView } from "../contract/index.ts";
import { type CarryOut, createActs } from "./acts.ts";
import { createSenders } from "./permission.ts";
import { ProblemError } from "./problems.ts";
import { heldMission } from "./testing/held-mission.ts";
import { wordRoutes } from "./word-routes.ts";

const BOX = "CSQU3054383";
const ACCOUNTS: readonly Account[] = [
  { name: "lan", role: "control-operator" },
  { name: "minh", role: "supervisor" },
  { name: "hoa", role: "customs-officer" },
  { name: "binh", role: "customs-officer" },
  { name: "an", role: "viewer" },
];

let app: FastifyInstance;
let fourEyes: FourEyes<CarryOut>;
/** What mission `m-1` allows, and what was said of it. */
let possible: MissionActName[];
let said: unknown[];
let recorded: string[];

beforeEach(async () => {
  possible = [];
  said = [];
  recorded = [];
  let ids = 0;
  fourEyes = createFourEyes<CarryOut>({ nowMs: () => 0, nextId: () => `p-${++ids}` });
  const senders = createSenders(async (token) => ACCOUNTS.find(({ name }) => name === token));
  const acts = createActs({
    senders,
    fourEyes,
    audit: {
      record: async (act) => {
        recorded.push([act.account, act.act, act.subject, act.reason, act.outcome].join(" | "));
        return { ...act, sequence: 1, atMs: 0, previousHash: "", hash: "" };
      },
      search: async () => [],
      verify: async () => ({ entries: 0, brokenAt: undefined }),
    },
  });
  const mission = (): MissionView => ({ ...heldMission, acts: possible });
  app = fastify().withTypeProvider<TypeBoxTypeProvider>().setValidatorCompiler(TypeBoxValidatorCompiler);
  app.setErrorHandler((error, _request, reply) =>
    error instanceof ProblemError
      ? reply.code(error.problem.status).send(error.problem)
      : reply.code(400).send({ code: "request.malformed" }),
  );
  app.addHook("onRequest", (request) => senders.identify(request));
  await app.register(
    wordRoutes({
      senders,
      acts,
      desk: {
        mission: (missionId) => (missionId === "m-1" ? mission() : undefined),
        async byPerson(missionId, act, word) {
          if (missionId !== "m-1") return { kind: "unknown" };
          if (!possible.includes(act)) return { kind: "not-possible", why: "held at identify" };
          said.push(word);
          return { kind: "done" };
        },
      },
    }),
  );
});

async function ask(who: string, what: string, body: object, missionId = "m-1") {
  const answer = await app.inject({
    method: "POST",
    url: `/missions/${missionId}/${what}`,
    headers: { authorization: `Bearer ${who}` },
    payload: { reason: "as seen", ...body },
  });
  const code: unknown = answer.body === "" ? undefined : Reflect.get(answer.json(), "code");
  return `${answer.statusCode}${code === undefined ? "" : ` ${String(code)}`}`;
}

/** A second account agrees to what waits. */
async function agreed(name: string): Promise<string> {
  const account = ACCOUNTS.find((each) => each.name === name);
  const [proposal] = fourEyes.waiting();
  if (account === undefined || proposal === undefined) throw new Error("nothing waits");
  const agreement = fourEyes.agree(proposal.proposalId, account);
  return agreement.kind === "agreed" ? agreement.carryOut(account) : agreement.kind;
}

const asRead = { reading: { containerNo: "csqu 305438 3", vehicle: "VN-01", sealIntact: true } };

describe("a reading by hand", () => {
  test("is one person's word where no device has read anything, and on record", async () => {
    possible = ["read-vehicle"];
    expect(await ask("lan", "reading", asRead)).toBe("204");
    const read = { containerNo: BOX, vehicle: "VN-01", sealIntact: true };
    expect(said).toEqual([{ type: "read", account: "lan", read }]);
    expect(recorded).toEqual([`lan | mission:read | m-1: ${BOX}, VN-01, seal intact | as seen | read`]);
  });

  test("against what a device has read waits for a second account, and carries both names", async () => {
    possible = ["reread-vehicle"];
    expect(await ask("lan", "reading", asRead)).toBe("202");
    expect(said).toEqual([]);
    expect(await agreed("minh")).toBe("read");
    expect(said).toMatchObject([{ account: "lan+minh" }]);
    expect(recorded.at(-1)).toContain("lan + minh | mission:reread");
  });

  test("with a number that cannot be right is no reading; nor is one that nobody asks for", async () => {
    possible = ["read-vehicle"];
    const wrong = { reading: { ...asRead.reading, containerNo: "CSQU3054384" } };
    expect(await ask("lan", "reading", wrong)).toBe("422 order.container-invalid");
    expect(await ask("lan", "reading", { reading: { containerNo: BOX, truckPlate: "12C-1" } })).toBe(
      "409 act.not-possible",
    );
    expect(await ask("lan", "reading", asRead, "m-2")).toBe("404 mission.unknown");
    expect(await ask("an", "reading", asRead)).toBe("403 account.forbidden");
    expect(await ask("nobody", "reading", asRead)).toBe("401 account.unauthenticated");
    expect(said).toEqual([]);
  });
});

test("a release on paper is by two of the agency's own people, and a supervisor is none of them", async () => {
  possible = ["paper-customs"];
  const paper = { documentNo: "TK-77/2026" };
  expect(await ask("minh", "paper-release", paper)).toBe("403 account.forbidden");
  expect(await ask("hoa", "paper-release", paper)).toBe("202");
  expect(await agreed("minh")).toBe("forbidden");
  expect(await agreed("hoa")).toBe("own");
  expect(await agreed("binh")).toBe("released");
  expect(said).toEqual([{ type: "paper", accounts: ["hoa", "binh"], documentNo: "TK-77/2026" }]);
  expect(recorded.at(-1)).toBe("hoa + binh | mission:paper-customs | m-1: TK-77/2026 | as seen | released");
  expect(await ask("hoa", "paper-release", { documentNo: "" })).toBe("400 request.malformed");
});

test("that a failed vehicle was towed off the partner's ground is said by two, each by name", async () => {
  expect(await ask("lan", "towed", {})).toBe("409 act.not-possible");
  possible = ["towed"];
  expect(await ask("hoa", "towed", {})).toBe("403 account.forbidden");
  expect(await ask("lan", "towed", {})).toBe("202");
  expect(said).toEqual([]);
  expect(await agreed("lan")).toBe("own");
  expect(await agreed("minh")).toBe("off-the-ground");
  expect(said).toEqual([{ type: "towed", accounts: ["lan", "minh"] }]);
  expect(recorded.at(-1)).toBe("lan + minh | mission:towed | m-1 | as seen | off-the-ground");
});

test("a refusal has one of the codes, which is on record", async () => {
  possible = ["refuse"];
  expect(await ask("hoa", "refusal", { code: "seal" })).toBe("204");
  expect(await ask("hoa", "refusal", { code: "mood" })).toBe("400 request.malformed");
  expect(said).toEqual([{ type: "refuse", account: "hoa", code: "seal" }]);
  expect(recorded).toEqual(["hoa | mission:refuse:seal | m-1 | as seen | refused"]);
});

test("whoever stops may send a container to be inspected; to want a hand-off back is a supervisor's", async () => {
  possible = ["divert", "withdraw"];
  expect(await ask("lan", "inspection", {})).toBe("204");
  expect(await ask("lan", "withdrawal", {})).toBe("403 account.forbidden");
  expect(await ask("minh", "withdrawal", {})).toBe("204");
  possible = [];
  expect(await ask("lan", "inspection", {})).toBe("409 act.not-possible");
  expect(recorded.at(-1)).toBe("lan | mission:divert | m-1 | as seen | act.not-possible");
  expect(said).toEqual([
    { type: "divert", account: "lan" },
    { type: "withdraw", account: "minh", reason: "as seen" },
  ]);
});

test("a container is weighed again by whoever stands by the lane; a scan again is customs', or a supervisor's", async () => {
  possible = ["reweigh"];
  expect(await ask("lan", "measurement", { what: "weigh" })).toBe("204");
  expect(await ask("lan", "measurement", { what: "scan" })).toBe("403 account.forbidden");
  expect(await ask("hoa", "measurement", { what: "scan" })).toBe("409 act.not-possible");
  possible = ["rescan"];
  expect(await ask("hoa", "measurement", { what: "scan" })).toBe("204");
  expect(await ask("hoa", "measurement", { what: "listen" })).toBe("400 request.malformed");
  expect(said).toEqual([
    { type: "pass-again", account: "lan", what: "weigh" },
    { type: "pass-again", account: "hoa", what: "scan" },
  ]);
  expect(recorded).toEqual([
    "lan | mission:reweigh | m-1 | as seen | sent-through-the-lane",
    "hoa | mission:rescan | m-1 | as seen | act.not-possible",
    "hoa | mission:rescan | m-1 | as seen | sent-through-the-lane",
  ]);
});

test("a new seal is put on by two of customs' own people, and is named", async () => {
  possible = ["reseal"];
  expect(await ask("minh", "seal", { sealNo: "VN-77123" })).toBe("403 account.forbidden");
  expect(await ask("hoa", "seal", { sealNo: "VN 77\n123" })).toBe("400 request.malformed");
  expect(await ask("hoa", "seal", { sealNo: "VN-77123" })).toBe("202");
  expect(said).toEqual([]);
  expect(await agreed("binh")).toBe("resealed");
  expect(said).toEqual([{ type: "reseal", accounts: ["hoa", "binh"], sealNo: "VN-77123" }]);
  expect(recorded.at(-1)).toBe("hoa + binh | mission:reseal | m-1: VN-77123 | as seen | resealed");
  possible = [];
  expect(await ask("hoa", "seal", { sealNo: "VN-77123" })).toBe("409 act.not-possible");
});

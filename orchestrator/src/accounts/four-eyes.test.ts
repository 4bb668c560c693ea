import { expect, test } from "vitest";
import type { Account } from "./accounts.ts";
import { createFourEyes, PROPOSAL_MS } from "./four-eyes.ts";

const minh: Account = { name: "minh", role: "supervisor" };
const mai: Account = { name: "mai", role: "customs-officer" };
const guest: Account = { name: "guest", role: "viewer" };
const asked = {
  permission: "mission:override",
  act: "mission:resume:override",
  subject: "m-1",
  reason: "seen by two",
  by: minh.name,
} as const;

function eyes() {
  let nowMs = 0;
  let ids = 0;
  const fourEyes = createFourEyes<string>({ nowMs: () => nowMs, nextId: () => `p-${++ids}` });
  return {
    fourEyes,
    wait(ms: number) {
      nowMs += ms;
    },
  };
}

test("only another account that may do the act itself can agree to it, once", () => {
  const { fourEyes } = eyes();
  fourEyes.propose(asked, "done");
  expect(fourEyes.agree("p-1", minh)).toEqual({ kind: "own" });
  expect(fourEyes.agree("p-1", guest)).toMatchObject({ kind: "forbidden" });
  expect(fourEyes.agree("p-1", mai)).toMatchObject({ kind: "agreed", carryOut: "done" });
  expect(fourEyes.agree("p-1", mai)).toEqual({ kind: "unknown" });
});

test("asking again for what waits is the same proposal", () => {
  const { fourEyes } = eyes();
  expect(fourEyes.propose(asked, "done")?.proposalId).toBe("p-1");
  expect(fourEyes.propose(asked, "done")?.proposalId).toBe("p-1");
  expect(fourEyes.propose({ ...asked, subject: "m-2" }, "done")?.proposalId).toBe("p-2");
});

test("a proposal is refused by whoever made it or could agree, and is over after ten minutes", () => {
  const { fourEyes, wait } = eyes();
  fourEyes.propose(asked, "done");
  expect(fourEyes.refuse("p-1", guest)).toBeUndefined();
  expect(fourEyes.refuse("p-1", minh)).toMatchObject({ subject: "m-1" });
  fourEyes.propose(asked, "done");
  wait(PROPOSAL_MS);
  expect(fourEyes.waiting()).toEqual([]);
  expect(fourEyes.agree("p-2", mai)).toEqual({ kind: "unknown" });
});

test("no more than a hundred wait", () => {
  const { fourEyes } = eyes();
  for (let i = 0; i < 100; i++) fourEyes.propose({ ...asked, subject: `m-${i}` }, "done");
  expect(fourEyes.propose({ ...asked, subject: "one more" }, "done")).toBeUndefined();
});

import { describe, expect, it } from "vitest";
import { checkTrace, RULES } from "./check-trace.ts";
import { reportText } from "./report-text.ts";
import { type Body, edge, goodTalk, node, type Said } from "./trace-fixture.ts";
import { readTrace } from "./trace-line.ts";
import type { Version } from "./versions.ts";

const VERSIONS: readonly Version[] = ["2.0", "2.1", "3.0"];

const textOf = (said: readonly object[]): string => said.map((one) => JSON.stringify(one)).join("\n");
const check = (said: readonly object[]) => checkTrace(readTrace(textOf(said)));

/** The n-th message of a topic, from 0. */
function nth(said: readonly Said[], subtopic: Said["subtopic"], n: number): Said {
  const found = said.filter((one) => one.subtopic === subtopic)[n];
  if (found === undefined) throw new Error(`there is no ${subtopic} ${n}`);
  return found;
}

/** A copy of the n-th message of a topic, changed, in its place. */
function change(subtopic: Said["subtopic"], n: number, how: (payload: Body) => Body) {
  return (said: readonly Said[]): Said[] => {
    const target = nth(said, subtopic, n);
    return said.map((one) => (one === target ? { ...one, payload: how(structuredClone(one.payload)) } : one));
  };
}

/** Another message after the n-th of a topic, with a header that counts on from those before it. */
function insert(subtopic: Said["subtopic"], n: number, as: Said["subtopic"], body: Body) {
  return (said: readonly Said[]): Said[] => {
    const at = said.indexOf(nth(said, subtopic, n));
    const before = said.slice(0, at + 1);
    const isOf = (one: Said): boolean => one.subtopic === as;
    const headerId = before.filter(isOf).length;
    const like = said.find(isOf) ?? nth(said, subtopic, n);
    const time = new Date(Date.parse(before.at(-1)?.time ?? "") + 500).toISOString();
    const topic = like.topic.replace(like.subtopic, as);
    const payload = { ...nth(said, subtopic, n).payload, ...body, headerId, timestamp: time };
    const made: Said = { ...like, subtopic: as, topic, time, payload };
    const later = said
      .slice(at + 1)
      .map((one) =>
        isOf(one) ? { ...one, payload: { ...one.payload, headerId: Number(one.payload.headerId) + 1 } } : one,
      );
    return [...before, made, ...later];
  };
}

const list = (value: unknown): Body[] => (Array.isArray(value) ? value : []);
const flags =
  (subtopic: Said["subtopic"], n: number, given: Partial<Said>) =>
  (said: readonly Said[]): Said[] =>
    said.map((one) => (one === nth(said, subtopic, n) ? { ...one, ...given } : one));

const later =
  (n: number, byMs: number) =>
  (said: readonly Said[]): Said[] => {
    const from = said.indexOf(nth(said, "state", n));
    return said.map((one, index) =>
      index < from ? one : { ...one, time: new Date(Date.parse(one.time) + byMs).toISOString() },
    );
  };

const ask = (actionType: string, actionId: string, blockingType = "NONE"): Body => ({
  actions: [{ actionType, actionId, blockingType }],
});
const withAction = (node: Body, actions: readonly Body[]): Body => ({ ...node, actions });
const picking = { actionId: "pick-c", actionType: "pick", blockingType: "HARD" };

/** What breaks each rule, as a change of the conversation without a flaw; `undefined` versions are all. */
const BROKEN: Readonly<
  Record<string, { readonly by: (said: readonly Said[]) => Said[]; readonly only?: readonly Version[] }>
> = {
  "message-shape": { by: change("state", 1, ({ orderId: _, ...rest }) => rest) },
  "header-names-vehicle": { by: change("order", 0, (order) => ({ ...order, serialNumber: "8" })) },
  "header-id-counts": { by: change("state", 3, (state) => ({ ...state, headerId: 1 })) },
  "timestamp-utc": {
    by: change("state", 1, (state) => ({ ...state, timestamp: "2026-11-02T06:00:00+01:00" })),
  },
  "quality-of-service": { by: flags("connection", 0, { qos: 0 }) },
  "connection-retained": { by: flags("order", 0, { retain: true }) },
  "order-structure": {
    by: change("order", 2, (order) => ({ ...order, edges: [{ ...edge("b", "c", 2, true), sequenceId: 5 }] })),
  },
  "base-before-horizon": {
    by: change("order", 0, (order) => ({
      ...order,
      nodes: [node("a", 0, true), node("b", 1, false), node("c", 2, true)],
    })),
  },
  "new-order-begins-at-zero": {
    by: change("order", 4, (order) => ({ ...order, nodes: [node("c", 3, true)] })),
  },
  "new-order-to-idle-vehicle": {
    by: insert("state", 1, "order", {
      orderId: "three",
      orderUpdateId: 0,
      nodes: [node("a", 0, true)],
      edges: [],
    }),
  },
  "new-order-begins-at-vehicle": {
    by: change("order", 0, (order) => ({
      ...order,
      nodes: [node("z", 0, true), node("b", 1, true), node("c", 2, false)].map((one, at) =>
        at === 0 ? { ...one, nodePosition: { x: 90, y: 0, mapId: "yard" } } : one,
      ),
      edges: [edge("z", "b", 1, true), edge("b", "c", 2, false)],
    })),
  },
  "update-stitches": {
    by: change("order", 2, (order) => ({
      ...order,
      nodes: [node("x", 1, true), withAction(node("c", 2, true), [picking])],
      edges: [edge("x", "c", 2, true)],
    })),
  },
  "base-not-changed": {
    by: change("order", 2, (order) => ({
      ...order,
      nodes: [node("a", 0, true), node("b", 1, true), withAction(node("c", 2, true), [picking])],
      edges: [edge("a", "b", 1, true), edge("b", "c", 2, true)],
    })),
  },
  "update-id-grows": { by: change("order", 3, (order) => ({ ...order, orderUpdateId: 0 })) },
  "same-id-same-content": {
    by: change("order", 1, (order) => ({
      ...order,
      nodes: [node("a", 0, true), node("b", 1, true), node("d", 2, false)],
    })),
  },
  "action-ids-unique": {
    by: change("instantActions", 0, (message) => ({ ...message, ...ask("startPause", "pick-c") })),
  },
  "no-order-while-cancelling": {
    by: insert("instantActions", 1, "order", {
      orderId: "one",
      orderUpdateId: 3,
      nodes: [node("d", 3, true)],
      edges: [],
    }),
  },
  "operating-mode-respected": {
    by: insert("state", 10, "order", {
      orderId: "nine",
      orderUpdateId: 0,
      nodes: [node("c", 0, true)],
      edges: [],
    }),
  },
  "instant-actions-block-nothing": {
    only: ["3.0"],
    by: change("instantActions", 0, (message) => ({ ...message, ...ask("startPause", "pause-1", "HARD") })),
  },
  "actions-of-factsheet": {
    by: change("instantActions", 0, (message) => ({ ...message, ...ask("pick", "pause-1") })),
  },
  "limits-of-factsheet": {
    by: change("instantActions", 0, (message) => ({
      ...message,
      actions: [...list(message.actions), ...list(ask("startPause", "pause-2").actions)],
    })),
  },
  "order-interval-of-factsheet": {
    by: (said) =>
      change("order", 1, (order) => ({
        ...order,
        timestamp: new Date(Date.parse(String(nth(said, "order", 0).payload.timestamp)) + 300).toISOString(),
      }))(said),
  },
  "hibernation-respected": {
    only: ["3.0"],
    by: change("instantActions", 3, (message) => ({ ...message, ...ask("startPause", "wake-1") })),
  },
  "responses-to-requests": {
    only: ["3.0"],
    by: change("responses", 0, (message) => ({
      ...message,
      responses: [{ requestId: "another", grantType: "GRANTED" }],
    })),
  },
  "vehicle-stays-in-base": {
    by: change("state", 2, (state) => ({ ...state, lastNodeId: "c", lastNodeSequenceId: 4, nodeStates: [] })),
  },
  "vehicle-on-its-order": { by: change("state", 4, (state) => ({ ...state, lastNodeId: "q" })) },
  "vehicle-goes-forward": {
    by: change("state", 4, (state) => ({ ...state, lastNodeId: "a", lastNodeSequenceId: 0 })),
  },
  "state-shows-way-left": { by: change("state", 1, (state) => ({ ...state, nodeStates: [] })) },
  "state-shows-actions": { by: change("state", 3, (state) => ({ ...state, actionStates: [] })) },
  "action-status-order": {
    by: change("state", 6, (state) => ({
      ...state,
      actionStates: [...list(state.actionStates).slice(1), { actionId: "pick-c", actionStatus: "RUNNING" }],
    })),
  },
  "cancel-clears-order": {
    by: (said) =>
      change("state", 8, (state) => ({ ...state, nodeStates: nth(said, "state", 7).payload.nodeStates }))(
        said,
      ),
  },
  "grants-before-use": {
    only: ["3.0"],
    by: (said) => said.filter(({ subtopic }) => subtopic !== "responses"),
  },
  "state-every-30-s": { by: later(2, 40_000) },
  "online-before-state": {
    by: insert("state", 2, "connection", { connectionState: "OFFLINE" }),
  },
  "manual-clears-order": { by: change("state", 1, (state) => ({ ...state, operatingMode: "MANUAL" })) },
};

/** Rules that no trace can break: what they find may have been lost on the way, so they only doubt. */
const ONLY_DOUBT: Readonly<Record<string, (said: readonly Said[]) => Said[]>> = {
  "orders-reflected": (said) => {
    const at = said.indexOf(nth(said, "order", 3));
    return said.slice(0, at + 1);
  },
  "instant-actions-reflected": (said) => said.slice(0, said.indexOf(nth(said, "instantActions", 0)) + 1),
};

describe("a trace without a flaw", () => {
  it.each(VERSIONS)(
    "breaks no rule of %s, and every rule of that version has something to judge",
    (version) => {
      const report = check(goodTalk(version));
      const bad = report.rules.filter(({ rule, verdict }) => {
        const sections = RULES.find(({ id }) => id === rule)?.sections[version];
        return verdict !== (sections === undefined ? "INCONCLUSIVE" : "PASS");
      });
      expect(reportText({ ...report, rules: bad })).toMatch(/^\d+ messages of 1 vehicles: acme\/7\nPASS$/);
    },
  );
});

describe("a trace with a flaw", () => {
  const cases = Object.entries(BROKEN).flatMap(([rule, { by, only = VERSIONS }]) =>
    only.map((version) => ({ rule, version, by })),
  );

  it("is there for each rule", () => {
    const covered = new Set([...Object.keys(BROKEN), ...Object.keys(ONLY_DOUBT)]);
    expect(RULES.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
  });

  it.each(cases)("fails $rule in $version, with the line and the section", ({ rule, version, by }) => {
    const report = check(by(goodTalk(version)));
    const found = report.rules.find((one) => one.rule === rule);
    expect(found?.verdict, reportText(report)).toBe("FAIL");
    expect(report.verdict).toBe("FAIL");
    const [first] = found?.evidence ?? [];
    expect(first?.line).toBeGreaterThan(0);
    expect(first?.section).not.toBe("");
  });

  it.each(Object.entries(ONLY_DOUBT))("leaves %s open when the answer may have been lost", (rule, by) => {
    const found = check(by(goodTalk("2.1"))).rules.find((one) => one.rule === rule);
    expect(found).toMatchObject({ verdict: "INCONCLUSIVE", violations: 0, doubts: 1 });
  });

  it("fails by the count of a lost message only in doubt: QoS 0 may lose it on the way to the recorder", () => {
    const said = goodTalk("2.1");
    const report = check(said.filter((one) => one !== nth(said, "order", 2)));
    const verdicts = Object.fromEntries(report.rules.map(({ rule, verdict }) => [rule, verdict]));
    expect(verdicts).toMatchObject({
      "header-id-counts": "INCONCLUSIVE",
      "update-stitches": "INCONCLUSIVE",
      "vehicle-stays-in-base": "INCONCLUSIVE",
    });
  });
});

describe("a file that is no trace", () => {
  it("is told by line, and proves nothing", () => {
    const report = checkTrace(readTrace('{"time":"2026-11-02T06:00:00Z"}\nnonsense\n'));
    expect(report.verdict).toBe("INCONCLUSIVE");
    expect(report.unreadable.map(({ line }) => line)).toEqual([1, 2]);
  });
});

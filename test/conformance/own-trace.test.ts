import type { Published } from "@baton/fleet-adapter";
import { SIDES, type Side } from "@baton/maps";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { checkTrace, type TraceReport } from "../../fleet-adapter/src/trace/check-trace.ts";
import { reportText } from "../../fleet-adapter/src/trace/report-text.ts";
import { readTrace, type TraceLine } from "../../fleet-adapter/src/trace/trace-line.ts";
import { loadScenario } from "../../sim/src/scenario/load.ts";
import { runOverTwoLedgers } from "../fast-time/run-over-two-ledgers.ts";

/** Ten minutes of both sides as they ship, with vehicles of all three versions, taken down at each side's broker. */

const HOURS = 1 / 6;
const VERSIONS = ["2.1", "3.0", "2.0"] as const;
const VEHICLES = 10;
const traces: Record<Side, string[]> = { vn: [], cn: [] };

beforeAll(async () => {
  const { scenario, site } = await loadScenario("first-look", [
    { path: "seed", value: "5" },
    ...Array.from({ length: VEHICLES }, (_, index) => ({
      path: `fleet.${index}.protocol`,
      value: VERSIONS[index % VERSIONS.length],
    })),
  ]);
  const published = (side: Side, { atMs, topic, message, qos, retain }: Published): void => {
    if (!topic.startsWith("uagv/") && !topic.startsWith("vda5050/")) return;
    const time = new Date(atMs).toISOString();
    traces[side].push(JSON.stringify({ time, topic, qos, retain, payload: message }));
  };
  await runOverTwoLedgers({ scenario, site, hours: HOURS, listener: { published } });
}, 300_000);

const check = (lines: readonly string[]): TraceReport => checkTrace(readTrace(lines.join("\n")));

describe("what both sides say to their vehicles in a run of ours", () => {
  it.each(SIDES)("breaks no rule of the standard on the side %s, in no version", (side) => {
    const report = check(traces[side]);
    expect(report.messages).toBeGreaterThan(1000);
    const spoken = new Set(
      traces[side].map((line) =>
        /\\"version\\":\\"(\d\.\d)|"version":"(\d\.\d)/.exec(line)?.slice(1).join(""),
      ),
    );
    expect(spoken).toEqual(new Set(VERSIONS));
    const broken = report.rules.filter(({ verdict }) => verdict === "FAIL");
    expect(broken, reportText(report)).toEqual([]);
  });
});

type Body = Record<string, unknown>;
interface Line extends TraceLine {
  readonly payload: Body;
}
interface Mutation {
  readonly name: string;
  /** Whether a line can be spoilt in this way. */
  readonly fits: (line: Line) => boolean;
  readonly spoil: (line: Line) => Line;
}

const parts = (value: unknown): Body[] => (Array.isArray(value) ? value : []);
const ends = (line: Line, subtopic: string): boolean => line.topic.endsWith(`/${subtopic}`);
const order = (line: Line): boolean => ends(line, "order");
const longOrder = (line: Line): boolean => order(line) && parts(line.payload.edges).length > 1;
const update = (line: Line): boolean => order(line) && Number(line.payload.orderUpdateId) > 0;
const driving = (line: Line): boolean =>
  ends(line, "state") &&
  line.payload.operatingMode === "AUTOMATIC" &&
  parts(line.payload.nodeStates).some(({ released }) => released === true);
const payload =
  (change: (payload: Body) => Body) =>
  (line: Line): Line => ({ ...line, payload: change(line.payload) });
const first = (list: unknown, change: (part: Body) => Body): Body[] =>
  parts(list).map((part, at) => (at === 0 ? change(part) : part));

/** Mistakes that fleet controls and vehicles make; a conversation with one of them is not one by the standard. */
const MUTATIONS: readonly Mutation[] = [
  {
    name: "an edge is left out",
    fits: longOrder,
    spoil: payload((o) => ({ ...o, edges: parts(o.edges).slice(1) })),
  },
  {
    name: "the first node is not released",
    fits: order,
    spoil: payload((o) => ({ ...o, nodes: first(o.nodes, (node) => ({ ...node, released: false })) })),
  },
  {
    name: "a sequence id is skipped",
    fits: longOrder,
    spoil: payload((o) => ({
      ...o,
      nodes: parts(o.nodes).map((node, at) =>
        at === 0 ? node : { ...node, sequenceId: Number(node.sequenceId) + 2 },
      ),
    })),
  },
  {
    name: "an update begins at another node",
    fits: update,
    spoil: payload((o) => ({ ...o, nodes: first(o.nodes, (node) => ({ ...node, nodeId: "elsewhere" })) })),
  },
  { name: "an update goes back to id 0", fits: update, spoil: payload((o) => ({ ...o, orderUpdateId: 0 })) },
  {
    name: "an order is for another vehicle",
    fits: order,
    spoil: payload((o) => ({ ...o, serialNumber: "x" })),
  },
  { name: "an order is retained", fits: order, spoil: (line) => ({ ...line, retain: true }) },
  { name: "an order is sent at QoS 2", fits: order, spoil: (line) => ({ ...line, qos: 2 }) },
  { name: "a field is missing", fits: driving, spoil: payload(({ orderUpdateId: _, ...rest }) => rest) },
  {
    name: "a vehicle is beyond its base",
    fits: driving,
    spoil: payload((s) => ({ ...s, lastNodeSequenceId: Number(s.lastNodeSequenceId) + 1000 })),
  },
  {
    name: "a vehicle is at a node of no order",
    fits: driving,
    spoil: payload((s) => ({ ...s, lastNodeId: "elsewhere" })),
  },
  {
    name: "a vehicle loses a released node",
    fits: driving,
    spoil: payload((s) => ({ ...s, nodeStates: parts(s.nodeStates).slice(1) })),
  },
  {
    name: "a vehicle takes a planned node for a released one",
    fits: (line) =>
      driving(line) && parts(line.payload.nodeStates).some(({ released }) => released === false),
    spoil: payload((s) => ({
      ...s,
      nodeStates: parts(s.nodeStates).map((node) => ({ ...node, released: true })),
    })),
  },
  {
    name: "a time is local",
    fits: driving,
    spoil: payload((s) => ({ ...s, timestamp: "2026-11-02T08:00:00+07:00" })),
  },
  {
    name: "a person drives and the order is kept",
    fits: driving,
    spoil: payload((s) => ({ ...s, operatingMode: "MANUAL" })),
  },
];

describe("a run of ours with one message spoilt", () => {
  it.each(MUTATIONS)("is told from a good one: $name", ({ fits, spoil }) => {
    const lines = traces.vn.map((text): Line => JSON.parse(text));
    const able = lines.flatMap((line, at) => (fits(line) ? [at] : []));
    expect(able.length).toBeGreaterThan(0);
    fc.assert(
      fc.property(fc.constantFrom(...able), (at) => {
        const target = lines[at];
        if (target === undefined) throw new Error("no such line");
        const [, , manufacturer, serialNumber] = target.topic.split("/");
        // The other vehicles have no part in it.
        const talk = lines.flatMap((line, index) => {
          if (!line.topic.includes(`/${manufacturer}/${serialNumber}/`)) return [];
          return [index === at ? JSON.stringify(spoil(line)) : (traces.vn[index] ?? "")];
        });
        const broken = check(talk).rules.filter(({ verdict }) => verdict === "FAIL");
        expect(broken).not.toEqual([]);
      }),
      { numRuns: 5 },
    );
  });
});

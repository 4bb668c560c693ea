import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import Ajv from "ajv";
import formats from "ajv-formats";
import fastify from "fastify";
import { beforeAll, describe, expect, it } from "vitest";
import { messageDescription } from "../../orchestrator/src/api/message-description.ts";
import { describeApi } from "../../orchestrator/src/api/reference.ts";
import { loadScenario } from "../../sim/src/scenario/load.ts";
import { runOverTwoLedgers } from "../fast-time/run-over-two-ledgers.ts";

const require = createRequire(import.meta.url);
const schema: object = require("@asyncapi/specs/schemas/3.0.0.json");

/** What AsyncAPI's own schema finds wrong. */
function faults(document: unknown): readonly object[] {
  // It brings the meta schema of draft 07 along, so that the validator must not bring its own.
  const ajv = new Ajv.default({
    strict: false,
    allErrors: true,
    meta: false,
    validateSchema: false,
    unicodeRegExp: false,
  });
  formats.default(ajv);
  const check = ajv.compile(schema);
  check(document);
  return check.errors ?? [];
}

type Description = ReturnType<typeof messageDescription>;
const document: Description = JSON.parse(JSON.stringify(messageDescription()));

describe("what a side says unasked, as it is described", () => {
  it("is a valid AsyncAPI 3.0 document, and would not be if it said something else", () => {
    expect(faults(document)).toEqual([]);
    expect(faults({ ...document, channels: { job: { address: 7 } } })).not.toEqual([]);
    expect(faults({ ...document, operations: { job: { action: "shout", channel: {} } } })).not.toEqual([]);
  });

  it("points to nothing that is not in it, and describes every parameter of an address", () => {
    const text = JSON.stringify(document);
    for (const [, pointer = ""] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = pointer.split("/").reduce<unknown>((at, name) => Reflect.get(Object(at), name), document);
      expect(found, pointer).toBeDefined();
    }
    for (const { address, parameters } of Object.values(document.channels)) {
      const named = [...(address ?? "").matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(Object.keys(parameters).sort()).toEqual(named.sort());
    }
  });

  it("is served, and kept in docs/asyncapi.json", async () => {
    const app = fastify();
    await describeApi(app);
    expect((await app.inject("/docs/asyncapi.json")).json()).toEqual(document);
    const kept = await readFile(new URL("../../docs/asyncapi.json", import.meta.url), "utf8");
    expect(JSON.parse(kept), "write the served document into it").toEqual(document);
    await app.close();
  });
});

interface Heard {
  readonly topic: string;
  readonly payload: unknown;
  readonly qos: number;
  readonly retain: boolean;
}

/** Tells which channel of the description a message went by, and what of it the description does not say. */
function reader(described: Description): (heard: Heard) => { channel?: string; fault?: string } {
  const ajv = new Ajv.default({ strict: false, allErrors: true });
  formats.default(ajv);
  const messages: Readonly<Record<string, { readonly payload: object } | undefined>> =
    described.components.messages;
  const channels = Object.values(described.operations).flatMap(({ channel: { $ref }, bindings }) => {
    const name = $ref.slice("#/channels/".length);
    const { address, messages: said } = described.channels[name] ?? {};
    if (address === undefined || address === null) return [];
    const checks = Object.keys(said ?? {}).map((each) => ajv.compile(messages[each]?.payload ?? false));
    const topics = new RegExp(`^${address.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
    return [{ name, topics, checks, mqtt: bindings.mqtt }];
  });
  return ({ topic, payload, qos, retain }) => {
    const found = channels.find(({ topics }) => topics.test(topic));
    if (found === undefined) return { fault: `${topic} is not described` };
    const { name: channel, checks, mqtt } = found;
    if (mqtt?.qos !== qos || mqtt.retain !== retain)
      return { channel, fault: `${topic} at ${qos}, ${retain}` };
    if (checks.some((check) => check(payload))) return { channel };
    return { channel, fault: `${topic} ${ajv.errorsText(checks[0]?.errors)}` };
  };
}

/** Half an hour of a border with vehicles of three versions, and a crane at the line that changes containers between some. */
const HOURS = 0.5;
const VERSIONS = ["2.1", "3.0", "2.0"] as const;

describe("what is said in a run of ours", () => {
  const heard: Heard[] = [];
  beforeAll(async () => {
    const { scenario, site } = await loadScenario(
      "two-points",
      Array.from({ length: 5 }, (_, index) => ({
        path: `fleet.${index}.protocol`,
        value: VERSIONS[index % VERSIONS.length],
      })),
    );
    await runOverTwoLedgers({
      scenario,
      site,
      hours: HOURS,
      listener: {
        published: (_, { topic, message, qos, retain }) => {
          // What the simulated things tell each other is no message of Baton's.
          if (topic.startsWith("baton-sim/")) return;
          heard.push({ topic, payload: structuredClone(message), qos, retain });
        },
      },
    });
  }, 300_000);

  it("is described, by topic, service and content, and next to nothing is described that is not said", () => {
    const read = reader(document);
    const faults = new Set<string>();
    const used = new Set<string>();
    for (const each of heard) {
      const { channel, fault } = read(each);
      if (fault !== undefined) faults.add(fault);
      if (channel !== undefined) used.add(channel);
    }
    expect(heard.length).toBeGreaterThan(10_000);
    expect([...faults].slice(0, 10)).toEqual([]);
    const unsaid = Object.keys(document.channels).filter((name) => !used.has(name));
    // Zones need a side with a zone file, a display its own subscription; events go to the partner, not over the broker.
    expect(unsaid.sort()).toEqual([
      "partnerEvent",
      "vehicleV2Visualization",
      "vehicleV3Responses",
      "vehicleV3ZoneSet",
    ]);
  });

  it("would be missed if it were not described", () => {
    const { transferState: _, ...channels } = document.channels;
    const { receiveTransferState: __, ...operations } = document.operations;
    const read = reader({ ...document, channels, operations });
    const state = heard.find(({ topic }) => topic.endsWith("/transfer-state"));
    expect(state && read(state).fault).toContain("is not described");
    const order = heard.find(({ topic }) => topic.endsWith("/order"));
    expect(order && reader(document)({ ...order, payload: { nodes: 7 } }).fault).toBeDefined();
  });
});

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import Ajv from "ajv";
import formats from "ajv-formats";
import fastify from "fastify";
import { describe, expect, it } from "vitest";
import { mqttDescription } from "../../orchestrator/src/api/mqtt-description.ts";
import { describeApi } from "../../orchestrator/src/api/reference.ts";

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

describe("what goes over a side's broker, as it is described", () => {
  const document: ReturnType<typeof mqttDescription> = JSON.parse(JSON.stringify(mqttDescription()));

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
      const named = [...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
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

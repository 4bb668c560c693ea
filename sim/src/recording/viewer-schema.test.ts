import { AlarmView, MissionView } from "@baton/orchestrator/contract";
import Type from "typebox";
import { describe, expect, it } from "vitest";
import { viewerSchema } from "./viewer-schema.ts";

describe("a schema for viewers", () => {
  it("calls one of several words a string", () => {
    const text = { type: "string" };
    expect(viewerSchema(Type.Enum(["vn", "cn"]))).toEqual(text);
    expect(viewerSchema(Type.Union([Type.Literal("vn"), Type.Literal("cn")]))).toEqual(text);
  });

  it("has all fields of objects that are told apart by one of them", () => {
    const weighed = Type.Object({ code: Type.Literal("weighed"), grossKg: Type.Number() });
    const sealed = Type.Object({ code: Type.Literal("sealed"), sealNos: Type.Array(Type.String()) });
    expect(viewerSchema(Type.Array(Type.Union([weighed, sealed])))).toEqual({
      type: "array",
      items: {
        type: "object",
        properties: {
          code: { type: "string" },
          grossKg: { type: "number" },
          sealNos: { type: "array", items: { type: "string" } },
        },
      },
    });
  });

  it("leaves out what may be a text or a number, and what may be anything, and keeps the rest", () => {
    const schema = Type.Object({
      either: Type.Union([Type.String(), Type.Number()]),
      count: Type.Union([Type.Integer(), Type.Number()]),
      whatever: Type.Unknown(),
      texts: Type.Record(Type.String(), Type.String()),
    });
    expect(viewerSchema(schema)).toEqual({
      type: "object",
      properties: { count: { type: "number" }, texts: { type: "object", properties: {} } },
    });
  });

  it("names every field of missions and alarms but what has no single type", () => {
    const left = (schema: { readonly properties: object }): string[] => {
      const read = viewerSchema(schema);
      const kept = read?.type === "object" ? read.properties : {};
      return Object.keys(schema.properties).filter((name) => !(name in kept));
    };
    expect(left(MissionView)).toEqual([]);
    expect(left(AlarmView)).toEqual([]);
  });
});

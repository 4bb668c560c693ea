import { ControlFrame, SiteView } from "@baton/orchestrator/contract";
import { describe, expect, it } from "vitest";
import { conforms, isControlFrame, isSiteView, KNOWN_KEYWORDS } from "./conforms.ts";

/** All keywords that a schema uses, wherever; names of properties are not keywords. */
function keywordsOf(schema: unknown, found = new Set<string>()): Set<string> {
  if (typeof schema !== "object" || schema === null) return found;
  for (const [key, value] of Object.entries(schema)) {
    if (key.startsWith("~")) continue;
    found.add(key);
    if (key === "properties") for (const inner of Object.values(value)) keywordsOf(inner, found);
    else if (key === "anyOf" && Array.isArray(value)) for (const inner of value) keywordsOf(inner, found);
    else if (key === "items") keywordsOf(value, found);
  }
  return found;
}

const site = {
  siteId: "mini",
  side: "vn",
  name: { vi: "a", zh: "b", en: "c" },
  lanes: [],
  stations: [
    {
      stationId: "s",
      side: "vn",
      kind: "crane",
      bound: "yard",
      xM: 1,
      yM: 2,
      headingRad: 0,
      lengthM: 1,
      widthM: 1,
      heightM: 1,
    },
  ],
  roads: [{ edgeId: "e", side: "vn", xM: [0, 1], yM: [0, 0] }],
  vehicleClasses: [],
  feeds: [{ side: "vn", url: "/api/v1/feed" }],
};

describe("checking against the contract", () => {
  it("understands every keyword that the contract uses", () => {
    for (const keyword of [...keywordsOf(ControlFrame), ...keywordsOf(SiteView)])
      expect(KNOWN_KEYWORDS).toContain(keyword);
  });

  it("takes a site, and one with more in it than is known here", () => {
    expect(isSiteView(site)).toBe(true);
    expect(isSiteView({ ...site, weather: "fog" })).toBe(true);
  });

  it("refuses a site with a part missing, of the wrong type, or of a side that there is not", () => {
    const { roads: _, ...roadless } = site;
    expect(isSiteView(roadless)).toBe(false);
    expect(isSiteView({ ...site, roads: [{ edgeId: "e", side: "vn", xM: ["0"], yM: [0] }] })).toBe(false);
    expect(isSiteView({ ...site, side: "la" })).toBe(false);
    expect(isSiteView({ ...site, stations: [{ ...site.stations[0], xM: Number.NaN }] })).toBe(false);
    expect(isSiteView(null)).toBe(false);
  });

  it("takes changes that name only some lists, and refuses a kind of frame that there is not", () => {
    expect(isControlFrame({ kind: "changes" })).toBe(true);
    expect(isControlFrame({ kind: "changes", vehicles: [{}] })).toBe(false);
    expect(isControlFrame({ kind: "gossip" })).toBe(false);
  });

  it("refuses a step that there is not", () => {
    const mission = {
      ...{ missionId: "m", orderId: "o", side: "vn", direction: "export", bound: "outbound" },
      ...{ stepSinceMs: 0, status: "running", steps: [], timeline: [] },
    };
    expect(isControlFrame({ kind: "changes", missions: [{ ...mission, step: "load" }] })).toBe(true);
    expect(isControlFrame({ kind: "changes", missions: [{ ...mission, step: "dance" }] })).toBe(false);
  });

  it("takes evidence of a code that is not known here: the step has its text", () => {
    const timeline = [
      { step: "weigh", atMs: 1, evidenceParts: { code: "weighed", grossKg: 31_240, declaredKg: 31_000 } },
      { step: "scan", atMs: 2, evidence: "by a dog", evidenceParts: { code: "sniffed", dog: "rex" } },
    ];
    const mission = {
      ...{ missionId: "m", orderId: "o", side: "vn", direction: "export", bound: "outbound" },
      ...{ step: "load", stepSinceMs: 0, status: "running", steps: [], timeline },
    };
    expect(isControlFrame({ kind: "changes", missions: [mission] })).toBe(true);
  });

  it("refuses a number beyond its maximum, and a text that is too short or too long", () => {
    expect([0, 1, 1.5].map((value) => conforms({ type: "number", maximum: 1 }, value))).toEqual([
      true,
      true,
      false,
    ]);
    const schema = { type: "string", minLength: 2, maxLength: 3 };
    expect(["a", "ab", "abc", "abcd"].map((value) => conforms(schema, value))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it("refuses a wrong value under any name that a pattern covers", () => {
    const schema = { type: "object", patternProperties: { "^.*$": { type: "string" } } };
    expect(conforms(schema, { vi: "xe", zh: "车" })).toBe(true);
    expect(conforms(schema, { vi: "xe", zh: 7 })).toBe(false);
    const named = { type: "object", patternProperties: { "^x-": { type: "number" } } };
    expect(conforms(named, { "x-a": 1, b: "else" })).toBe(true);
  });

  it("refuses a list that is too long", () => {
    const schema = { type: "array", maxItems: 2, items: { type: "number" } };
    expect(conforms(schema, [1, 2])).toBe(true);
    expect(conforms(schema, [1, 2, 3])).toBe(false);
  });

  it("refuses a number below its minimum", () => {
    expect(conforms({ type: "integer", minimum: 0 }, -1)).toBe(false);
    expect(conforms({ type: "integer", minimum: 0 }, 0.5)).toBe(false);
    expect(conforms({ type: "integer", minimum: 0 }, 0)).toBe(true);
  });
});

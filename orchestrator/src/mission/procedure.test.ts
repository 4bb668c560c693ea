import { describe, expect, it } from "vitest";
import { type Procedure, procedureFor, readProcedure } from "./procedure.ts";
import { loadProcedures } from "./procedure-files.ts";

const procedures = await loadProcedures();
const vnOutbound = (): Procedure => {
  const found = procedureFor(procedures, "vn", "outbound", Date.parse("2026-06-01T00:00:00Z"));
  if (found === undefined) throw new Error("no procedure");
  return structuredClone(found);
};
const problemsOf = (data: unknown): string => {
  const reading = readProcedure(data);
  return reading.kind === "invalid" ? reading.problems.join("\n") : "";
};

describe("the procedures that ship", () => {
  it("are one for each side and bound, for containers and for vehicles with nothing aboard", () => {
    const about = ["container", "nothing"].flatMap((what) => [
      `cn inbound ${what}`,
      `cn outbound ${what}`,
      `vn inbound ${what}`,
      `vn outbound ${what}`,
    ]);
    expect(procedures.map((one) => `${one.side} ${one.bound} ${one.carries ?? "container"}`).sort()).toEqual(
      about.sort(),
    );
  });

  it.each([
    ["export", "vn-outbound", "cn-inbound"],
    ["import", "cn-outbound", "vn-inbound"],
  ])("scan every %s once", (_direction, giver, taker) => {
    const scans = procedures
      .filter((one) => one.procedureId === giver || one.procedureId === taker)
      .flatMap((one) => one.steps.filter((rule) => rule.step === "scan"));
    expect(scans).toHaveLength(1);
  });
});

describe("a procedure for vehicles with nothing aboard", () => {
  const empty = procedureFor(procedures, "vn", "outbound", Date.parse("2026-06-01T00:00:00Z"), "nothing");

  it("has no step that only a container goes through", () => {
    const steps = vnOutbound().steps.filter(({ step }) => step === "load" || step === "offer");
    expect(problemsOf({ ...structuredClone(empty), steps })).toMatch(
      /with nothing aboard a vehicle goes through/,
    );
  });

  it("sets out with the partner's yes, and crosses with the border guard's", () => {
    expect(empty?.steps[0]?.step).toBe("offer");
    expect(empty?.crossing).toEqual(["border-guard"]);
  });
});

describe("a procedure", () => {
  it("with a step before what it needs is refused, by place and reason", () => {
    const procedure = vnOutbound();
    const at = procedure.steps.findIndex((rule) => rule.step === "verdict");
    procedure.steps.unshift(...procedure.steps.splice(at, 1));
    expect(problemsOf(procedure)).toContain('/steps/0: "verdict" cannot come before "scan"');
  });

  it("may order its agencies otherwise", () => {
    const procedure = vnOutbound();
    const at = procedure.steps.findIndex((rule) => rule.step === "quarantine");
    const [quarantine] = procedure.steps.splice(at, 1);
    if (quarantine !== undefined)
      procedure.steps.splice(
        procedure.steps.findIndex((rule) => rule.step === "offer"),
        0,
        quarantine,
      );
    expect(readProcedure(procedure).kind).toBe("procedure");
  });

  it("whose crossing asks for what no step establishes is refused", () => {
    const procedure = vnOutbound();
    procedure.steps = procedure.steps.filter((rule) => rule.step !== "scan");
    expect(problemsOf(procedure)).toContain('no step before the hand-off establishes "scan"');
  });

  it.each(["offer", "guard-exit", "handoff", "close"])(
    "without %s is refused: its mission could not end",
    (step) => {
      const procedure = vnOutbound();
      procedure.steps = procedure.steps.filter((rule) => rule.step !== step);
      expect(problemsOf(procedure)).toContain(`"${step}" is missing`);
    },
  );

  it("that asks a device without a deadline is refused", () => {
    const procedure = vnOutbound();
    for (const rule of procedure.steps) if (rule.step === "weigh") delete rule.deadlineMs;
    expect(problemsOf(procedure)).toContain('"weigh" asks weighbridge but has no deadlineMs');
  });

  it("that is not one is refused with the place", () => {
    expect(problemsOf({ ...vnOutbound(), version: "one" })).toContain("/version");
  });

  it("in a newer version counts from its effective date on", () => {
    const next = { ...vnOutbound(), version: 2, effectiveFrom: "2027-01-01T00:00:00Z" };
    const versionAt = (date: string) =>
      procedureFor([...procedures, next], "vn", "outbound", Date.parse(date))?.version;
    expect(versionAt("2026-12-31T23:59:59Z")).toBe(1);
    expect(versionAt("2027-01-01T00:00:00Z")).toBe(2);
    expect(versionAt("2025-12-31T00:00:00Z")).toBeUndefined();
  });
});

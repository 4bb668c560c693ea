import type { VehicleId } from "@baton/fleet-adapter";
import type { NodeId } from "@baton/maps";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { yardOfSite } from "../dispatch/yard-of-site.ts";
import { CONDITIONS, type Fact, mayCross } from "../gate/conditions.ts";
import type { HandoffId } from "../handoff/port.ts";
import type { LegId } from "../reservation/port.ts";
import { adoptedContext, placeOf } from "./begin.ts";
import { type MissionContext, readContext } from "./context.ts";
import type { MissionEvent } from "./events.ts";
import { advance, beginMission, buildMissionMachine, stateOf } from "./machine.ts";
import { type Procedure, procedureFor } from "./procedure.ts";
import { loadProcedures } from "./procedure-files.ts";
import { exportLine, miniSite, order } from "./testing/two-sides.ts";

const procedures = await loadProcedures();
const site = await miniSite();
const atMs = Date.parse("2026-11-22T00:00:00Z");

function vnOutbound(): Procedure {
  const found = procedureFor(procedures, "vn", "outbound", atMs);
  if (found === undefined) throw new Error("no procedure");
  return found;
}

/** A loaded vehicle in its bay that is to be offered, with these facts and no others. */
function atOffer(facts: readonly Fact[]): MissionContext {
  const yard = yardOfSite(site, "vn");
  const bay = yard.stations.find((one) => one.stationId === "vn.buffer-out-1");
  const asked = order(1, "vn");
  const vehicle = {
    vehicleId: "sim.vn-01" as VehicleId,
    vehicleClassId: "sim.carrier-15" as never,
    home: "vn" as const,
    manufacturer: "sim",
    serialNumber: "vn-01",
    lengthM: 15,
    widthM: 3,
    batteryPct: 80,
    loadIds: [asked.containerNo],
  };
  const context = adoptedContext(
    {
      missionId: "m-1",
      yard,
      procedure: vnOutbound(),
      direction: "export",
      line: exportLine(yard),
      atMs,
      spareId: "h-0",
    },
    "outbound",
    {
      order: asked,
      vehicle,
      step: "offer",
      account: "x",
      places: bay === undefined ? {} : { buffer: placeOf(bay) },
    },
  );
  return { ...context, facts: [...facts] };
}

const machine = buildMissionMachine(vnOutbound());
const { holdNodeId, beyondNodeId } = exportLine(yardOfSite(site, "vn"));

/** All that happens on the way from the bay to the line, with the border guard's answer. */
function toTheLine(allowed: boolean): readonly ((context: MissionContext) => MissionEvent)[] {
  const at = { atMs, spareId: "h-1" };
  const vehicleId = "sim.vn-01" as VehicleId;
  const gate = "vn.out.exit-gate" as NodeId;
  const legId = "m-1.guard-exit" as LegId;
  return [
    (context) => ({
      ...at,
      type: "handoff",
      event: { kind: "accepted", handoffId: context.handoff?.handoffId ?? ("" as HandoffId) },
    }),
    () => ({ ...at, type: "road", event: { kind: "waitingAt", vehicleId, legId, nodeId: gate } }),
    () => ({
      ...at,
      type: "report",
      report: {
        jobId: "m-1.guard-exit.1",
        deviceId: "vn.border-guard",
        atMs,
        outcome: { status: "done", result: { kind: "guard-check", allowed, account: "guard" } },
      },
    }),
    () => ({
      ...at,
      type: "road",
      event: { kind: "reached", vehicleId, legId, nodeId: holdNodeId, edgeId: undefined },
    }),
    () => ({
      ...at,
      type: "road",
      event: { kind: "granted", vehicleId, legId, throughNodeId: beyondNodeId },
    }),
  ];
}

const drive = (
  start: MissionContext,
  events: readonly ((context: MissionContext) => MissionEvent)[],
): MissionContext =>
  events.reduce(
    (context, event) => advance(machine, vnOutbound(), context, event(context)),
    beginMission(machine, start),
  );

const saysReady = (context: MissionContext): boolean => context.issued.some((id) => id.startsWith("ready:"));
const anyFact = fc
  .record({ condition: fc.constantFrom(...CONDITIONS), holds: fc.boolean() })
  .map(({ condition, holds }): Fact => ({ condition, holds, source: "x", atMs: atMs - 1, detail: "" }));

describe("a mission at the line", () => {
  it("says ready exactly when every condition of its procedure holds, in whatever order the facts came", () => {
    const allHold = fc
      .shuffledSubarray([...CONDITIONS], { minLength: CONDITIONS.length - 2 })
      .map((conditions) =>
        conditions.map(
          (condition): Fact => ({ condition, holds: true, source: "x", atMs: atMs - 1, detail: "" }),
        ),
      );
    fc.assert(
      fc.property(fc.oneof(fc.array(anyFact, { maxLength: 12 }), allHold), fc.boolean(), (facts, allowed) => {
        const context = drive(atOffer(facts), toTheLine(allowed));
        const crossing = mayCross(context.facts, vnOutbound());
        expect(saysReady(context)).toBe(allowed && crossing.kind === "may-cross");
        if (allowed && crossing.kind === "may-not-cross") {
          expect(context.held).toMatchObject({
            code: "may-not-cross",
            detail: `missing: ${crossing.missing.join(", ")}`,
          });
        }
        if (!allowed) expect(context.held?.code).toBe("guard-refused");
      }),
    );
  });

  it("does not say ready when a correction takes a fact back while it waits for the road", () => {
    const facts = CONDITIONS.map(
      (condition): Fact => ({ condition, holds: true, source: "x", atMs: atMs - 1, detail: "" }),
    );
    const events = toTheLine(true);
    const waiting = drive(atOffer(facts), events.slice(0, -1));
    const correction: Fact = {
      condition: "seal",
      holds: false,
      source: "x",
      atMs: atMs + 1,
      detail: "found broken",
    };
    const granted = events.at(-1);
    if (granted === undefined) throw new Error("no grant");
    const advanceWith = (context: MissionContext) =>
      advance(machine, vnOutbound(), context, granted(context));
    expect(saysReady(advanceWith(waiting))).toBe(true);
    const corrected = advanceWith({ ...waiting, facts: [...waiting.facts, correction] });
    expect(saysReady(corrected)).toBe(false);
    expect(corrected.held).toMatchObject({ code: "may-not-cross", detail: "missing: seal" });
  });

  it("says nothing to the partner while its offer is not accepted", () => {
    const facts = CONDITIONS.map(
      (condition): Fact => ({ condition, holds: true, source: "x", atMs, detail: "" }),
    );
    const context = drive(atOffer(facts), toTheLine(true).slice(1));
    expect(saysReady(context)).toBe(false);
    expect(context.outbox.some((effect) => effect.kind === "requestLeg")).toBe(false);
  });
});

describe("a stored mission", () => {
  it("is plain data: it reads back as it was, and goes on as if it had never been away", () => {
    const facts = CONDITIONS.map(
      (condition): Fact => ({ condition, holds: true, source: "x", atMs: atMs - 1, detail: "" }),
    );
    const events = toTheLine(true);
    let stayed = beginMission(machine, atOffer(facts));
    let stored = stayed;
    for (const event of events) {
      const reading = readContext(JSON.parse(JSON.stringify(stored)));
      if (reading.kind === "invalid") throw new Error(reading.detail);
      stored = advance(machine, vnOutbound(), reading.context, event(reading.context));
      stayed = advance(machine, vnOutbound(), stayed, event(stayed));
    }
    expect(JSON.parse(JSON.stringify(stored))).toEqual(JSON.parse(JSON.stringify(stayed)));
    expect(stateOf(stored)).toBe("handoff");
  });

  it("is not touched by an event that it has heard before", () => {
    const facts = CONDITIONS.map(
      (condition): Fact => ({ condition, holds: true, source: "x", atMs: atMs - 1, detail: "" }),
    );
    let context = beginMission(machine, atOffer(facts));
    for (const make of toTheLine(true)) {
      const event = make(context);
      context = advance(machine, vnOutbound(), context, event);
      expect(advance(machine, vnOutbound(), context, event)).toBe(context);
    }
  });

  it("is refused when it is not one", () => {
    expect(readContext({ contextVersion: 1, missionId: "a.b" })).toMatchObject({ kind: "invalid" });
    expect(readContext(undefined)).toMatchObject({ kind: "invalid" });
  });
});

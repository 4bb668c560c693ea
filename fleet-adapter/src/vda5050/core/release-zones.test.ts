import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { VehicleId } from "../../port.ts";
import type { AccessRequest, OperatingMode, RequestStatus, ZoneRequest } from "../model/report.ts";
import type { AccessResponse } from "../model/response.ts";
import {
  close,
  holderOf,
  NO_ZONES,
  type ReleaseZones,
  revoke,
  type ToVehicle,
  takeRequests,
} from "./release-zones.ts";

const ZONE = "set-1/crossing";
const vehicle = (name: string): VehicleId => `sim.${name}` as VehicleId;
const wants = (requestId: string, status: RequestStatus = "REQUESTED"): ZoneRequest => ({
  kind: "zone",
  requestId,
  status,
  zoneId: "crossing",
  zoneSetId: "set-1",
});

class Bench {
  nowMs = 1_000_000;
  state: ReleaseZones = NO_ZONES;
  /** Vehicles that place their own bodies over the zone. */
  readonly over = new Set<string>();

  report(
    name: string,
    requests: readonly AccessRequest[],
    operatingMode: OperatingMode = "AUTOMATIC",
  ): Record<string, AccessResponse["grant"]> {
    const ground = {
      isKnown: ({ zoneSetId }: ZoneRequest): boolean => zoneSetId === "set-1",
      isOver: (): boolean => this.over.has(name),
    };
    const report = { requests, operatingMode };
    const [state, said] = takeRequests(this.state, vehicle(name), report, ground, this.nowMs);
    this.state = state;
    return grantsOf(said);
  }

  shut(keys: readonly string[]): Record<string, AccessResponse["grant"]> {
    const [state, said] = close(this.state, new Set(keys));
    this.state = state;
    return grantsOf(said);
  }
}

const grantsOf = (said: readonly ToVehicle[]): Record<string, AccessResponse["grant"]> =>
  Object.fromEntries(
    said.flatMap(({ vehicleId, responses }) =>
      responses.map((one) => [`${vehicleId} ${one.requestId}`, one.grant]),
    ),
  );

describe("a RELEASE zone", () => {
  it("is granted to the first that asks, the others wait in their order", () => {
    const bench = new Bench();
    expect(bench.report("a", [wants("a1")])).toEqual({ "sim.a a1": "GRANTED" });
    expect(bench.report("b", [wants("b1")])).toEqual({ "sim.b b1": "QUEUED" });
    expect(bench.report("c", [wants("c1")])).toEqual({ "sim.c c1": "QUEUED" });
    expect(bench.report("c", [wants("c1")])).toEqual({});
    expect(bench.report("a", [])).toEqual({ "sim.b b1": "GRANTED" });
  });

  it("is held by a vehicle whose grant was revoked until its own word shows that it is out", () => {
    const bench = new Bench();
    bench.report("a", [wants("a1")]);
    bench.report("b", [wants("b1")]);
    const [revoked, said] = revoke(bench.state, ZONE);
    bench.state = revoked;
    expect(grantsOf(said)).toEqual({ "sim.a a1": "REVOKED" });
    expect(bench.report("a", [wants("a1", "GRANTED")])).toEqual({ "sim.a a1": "REVOKED" });
    expect(bench.report("a", [wants("a1", "REVOKED")])).toEqual({});
    expect(holderOf(bench.state, ZONE)).toBe("sim.a");
    expect(bench.report("a", [])).toEqual({ "sim.b b1": "GRANTED" });
  });

  it("lets nobody in while its ground is closed, and takes the grant of whoever is in there back", () => {
    const bench = new Bench();
    bench.report("a", [wants("a1")]);
    expect(bench.shut([ZONE])).toEqual({ "sim.a a1": "REVOKED" });
    expect(bench.shut([ZONE])).toEqual({});
    expect(bench.report("b", [wants("b1")])).toEqual({ "sim.b b1": "QUEUED" });
    expect(bench.report("a", [])).toEqual({});
    expect(holderOf(bench.state, ZONE)).toBeUndefined();
    expect(bench.shut([])).toEqual({});
    expect(bench.report("b", [wants("b1", "QUEUED")])).toEqual({ "sim.b b1": "GRANTED" });
  });

  it("is held by a vehicle that is silent, however long ago its lease ran out, and by one that a person drives", () => {
    const bench = new Bench();
    bench.report("a", [wants("a1")]);
    bench.nowMs += 3_600_000;
    expect(bench.report("b", [wants("b1")])).toEqual({ "sim.b b1": "QUEUED" });
    expect(bench.report("a", [], "INTERVENED")).toEqual({});
    expect(bench.report("a", [wants("a1", "EXPIRED")])).toEqual({ "sim.a a1": "GRANTED" });
    expect(holderOf(bench.state, ZONE)).toBe("sim.a");
    expect(bench.report("a", [])).toEqual({ "sim.b b1": "GRANTED" });
  });

  it("is granted again to a vehicle that has not heard, and its lease prolonged while it is in there", () => {
    const bench = new Bench();
    bench.report("a", [wants("a1")]);
    expect(bench.report("a", [wants("a1")])).toEqual({ "sim.a a1": "GRANTED" });
    expect(bench.report("a", [wants("a1", "GRANTED")])).toEqual({});
    bench.nowMs += 16_000;
    expect(bench.report("a", [wants("a1", "GRANTED")])).toEqual({ "sim.a a1": "GRANTED" });
  });

  it("belongs to the vehicle that is in it when fleet control starts again", () => {
    const bench = new Bench();
    bench.report("b", [wants("b1", "GRANTED")]);
    expect(holderOf(bench.state, ZONE)).toBe("sim.b");
    expect(bench.report("a", [wants("a1")])).toEqual({ "sim.a a1": "QUEUED" });
  });

  it("is left, once it is open again, by whoever lost its grant in there, under a new request that goes before those that wait", () => {
    const bench = new Bench();
    bench.report("a", [wants("a1")]);
    bench.report("b", [wants("b1")]);
    bench.shut([ZONE]);
    const lost = wants("a1", "REVOKED");
    expect(bench.report("a", [lost, wants("a2")])).toEqual({ "sim.a a2": "QUEUED" });
    expect(bench.report("b", [wants("b1", "QUEUED")])).toEqual({});
    bench.shut([]);
    expect(bench.report("b", [wants("b1", "QUEUED")])).toEqual({ "sim.a a2": "GRANTED" });
    expect(bench.report("a", [wants("a2", "GRANTED")])).toEqual({});
    expect(bench.report("a", [])).toEqual({ "sim.b b1": "GRANTED" });
  });

  it("is held by a vehicle that clears its requests and stands in it, and by the same one when it asks anew", () => {
    const bench = new Bench();
    bench.report("a", [wants("a1")]);
    bench.report("b", [wants("b1")]);
    bench.over.add("a");
    expect(bench.report("a", [])).toEqual({});
    expect(holderOf(bench.state, ZONE)).toBe("sim.a");
    expect(bench.report("a", [wants("a2")])).toEqual({ "sim.a a2": "GRANTED" });
    bench.over.delete("a");
    expect(bench.report("a", [])).toEqual({ "sim.b b1": "GRANTED" });
  });

  it("on closed ground is taken from whoever is in it also when fleet control has just started", () => {
    const bench = new Bench();
    bench.shut([ZONE]);
    expect(bench.report("a", [wants("a1", "GRANTED")])).toEqual({ "sim.a a1": "REVOKED" });
    expect(holderOf(bench.state, ZONE)).toBe("sim.a");
  });

  it("that nobody knows, a way of the vehicle's own and a corridor are rejected: only the ledger gives ground", () => {
    const bench = new Bench();
    const asked: AccessRequest[] = [
      { ...wants("1"), zoneSetId: "another" },
      { kind: "replanning", requestId: "2", status: "REQUESTED", zoneId: "crossing", zoneSetId: "set-1" },
      { kind: "corridor", requestId: "3", status: "REQUESTED", edgeId: "e", sequenceId: 1 },
    ];
    expect(bench.report("a", asked)).toEqual({
      "sim.a 1": "REJECTED",
      "sim.a 2": "REJECTED",
      "sim.a 3": "REJECTED",
    });
  });

  it("never has two vehicles in it, whatever is lost, repeated or revoked", () => {
    const names = ["a", "b", "c"] as const;
    const happening = fc.record({
      who: fc.constantFrom(...names),
      what: fc.constantFrom("ask", "report", "leave", "expire", "anew", "clear", "revoke", "shut", "open"),
      isLost: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 80 }), (happenings) => {
        const bench = new Bench();
        const own = new Map<string, readonly ZoneRequest[]>();
        let count = 0;
        const isInside = (name: string): boolean => bench.over.has(name);
        const hear = (said: Record<string, AccessResponse["grant"]>, isLost: boolean): void => {
          if (isLost) return;
          for (const [named, grant] of Object.entries(said)) {
            const [name = "", requestId] = named.slice(4).split(" ");
            const requests = own.get(name) ?? [];
            const request = requests.find((one) => one.requestId === requestId);
            const isOpen = request?.status === "REQUESTED" || request?.status === "QUEUED";
            if (request === undefined || (!isOpen && request.status !== "GRANTED")) continue;
            if (grant === "GRANTED") {
              own.set(name, [{ ...request, status: "GRANTED" }]);
              bench.over.add(name);
            }
            // It stands where it is, and says so: it is still in there.
            if (grant === "REVOKED" && !isOpen) own.set(name, [{ ...request, status: "REVOKED" }]);
          }
        };
        for (const { who, what, isLost } of happenings) {
          bench.nowMs += 1_000;
          const requests = own.get(who) ?? [];
          const isLostIn = requests.length === 1 && requests[0]?.status !== "GRANTED" && isInside(who);
          if (what === "ask" && requests.length === 0 && !isInside(who))
            own.set(who, [wants(`${who}-${count++}`)]);
          if (what === "expire")
            own.set(
              who,
              requests.map((one) => (one.status === "GRANTED" ? { ...one, status: "EXPIRED" } : one)),
            );
          if (what === "anew" && isLostIn) own.set(who, [...requests, wants(`${who}-${count++}`)]);
          if (what === "clear" || what === "leave") own.set(who, []);
          if (what === "leave") bench.over.delete(who);
          if (what === "shut" || what === "open") hear(bench.shut(what === "shut" ? [ZONE] : []), isLost);
          else if (what === "revoke") {
            const [state, said] = revoke(bench.state, ZONE);
            bench.state = state;
            hear(grantsOf(said), isLost);
          } else hear(bench.report(who, own.get(who) ?? []), isLost);
          expect(names.filter(isInside).length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 500 },
    );
  });
});

import type { Published } from "@baton/fleet-adapter";
import { PROTOCOLS, type Protocol, parseTopic } from "@baton/fleet-adapter/vda5050";
import type { Side } from "@baton/maps";
import type { ValidateFunction } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../sim/src/run/record.ts";
import { loadScenario } from "../../sim/src/scenario/load.ts";
import { runOverTwoLedgers } from "../fast-time/run-over-two-ledgers.ts";
import { HAVE_SCHEMAS, type MessageKind, official } from "./official.ts";

/** A fleet of which each vehicle speaks another version of VDA 5050 than the one before it, on both sides' brokers. */

const HOURS = 0.3;
const VEHICLES = 10;

interface Heard {
  /** Vehicles that were handed over by each version that they speak. */
  readonly crossed: Record<Protocol, Set<string>>;
  /** Messages by version and kind. */
  readonly counts: Map<string, number>;
  readonly faults: string[];
}

async function run(): Promise<{ readonly record: RunRecord; readonly heard: Heard }> {
  const overrides = Array.from({ length: VEHICLES }, (_, index) => ({
    path: `fleet.${index}.protocol`,
    value: PROTOCOLS[index % PROTOCOLS.length],
  }));
  const { scenario, site } = await loadScenario("first-look", overrides);
  const protocols = new Map<string, Protocol>(
    scenario.fleet.flatMap(({ serialNumber, protocol = "2.1" }) =>
      protocol === "ros2" ? [] : [[serialNumber, protocol] as const],
    ),
  );
  const heard: Heard = {
    crossed: { "2.0": new Set(), "2.1": new Set(), "3.0": new Set() },
    counts: new Map(),
    faults: [],
  };
  const take = listener(protocols, heard);
  const record = await runOverTwoLedgers({
    scenario,
    site,
    hours: HOURS,
    listener: { published: take },
  });
  return { record, heard };
}

/** Takes down what is published at each side's broker, and holds it against its version's schema. */
function listener(
  protocols: ReadonlyMap<string, Protocol>,
  heard: Heard,
): (side: Side, published: Published) => void {
  const validators = new Map<string, ValidateFunction>();
  const epochs = new Map<string, number>();
  return (_side, { topic, message }) => {
    const parsed = parseTopic(topic);
    const protocol = protocols.get(parsed?.serialNumber ?? "");
    if (parsed === undefined || protocol === undefined) return;
    const name = `${protocol} ${parsed.subtopic}`;
    heard.counts.set(name, (heard.counts.get(name) ?? 0) + 1);
    if (parsed.topicVersion !== (protocol === "3.0" ? "v3" : "v2")) heard.faults.push(`${topic} to ${name}`);
    if (message === "") return;
    // What goes over a wire is text.
    const payload: unknown = JSON.parse(JSON.stringify(message));
    if (parsed.subtopic === "state") {
      const epoch = epochOf(payload);
      const before = epochs.get(parsed.serialNumber);
      epochs.set(parsed.serialNumber, Math.max(epoch, before ?? epoch));
      if (before !== undefined && epoch > before) heard.crossed[protocol].add(parsed.serialNumber);
    }
    if (!HAVE_SCHEMAS) return;
    const validate = validators.get(name) ?? official(protocol, parsed.subtopic satisfies MessageKind);
    validators.set(name, validate);
    if (!validate(payload))
      heard.faults.push(`${name}: ${JSON.stringify(validate.errors?.[0])} in ${JSON.stringify(payload)}`);
  };
}

function epochOf(state: unknown): number {
  if (typeof state !== "object" || state === null || !("batonControl" in state)) return -1;
  const register = state.batonControl;
  if (typeof register !== "object" || register === null || !("epoch" in register)) return -1;
  return typeof register.epoch === "number" ? register.epoch : -1;
}

describe("a fleet that speaks VDA 5050 2.0, 2.1 and 3.0 side by side", () => {
  it("crosses the border in one ledger, every vehicle in its own version, every message as that version's schema has it", async () => {
    const { record, heard } = await run();
    const replay = `replay: seed ${record.seed}, hash ${record.hash}`;
    expect(heard.faults.slice(0, 5), replay).toEqual([]);
    expect(record.safety, replay).toEqual({ overlaps: [], underLoad: [], stuck: [], unaccounted: [] });
    for (const protocol of PROTOCOLS) {
      expect(heard.crossed[protocol].size, `${protocol} over the line; ${replay}`).toBeGreaterThan(0);
      for (const kind of ["connection", "factsheet", "instantActions", "order", "state"]) {
        expect(
          heard.counts.get(`${protocol} ${kind}`) ?? 0,
          `${protocol} ${kind}; ${replay}`,
        ).toBeGreaterThan(0);
      }
    }
  }, 300_000);
});

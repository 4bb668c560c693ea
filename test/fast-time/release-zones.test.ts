import type { Published } from "@baton/fleet-adapter";
import { checkResponses, checkState } from "@baton/fleet-adapter/vda5050/v3_0";
import { reachesOver, SIDES, type Site, toMapFrame } from "@baton/maps";
import { describe, expect, it } from "vitest";
import type { FastWorld } from "../../sim/src/fast/world.ts";
import type { RunRecord } from "../../sim/src/run/record.ts";
import { loadScenario } from "../../sim/src/scenario/load.ts";
import type { Scenario } from "../../sim/src/scenario/scenario.ts";
import { zoneSetsOf } from "../../sim/src/scenario/zone-sets.ts";
import { runOverTwoLedgers } from "./run-over-two-ledgers.ts";

/** Vehicles of VDA 5050 3.0 that ask before they enter a portal or a scanner hall, with both orchestrators as they ship, in virtual time. */

interface Outcome {
  readonly record: RunRecord;
  readonly alarms: readonly string[];
  /** How often each answer was given, and each status told, over both brokers. */
  readonly said: Readonly<Record<string, number>>;
  /** Instants at which two vehicles that ask for zones were over one, or one was that had no request for it. */
  readonly wrongs: readonly string[];
}

async function run(hours: number): Promise<Outcome> {
  const { scenario, site } = await loadScenario("release-zones");
  const alarms: string[] = [];
  const wrongs: string[] = [];
  const said: Record<string, number> = {};
  const count = (word: string): void => {
    said[word] = (said[word] ?? 0) + 1;
  };
  let world: FastWorld | undefined;
  const record = await runOverTwoLedgers({
    scenario,
    site,
    hours,
    onWorld: (opened) => {
      world = opened;
    },
    listener: {
      alarm: (_side, alarm) => void alarms.push(`${alarm.code} ${alarm.detail}`),
      published: (_side, published) => wordsOf(published).forEach(count),
      second: () => void wrongs.push(...(world === undefined ? [] : wrongsIn(world, scenario, site))),
    },
  });
  return { record, alarms, said, wrongs };
}

function wordsOf({ topic, message }: Published): string[] {
  if (topic.endsWith("/responses")) {
    const checked = checkResponses(message);
    return checked.ok
      ? checked.value.responses.map(({ grantType }) => `answer ${grantType}`)
      : ["answer that is none"];
  }
  if (!topic.startsWith("vda5050/v3") || !topic.endsWith("/state")) return [];
  const checked = checkState(message);
  if (!checked.ok) return [checked.reason];
  return (checked.value.zoneRequests ?? []).map(({ requestStatus }) => `state ${requestStatus}`);
}

function wrongsIn(world: FastWorld, scenario: Scenario, site: Site): string[] {
  return SIDES.flatMap((side) =>
    zoneSetsOf(scenario, site, side).flatMap(({ zones }) =>
      zones.flatMap(({ zoneId, vertices }) => {
        const { mapToSite } = site.file.sides[side];
        const inside = world.vehicles.filter(
          ({ model, now }) =>
            model.protocol === "3.0" && reachesOver(vertices, toMapFrame(mapToSite, now().pose), model),
        );
        const names = inside.map(({ model }) => model.vehicleId);
        const isUnasked = ({ now }: (typeof inside)[number]): boolean =>
          !now().zoneWork.requests.some((one) => one.zoneId === zoneId);
        return [
          ...(inside.length > 1 ? [`${zoneId}: ${names.join(", ")}`] : []),
          ...inside.filter(isUnasked).map(({ model }) => `${zoneId}: ${model.vehicleId} has not asked`),
        ];
      }),
    ),
  );
}

const delivered = ({ missions }: RunRecord, side: "vn" | "cn"): number =>
  missions.filter((one) => one.side === side && one.bound === "inbound" && one.status === "done").length;

describe("RELEASE zones over portals and scanner halls", () => {
  it("let one vehicle in at a time, the next one waits, and containers pass both ways without an alarm", async () => {
    const { record, alarms, said, wrongs } = await run(0.2);
    const replay = `replay: seed ${record.seed}, hash ${record.hash}; ${JSON.stringify(said)}`;
    expect(wrongs, replay).toEqual([]);
    expect(record.safety, replay).toEqual({ overlaps: [], underLoad: [], stuck: [], unaccounted: [] });
    expect(alarms, replay).toEqual([]);
    expect(said["state GRANTED"], replay).toBeGreaterThan(10);
    expect(said["state QUEUED"], replay).toBeGreaterThan(0);
    expect(said["answer REJECTED"], replay).toBeUndefined();
    expect(said["state EXPIRED"], "no lease runs out while all are heard").toBeUndefined();
    expect(delivered(record, "vn"), replay).toBeGreaterThan(0);
    expect(delivered(record, "cn"), replay).toBeGreaterThan(0);
  }, 300_000);
});

import { type Ids, type ManualClock, manualClock } from "@baton/fleet-adapter";
import type { Side, Site } from "@baton/maps";
import { loadSite, siteDirectory } from "@baton/maps/files";
import type { TransportOrderRequest } from "../../contract/index.ts";
import { passingLine } from "../../dispatch/line-choice.ts";
import type { DispatchRules } from "../../dispatch/rules.ts";
import type { PassingLine, Yard } from "../../dispatch/yard.ts";
import { yardOfSite } from "../../dispatch/yard-of-site.ts";
import { checkDigitOf } from "../../gate/iso6346.ts";
import type { MissionControl } from "../control-port.ts";
import { memoryMissionStore } from "../memory-mission-store.ts";
import { createMissionControl } from "../mission-control.ts";
import type { Procedure } from "../procedure.ts";
import { loadProcedures } from "../procedure-files.ts";
import type { MissionStore } from "../store.ts";
import { FakeWorld } from "./fake-world.ts";

export async function siteNamed(siteId: string): Promise<Site> {
  const result = await loadSite(siteDirectory(siteId));
  if (!result.ok) throw new Error(`the site ${siteId} does not load`);
  return result.site;
}

export const miniSite = (): Promise<Site> => siteNamed("mini");

/** Where a vehicle with an export passes the line. */
export function exportLine(yard: Yard): PassingLine {
  const line = passingLine(yard, "export");
  if (line === undefined) throw new Error("no export passes the line here");
  return line;
}

interface Ground {
  readonly site: Site;
  readonly procedures: readonly Procedure[];
  readonly yards: Record<Side, Yard>;
}

let ground: Promise<Ground> | undefined;

/** Read once: many worlds stand on the same ground. */
function theGround(): Promise<Ground> {
  ground ??= (async () => {
    const site = await miniSite();
    return {
      site,
      procedures: await loadProcedures(),
      yards: { vn: yardOfSite(site, "vn"), cn: yardOfSite(site, "cn") },
    };
  })();
  return ground;
}

export const containerNo = (serial: number): string => {
  const firstTen = `BTNU${String(serial).padStart(6, "0")}`;
  return `${firstTen}${checkDigitOf(firstTen)}`;
};

export const order = (serial: number, from: Side): TransportOrderRequest => ({
  orderId: `order-${from}-${serial}`,
  direction: from === "vn" ? "export" : "import",
  containerNo: containerNo(from === "vn" ? serial : serial + 500_000),
  sizeType: "45G1",
  declaredGrossKg: 20_000,
  goodsSummary: "dragon fruit",
  declarationNo: "D-1",
  channel: "green",
  truckPlate: "12C-345.67",
  sealNo: `SEAL-${serial}`,
});

/** Two sides with their own missions and stores, in one fake world, on a clock that the test moves. */
export class TwoSides {
  readonly site: Site;
  readonly procedures: readonly Procedure[];
  readonly clock: ManualClock = manualClock(Date.parse("2026-11-22T00:00:00Z"));
  readonly world: FakeWorld;
  readonly stores: Record<Side, MissionStore> = { vn: memoryMissionStore(), cn: memoryMissionStore() };
  readonly controls: Partial<Record<Side, MissionControl>> = {};
  /** Of processes that start from then on. */
  dispatch: Partial<DispatchRules> = {};
  #ids = 0;

  constructor({ site, procedures, yards }: Ground) {
    this.site = site;
    this.procedures = procedures;
    this.world = new FakeWorld(yards, this.clock);
  }

  /** `change`: another site on the same roads, other procedures. */
  static async create(change: (ground: Ground) => Ground = (ground) => ground): Promise<TwoSides> {
    return new TwoSides(change(await theGround()));
  }

  control(side: Side): MissionControl {
    const control = this.controls[side];
    if (control === undefined) throw new Error(`${side} is not up`);
    return control;
  }

  async start(side: Side, store: MissionStore = this.stores[side]): Promise<void> {
    const ids: Ids = { next: () => `id-${++this.#ids}` };
    const silent = { info: () => {}, warn: () => {}, error: () => {} };
    const handoffs = this.world.handoffsOf(side);
    const control = createMissionControl({
      side,
      site: this.site,
      procedures: this.procedures,
      store,
      reservation: this.world.reservationOf(side),
      devices: this.world.devicesOf(side),
      handoffs,
      fleet: this.world.fleetOf(side),
      dispatch: this.dispatch,
      clock: this.clock,
      timers: this.clock,
      ids,
      log: silent,
      alarms: this.world.alarmsOf(side),
      onChange: () => {},
    });
    this.controls[side] = control;
    await handoffs.start();
    await control.start();
  }

  async startBoth(): Promise<void> {
    await this.start("vn");
    await this.start("cn");
  }

  /** The process of a side is gone, in the middle of whatever it did. */
  kill(side: Side): void {
    void this.controls[side]?.stop();
    delete this.controls[side];
    this.world.deafen(side);
  }

  /** Lets the world go on until `done`, or until `maxSeconds` of its time have passed. */
  async run(
    done: () => boolean,
    options: { maxSeconds?: number; pick?: (count: number) => number } = {},
  ): Promise<boolean> {
    const untilMs = this.clock.nowMs() + (options.maxSeconds ?? 3_600) * 1_000;
    while (!done()) {
      await this.settle();
      if (done()) return true;
      if (this.clock.nowMs() > untilMs) return false;
      const before = this.world.pendingCount;
      for (let i = 0; i < before; i++) this.world.step(options.pick);
      this.clock.advance(1_000);
    }
    return true;
  }

  async settle(): Promise<void> {
    for (const side of ["vn", "cn"] as const) await this.controls[side]?.settled();
  }

  statuses(): readonly string[] {
    return (["vn", "cn"] as const).flatMap((side) =>
      (this.controls[side]?.views() ?? []).map(
        (view) => `${view.missionId} ${side} ${view.bound} ${view.status} ${view.step}`,
      ),
    );
  }

  allDone(count: number): boolean {
    const views = (["vn", "cn"] as const).flatMap((side) => this.controls[side]?.views() ?? []);
    return (
      views.filter((view) => view.status === "done").length >= count &&
      views.every((view) => view.status === "done" || view.status === "returned")
    );
  }
}

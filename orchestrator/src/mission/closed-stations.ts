import type { StationId } from "@baton/maps";
import { CLOSABLE_STATIONS } from "../contract/index.ts";
import { stationOf, type Yard } from "../dispatch/yard.ts";
import type { StationOutcome } from "./control-port.ts";
import type { StationClosure } from "./store.ts";
import type { StoreKeeper } from "./store-keeper.ts";
import type { WorkQueue } from "./work-queue.ts";

export interface ClosedStationsPorts {
  readonly yard: Yard;
  readonly keeper: Pick<StoreKeeper, "close" | "open" | "closures">;
  readonly queue: Pick<WorkQueue, "ask">;
  readonly nowMs: () => number;
  /** Another station is closed or open than before. */
  readonly onChange: () => void;
}

/** Stations that people have closed: nobody is sent there. */
export class ClosedStations {
  readonly #ports: ClosedStationsPorts;
  #ids: { readonly of: readonly StationClosure[]; readonly ids: ReadonlySet<StationId> } | undefined;

  constructor(ports: ClosedStationsPorts) {
    this.#ports = ports;
  }

  close({ stationId, reason, by }: Omit<StationClosure, "sinceMs">): Promise<StationOutcome> {
    const { queue, yard, keeper, nowMs, onChange } = this.#ports;
    return queue.ask(async () => {
      const station = stationOf(yard, stationId);
      if (station === undefined) return "unknown";
      if (!CLOSABLE_STATIONS.some((kind) => kind === station.kind)) return "not-closable";
      if (this.ids().has(stationId)) return "as-it-was";
      if (!(await keeper.close({ stationId, reason, by, sinceMs: nowMs() }))) return "not-kept";
      onChange();
      return "done";
    });
  }

  open(stationId: StationId): Promise<StationOutcome> {
    const { queue, yard, keeper, onChange } = this.#ports;
    return queue.ask(async () => {
      if (stationOf(yard, stationId) === undefined) return "unknown";
      if (!this.ids().has(stationId)) return "as-it-was";
      if (!(await keeper.open(stationId))) return "not-kept";
      onChange();
      return "done";
    });
  }

  /** In the order in which they were closed; the same array until one is closed or opened. */
  closures(): readonly StationClosure[] {
    return this.#ports.keeper.closures;
  }

  /** The same set until one is closed or opened. */
  ids(): ReadonlySet<StationId> {
    const { closures } = this.#ports.keeper;
    if (this.#ids?.of !== closures)
      this.#ids = { of: closures, ids: new Set(closures.map(({ stationId }) => stationId)) };
    return this.#ids.ids;
  }
}

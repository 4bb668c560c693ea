import { Gauge, Registry } from "prom-client";

/** A figure that a room keeps anyway, read when Prometheus asks. */
export interface Figure {
  readonly name: string;
  readonly help: string;
  readonly read: () => number;
}

/** One registry a side, so that two sides in one process (tests) do not mix. */
export function registryOf(side: string, figures: readonly Figure[]): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ side });
  for (const { name, help, read } of figures) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  }
  return registry;
}

import { parseArgs } from "node:util";

/** What `npm start` can be told. */
export interface DemoOptions {
  readonly scenario: string;
  /** How much faster than real time the simulated world runs. */
  readonly speed: number;
  /** Forget what an earlier run left. */
  readonly fresh: boolean;
  /** Show every process's log on the terminal, not only warnings. */
  readonly verbose: boolean;
}

export const USAGE = `npm start -- [--scenario two-points] [--speed 1] [--fresh] [--verbose]

  --scenario NAME  a scenario of \`npm run sim -- scenarios\` (default two-points)
  --speed N        run the simulated world N times faster (1 to 20)
  --fresh          forget what an earlier run left
  --verbose        show every process's log

Settings that replace an embedded part: REDIS_URL_VN, REDIS_URL_CN, MQTT_URL_VN, MQTT_URL_CN.`;

/** Reads the command line; a text is what to tell the person instead of starting. */
export function optionsFrom(args: readonly string[]): DemoOptions | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        scenario: { type: "string", default: "two-points" },
        speed: { type: "string", default: "1" },
        fresh: { type: "boolean", default: false },
        verbose: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) return USAGE;
    const speed = Number(values.speed);
    if (!(speed >= 1 && speed <= 20))
      return `--speed ${values.speed}: a number from 1 to 20, please.\n\n${USAGE}`;
    return { scenario: values.scenario, speed, fresh: values.fresh, verbose: values.verbose };
  } catch (error) {
    return `${error instanceof Error ? error.message : "cannot read the command line"}\n\n${USAGE}`;
  }
}

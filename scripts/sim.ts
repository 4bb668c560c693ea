import { fileURLToPath } from "node:url";

/** Trials of what the simulator runs, by their names; each reads its own arguments. */
const TRIALS: Readonly<
  Record<string, { readonly about: string; run(args: readonly string[]): Promise<number> }>
> = {
  torture: {
    about: "Try the reservation engine with random traffic, crashes and lost writes (torture --help)",
    run: async (args) => (await import("../test/torture/cli.ts")).torture(args),
  },
  explore: {
    about:
      "Go through every run of the hand-off within bounds, or walk at random beyond them (explore --help)",
    run: async (args) => (await import("../test/explore/cli.ts")).exploration(args),
  },
};

/** `npm run sim -- …`: the simulator's command line, and the trials. */
const [subcommand, ...rest] = process.argv.slice(2);
const trial = subcommand === undefined ? undefined : TRIALS[subcommand];
if (trial !== undefined) {
  process.exit(await trial.run(rest));
} else {
  const { simCli } = await import("../sim/src/cli.ts");
  await simCli(process.argv, {
    script: fileURLToPath(import.meta.url),
    startRedis: async () => {
      const { startRedis } = await import("./provision/redis.ts");
      return startRedis({ durability: "none", socket: true, apart: true });
    },
    trials: Object.entries(TRIALS).map(([name, { about }]) => ({ name, about })),
  });
}

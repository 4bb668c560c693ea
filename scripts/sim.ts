import { fileURLToPath } from "node:url";

/**
 * `npm run sim -- …`: the simulator's command line, and trials of the reservation engine (`torture`)
 * and of the hand-off (`explore`).
 */
const [subcommand, ...rest] = process.argv.slice(2);
if (subcommand === "torture") {
  const { torture } = await import("../test/torture/cli.ts");
  process.exit(await torture(rest));
} else if (subcommand === "explore") {
  const { exploration } = await import("../test/explore/cli.ts");
  process.exit(exploration(rest));
} else {
  const { simCli } = await import("../sim/src/cli.ts");
  await simCli(process.argv, {
    script: fileURLToPath(import.meta.url),
    startRedis: async () => {
      const { startRedis } = await import("./provision/redis.ts");
      return startRedis({ durability: "none", socket: true });
    },
  });
}

/** `npm run sim -- …`: the simulator's command line, and trials of the reservation engine (`torture`). */
const [subcommand, ...rest] = process.argv.slice(2);
if (subcommand === "torture") {
  const { torture } = await import("../test/torture/cli.ts");
  process.exit(await torture(rest));
} else {
  await import("../sim/src/cli.ts");
}

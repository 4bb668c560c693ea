import { type ParseArgsConfig, parseArgs } from "node:util";

/**
 * The arguments of a command as `parseArgs` reads them. `--help` prints the usage and ends the process with 0; what cannot be
 * read is told with the usage, and ends it with 2.
 */
export function commandLine<T extends ParseArgsConfig>(
  usage: string,
  config: T,
): ReturnType<typeof parseArgs<T>> {
  if (process.argv.slice(2).includes("--help")) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}

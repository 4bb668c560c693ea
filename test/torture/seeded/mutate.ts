import { cp, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Ledger } from "../../../orchestrator/src/reservation/ledger/ledger.ts";
import type { CoreUnderTest } from "../core-under-test.ts";

/** One change of a source text. The text must be there exactly once, so that no fault silently stops being one. */
export interface Mutation {
  /** Below `orchestrator/src/reservation`. */
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

const ORCHESTRATOR = fileURLToPath(new URL("../../../orchestrator/", import.meta.url));

export interface MutatedCore {
  readonly core: CoreUnderTest;
  dispose(): Promise<void>;
}

/** A copy of the reservation room with changes, loaded from a folder of its own beside the same dependencies. */
export async function mutatedCore(mutations: readonly Mutation[]): Promise<MutatedCore> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "baton-seeded-bug-")));
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const source = join(folder, "src", "reservation");
    await cp(join(ORCHESTRATOR, "src", "reservation"), source, {
      recursive: true,
      filter: (path) => !path.endsWith(".test.ts"),
    });
    await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module", private: true }));
    await symlink(join(ORCHESTRATOR, "node_modules"), join(folder, "node_modules"));
    for (const mutation of mutations) await mutate(source, mutation);
    return { core: await load(source), dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function mutate(source: string, { file, find, put }: Mutation): Promise<void> {
  const path = join(source, file);
  const text = await readFile(path, "utf8");
  const times = text.split(find).length - 1;
  if (times !== 1) {
    throw new Error(
      `${file} has ${JSON.stringify(find)} ${times} times, not once: the source has changed, so seed the bug anew (${dirname(path)})`,
    );
  }
  await writeFile(
    path,
    text.replace(find, () => put),
  );
}

/** The entry points of a copy have the types of the original, of which it is a copy. */
async function load(source: string): Promise<CoreUnderTest> {
  const from = async <T>(file: string): Promise<T> => import(pathToFileURL(join(source, file)).href);
  const service = await from<Pick<CoreUnderTest, "createReservation">>("service.ts");
  const orders = await from<Pick<CoreUnderTest, "createOrderWriter">>("orders.ts");
  const model = await from<{ createModelLedger(): Ledger }>("ledger/model.ts");
  const ledger = await from<Pick<CoreUnderTest, "LedgerUnreachable">>("ledger/ledger.ts");
  return {
    createReservation: service.createReservation,
    createOrderWriter: orders.createOrderWriter,
    createLedger: model.createModelLedger,
    LedgerUnreachable: ledger.LedgerUnreachable,
  };
}

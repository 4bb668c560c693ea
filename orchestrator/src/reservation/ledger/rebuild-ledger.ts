import type { Network } from "@baton/maps";
import type { CoreSettings } from "../core/kinematics.ts";
import { changeBetween, type Rebuilt, rebuild } from "../core/rebuild.ts";
import { type LedgerContent, LedgerMismatch } from "../core/restore.ts";
import { type Account, type Witnesses, WitnessesAway } from "../port.ts";
import { type Ledger, LedgerUnreachable } from "./ledger.ts";

interface Means {
  readonly network: Network;
  readonly ledger: Ledger;
  readonly witnesses?: Witnesses;
  readonly log: { warn(fields: object, message: string): void };
}

/**
 * Makes a ledger that may have lost ticks true again, and commits that. It counts as whole (`settle`) only when the
 * commands that come of it are obeyed and committed too; crashed before that, it is done anew.
 * Throws `LedgerUnreachable` (try again) and `LedgerMismatch` (a person must look).
 */
export async function rebuildLedger(
  { network, ledger, witnesses, log }: Means,
  settings: CoreSettings,
  epoch: number,
  content: LedgerContent,
  nowTick: number,
): Promise<Pick<Rebuilt, "content" | "commands">> {
  if (witnesses === undefined) {
    throw new LedgerMismatch(
      "the ledger may have lost ticks (its server was promoted, or began anew without its append-only file), and nobody can ask the vehicles where they are: give the service its witnesses",
    );
  }
  const accounts = await accountsFrom(witnesses, content);
  const tick = Math.max(content.lastTick + 1, nowTick);
  const {
    content: rebuilt,
    commands,
    unaccounted,
    regained,
  } = rebuild(network, settings, content, accounts, tick);
  log.warn({ epoch, lastTick: content.lastTick, regained, unaccounted }, "the ledger was rebuilt");
  const change = changeBetween(content, rebuilt, tick);
  const outcome = await ledger.commit({ epoch, previousTick: content.lastTick, change, keepFromTick: 0 });
  if (outcome.kind !== "committed" && outcome.kind !== "repeated") {
    throw new LedgerMismatch(`the ledger refused what it was rebuilt to: ${JSON.stringify(outcome)}`);
  }
  return { content: { ...rebuilt, lastTick: tick }, commands };
}

async function accountsFrom(witnesses: Witnesses, content: LedgerContent): Promise<readonly Account[]> {
  try {
    return await witnesses.accounts([...content.vehicles.keys()]);
  } catch (cause) {
    if (!(cause instanceof WitnessesAway)) throw cause;
    throw new LedgerUnreachable(`the ledger has lost ticks, and ${cause.message}`, { cause });
  }
}

import type { VehicleId } from "@baton/fleet-adapter";
import type { BlockId, Network } from "@baton/maps";
import type { Account, ClosureId } from "../port.ts";
import type { BlocksOf, TickChange } from "./change.ts";
import { createZone } from "./create-zone.ts";
import { type CoreSettings, lookaheadM } from "./kinematics.ts";
import { hasCircle } from "./order-circle.ts";
import { fill, type LedgerContent, LedgerMismatch } from "./restore.ts";
import { at } from "./runs.ts";
import { sectionOf } from "./section.ts";
import type { Recorded, StoredClosure, StoredItinerary, StoredVehicle } from "./stored.ts";
import { type Remembered, testimonyOf } from "./testimony.ts";
import { cutAfter } from "./told-way.ts";
import type { Command } from "./zone.ts";

export interface Rebuilt {
  readonly content: LedgerContent;
  /** Vehicles that did not say where they are, or whose word does not go with the ledger's or another vehicle's. */
  readonly unaccounted: readonly Unaccounted[];
  /** Makes obstacles of them, and closes their sections: to be obeyed before anything is granted. */
  readonly commands: readonly Command[];
  /** Blocks that are granted now and were not, or to somebody else. */
  readonly regained: number;
}

export interface Unaccounted {
  readonly vehicleId: VehicleId;
  readonly why: string;
}

/** The closure around a vehicle that is not accounted for. */
export function closureAround(vehicleId: VehicleId): ClosureId {
  const text: string = `unaccounted/${vehicleId}`;
  return text as ClosureId;
}

/**
 * Makes a ledger that may have lost its newest ticks true again, from what vehicles say themselves. A vehicle that
 * answered a fresh probe holds what it is released to drive, what its tail has not left, and what the ledger still
 * grants it on the same leg; ground that it held for another leg is freed by its own word, as by any report. A vehicle
 * that is not accounted for keeps all that the ledger grants it, is a fixed obstacle, and its section is closed: the
 * ground that it held and as far on as it can have come since the ledger's last tick. The rest goes on.
 *
 * The order of claims stays when it goes with the grants; where what was lost had changed it so that it would go
 * round in a circle, what is not granted is given up by all, and planned again.
 * Throws `LedgerMismatch` when two vehicles say that they stand on the same ground.
 */
export function rebuild(
  network: Network,
  settings: CoreSettings,
  content: LedgerContent,
  accounts: readonly Account[],
  nowTick: number,
): Rebuilt {
  const world = { network, settings };
  const itineraries = new Map<VehicleId, StoredItinerary>();
  const vehicles = new Map<VehicleId, StoredVehicle>();
  const needs = new Map<VehicleId, ReadonlySet<number>>();
  const wrong = new Map<VehicleId, string>();
  const commands: Command[] = [];
  const fresh = new Map(
    accounts.filter((account) => account.confirmedProbe).map((account) => [account.vehicleId, account]),
  );
  for (const vehicleId of new Set([...content.vehicles.keys(), ...fresh.keys()])) {
    const vehicle = content.vehicles.get(vehicleId);
    const remembered: Remembered | undefined = vehicle && {
      vehicle,
      itinerary: content.itineraries.get(vehicleId),
    };
    const account = fresh.get(vehicleId);
    const testimony = account && testimonyOf(world, account, remembered);
    if (testimony === undefined) {
      wrong.set(
        vehicleId,
        account === undefined
          ? "it did not say where it is since the ledger lost ticks"
          : "where it says it is does not go with what the ledger knows of it",
      );
    } else {
      needs.set(vehicleId, testimony.needs);
      const { stuck } = testimony;
      if (stuck !== undefined) commands.push({ kind: "fail", vehicleId, reason: stuck });
    }
    const known = testimony ?? remembered;
    // Said by someone of whom nothing else is known, and not to be understood: there is nothing to keep.
    if (known === undefined) continue;
    vehicles.set(vehicleId, afterAllTold(known.vehicle, nowTick - content.lastTick));
    if (known.itinerary !== undefined) itineraries.set(vehicleId, known.itinerary);
  }

  const grants = shareGround(network, content, vehicles, needs, wrong);
  const reachM = reachSince(settings, content.lastTick, nowTick);
  for (const [vehicleId, why] of wrong) {
    if (!vehicles.has(vehicleId)) continue;
    const held = new Set(needs.get(vehicleId));
    for (const [blockId, holder] of content.grants) {
      if (holder === vehicleId) held.add(network.blockIndex(blockId) ?? -1);
    }
    commands.push({ kind: "fail", vehicleId, reason: why });
    commands.push({
      kind: "close",
      closure: {
        closureId: closureAround(vehicleId),
        edgeIds: sectionOf(network, held, reachM),
        reason: `${vehicleId} is not accounted for: ${why}`,
      },
    });
  }

  const rebuilt = { ...content, grants, itineraries, vehicles };
  let regained = 0;
  for (const [blockId, holder] of grants) if (content.grants.get(blockId) !== holder) regained++;
  return {
    content: isInOrder(network, settings, rebuilt) ? rebuilt : withoutClaims(rebuilt),
    unaccounted: Array.from(wrong, ([vehicleId, why]) => ({ vehicleId, why })),
    commands,
    regained,
  };
}

/** A vehicle was told of at most one revision a tick; what it is told next must be newer than any of those. */
function afterAllTold(vehicle: StoredVehicle, lostTicks: number): StoredVehicle {
  const { leg } = vehicle;
  if (leg === undefined) return vehicle;
  const revision = leg.revision + Math.max(0, lostTicks) + 1;
  return { ...vehicle, version: vehicle.version + 1, leg: { ...leg, revision } };
}

/** Who holds what: by their own word those who gave it, by the ledger's the others. Contradictions go into `wrong`. */
function shareGround(
  network: Network,
  content: LedgerContent,
  vehicles: ReadonlyMap<VehicleId, StoredVehicle>,
  needs: ReadonlyMap<VehicleId, ReadonlySet<number>>,
  wrong: Map<VehicleId, string>,
): Map<BlockId, VehicleId> {
  const grants = new Map<BlockId, VehicleId>();
  for (const [blockId, holder] of content.grants) if (!needs.has(holder)) grants.set(blockId, holder);
  for (const [vehicleId, blocks] of needs) {
    for (const block of blocks) {
      const blockId = at(network.blocks.ids, block);
      const other = grants.get(blockId);
      if (other === undefined || other === vehicleId) {
        grants.set(blockId, vehicleId);
        continue;
      }
      if (needs.has(other) && stands(vehicles.get(vehicleId)) && stands(vehicles.get(other))) {
        throw new LedgerMismatch(
          `${vehicleId} and ${other} both say that they stand on ${blockId}: a person has to look, and remove one of them`,
        );
      }
      // The one that stands cannot be without its ground; nothing new is granted to either.
      if (stands(vehicles.get(vehicleId))) grants.set(blockId, vehicleId);
      wrong.set(vehicleId, `${other} may be on ${blockId}, which it needs`);
      wrong.set(other, `${vehicleId} may be on ${blockId}, which it needs`);
    }
  }
  return grants;
}

function stands(vehicle: StoredVehicle | undefined): boolean {
  return vehicle !== undefined && (vehicle.leg === undefined || vehicle.leg.completed);
}

/** How far beyond what the ledger knows a vehicle can be: it drove since, on grants that the ledger forgot. */
function reachSince(settings: CoreSettings, lastTick: number, nowTick: number): number {
  const { maxSpeedMps } = settings.kinematics;
  const sinceS = (Math.max(0, nowTick - lastTick) * settings.tickMs) / 1000;
  return maxSpeedMps * sinceS + lookaheadM(settings, maxSpeedMps);
}

function isInOrder(network: Network, settings: CoreSettings, content: LedgerContent): boolean {
  const zone = createZone(network, settings);
  fill(zone, content);
  return !hasCircle(zone);
}

/** Everybody's leg ends where its grants end, to be planned again from there. */
function withoutClaims(content: LedgerContent): LedgerContent {
  const itineraries = new Map(content.itineraries);
  const vehicles = new Map(content.vehicles);
  for (const [vehicleId, vehicle] of content.vehicles) {
    const itinerary = content.itineraries.get(vehicleId);
    const { leg } = vehicle;
    if (leg === undefined || itinerary === undefined || leg.grantedRuns >= itinerary.runs.length) continue;
    const version = vehicle.version + 1;
    itineraries.set(vehicleId, { ...cutAfter(itinerary, leg.grantedRuns), version });
    vehicles.set(vehicleId, { ...vehicle, version, leg: { ...leg, itinerary: version } });
  }
  return { ...content, itineraries, vehicles, orders: new Map() };
}

/** What has to be committed to take the ledger from one content to another. */
export function changeBetween(before: LedgerContent, after: LedgerContent, tick: number): TickChange {
  const releases = new Map<VehicleId, BlockId[]>();
  const grants = new Map<VehicleId, BlockId[]>();
  const note = (to: Map<VehicleId, BlockId[]>, vehicleId: VehicleId, blockId: BlockId): void => {
    to.set(vehicleId, [...(to.get(vehicleId) ?? []), blockId]);
  };
  for (const [blockId, holder] of before.grants) {
    if (after.grants.get(blockId) !== holder) note(releases, holder, blockId);
  }
  for (const [blockId, holder] of after.grants) {
    if (before.grants.get(blockId) !== holder) note(grants, holder, blockId);
  }
  const list = (of: ReadonlyMap<VehicleId, BlockId[]>): BlocksOf[] =>
    Array.from(of, ([vehicleId, blockIds]) => ({ vehicleId, blockIds }));
  return {
    tick,
    releases: list(releases),
    grants: list(grants),
    itineraries: differing(before.itineraries, after.itineraries),
    vehicles: differing(before.vehicles, after.vehicles),
    closures: differing<ClosureId, StoredClosure>(before.closures, after.closures),
    orders: differing(before.orders, after.orders),
  };
}

function differing<Id extends string, Stored>(
  before: ReadonlyMap<Id, Stored>,
  after: ReadonlyMap<Id, Stored>,
): Recorded<Id, Stored>[] {
  const changed: Recorded<Id, Stored>[] = [];
  for (const id of before.keys()) if (!after.has(id)) changed.push({ id, stored: undefined });
  for (const [id, stored] of after) if (before.get(id) !== stored) changed.push({ id, stored });
  return changed;
}

import type { VehicleId } from "@baton/fleet-adapter";
import type { BlockId } from "@baton/maps";
import { pack, unpack } from "msgpackr";
import Type from "typebox";
import { Compile } from "typebox/compile";
import type { BlocksOf, TickChange } from "../core/change.ts";
import { type Recorded, StoredClosure, StoredItinerary, StoredVehicle } from "../core/stored.ts";
import type { ClosureId } from "../port.ts";
import type { TickCommit } from "./ledger.ts";

/** One entry of the tick stream: what became true with a tick. */
export interface TapeEntry {
  readonly tick: number;
  readonly epoch: number;
  readonly releases: readonly BlocksOf[];
  readonly grants: readonly BlocksOf[];
  /** Plans made; `undefined` for a vehicle that has none any more. */
  readonly itineraries: readonly Recorded<VehicleId, StoredItinerary>[];
  readonly vehicles: readonly Recorded<VehicleId, StoredVehicle>[];
  readonly closures: readonly Recorded<ClosureId, StoredClosure>[];
}

/** What of a tick is the same however often it is sent, and to whom. */
const packed = new WeakMap<TickChange, Buffer>();

/** The one argument of `commit-tick`, as its header says. Flat lists: the script passes them on as they are. */
export function packCommit(commit: TickCommit, lineage: string): Buffer {
  const { epoch, previousTick, keepFromTick, change } = commit;
  const body = packed.get(change) ?? packChange(change);
  packed.set(change, body);
  return Buffer.concat([pack([epoch, lineage, previousTick, change.tick, keepFromTick]), body]);
}

function packChange(change: TickChange): Buffer {
  return Buffer.concat([
    pack([
      groups(change.releases),
      groups(change.grants),
      records(change.itineraries, JSON.stringify),
      records(change.vehicles, JSON.stringify),
      records(change.closures, JSON.stringify),
    ]),
    pack(records(change.orders, (order) => order)),
  ]);
}

function groups(of: readonly BlocksOf[]): unknown[] {
  const flat: unknown[] = [];
  for (const { vehicleId, blockIds } of of) flat.push(vehicleId, blockIds);
  return flat;
}

function records<Stored>(
  of: readonly Recorded<string, Stored>[],
  textOf: (stored: Stored) => string,
): [string[], string[]] {
  const written: string[] = [];
  const gone: string[] = [];
  for (const { id, stored } of of) {
    if (stored === undefined) gone.push(id);
    else written.push(id, textOf(stored));
  }
  return [written, gone];
}

const id = <Id extends string>() => Type.Unsafe<Id>(Type.String());
const Texts = Type.Array(Type.String());
const Groups = Type.Array(Type.Union([id<VehicleId>(), Type.Array(id<BlockId>())]));
const checkTape = Compile(
  Type.Tuple([
    Groups,
    Groups,
    Type.Tuple([Texts, Texts]),
    Type.Tuple([Texts, Texts]),
    Type.Tuple([Texts, Texts]),
  ]),
);
const checkItinerary = Compile(StoredItinerary);
const checkVehicle = Compile(StoredVehicle);
const checkClosure = Compile(StoredClosure);

/** Reads an entry of the tick stream back. Throws for one that this version did not write. */
export function unpackTape(tick: number, epoch: number, tape: Buffer): TapeEntry {
  const [releases, grants, itineraries, vehicles, closures] = checkTape.Parse(unpack(tape));
  return {
    tick,
    epoch,
    releases: ungroup(releases),
    grants: ungroup(grants),
    itineraries: unrecord<VehicleId, StoredItinerary>(itineraries, checkItinerary),
    vehicles: unrecord<VehicleId, StoredVehicle>(vehicles, checkVehicle),
    closures: unrecord<ClosureId, StoredClosure>(closures, checkClosure),
  };
}

function ungroup(flat: readonly (VehicleId | BlockId[])[]): BlocksOf[] {
  const of: BlocksOf[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const vehicleId = flat[i];
    const blockIds = flat[i + 1];
    if (typeof vehicleId === "string" && Array.isArray(blockIds)) of.push({ vehicleId, blockIds });
  }
  return of;
}

function unrecord<Id extends string, Stored>(
  [written, gone]: readonly [readonly string[], readonly string[]],
  check: { Parse(value: unknown): Stored },
): Recorded<Id, Stored>[] {
  const of: Recorded<Id, Stored>[] = [];
  for (let i = 0; i + 1 < written.length; i += 2) {
    of.push({ id: written[i] as Id, stored: check.Parse(JSON.parse(written[i + 1] ?? "")) });
  }
  for (const one of gone) of.push({ id: one as Id, stored: undefined });
  return of;
}

import type { VehicleId } from "../../port.ts";
import type { AccessRequest, Report, ZoneRequest } from "../model/report.ts";
import type { AccessResponse } from "../model/response.ts";

/**
 * Who may be in which `RELEASE` zone (VDA 5050 3.0 sections 6.4.3 and 6.9). One vehicle at a time; the others wait in
 * the order in which they asked. It is a lock beside the ledger's, never instead of it: vehicles of 2.x ask for no zone.
 *
 * A zone is held from the moment a grant is sent until the vehicle's own word shows that it is out: a report, in a mode
 * in which it would list them, that lists the request no more, and places its body outside. A lease that has run out, a
 * grant that was revoked, a vehicle that is silent, one that cleared its requests with its order where it stands (section
 * 6.6.7): all of them still hold.
 */
export interface ReleaseZones {
  /** By `<zoneSetId>/<zoneId>`; zones that nobody holds or wants are not there. */
  readonly zones: ReadonlyMap<string, ZoneUse>;
  /** Zones on ground that is closed, by the same names: nobody is let in, and who waits goes on waiting. */
  readonly closed: ReadonlySet<string>;
}

interface ZoneUse {
  readonly holder: Claimant | undefined;
  /** In the order in which they asked. */
  readonly waiting: readonly Claimant[];
}

interface Claimant {
  readonly vehicleId: VehicleId;
  readonly requestId: string;
  /** What the vehicle was told last. */
  readonly told: AccessResponse["grant"] | undefined;
  readonly leaseUntilMs: number;
}

export interface ToVehicle {
  readonly vehicleId: VehicleId;
  readonly responses: readonly AccessResponse[];
}

export const NO_ZONES: ReleaseZones = { zones: new Map(), closed: new Set() };

/** How long a grant is good for without a further word: a vehicle that hears nothing stops after this at the latest. */
const LEASE_MS = 30_000;
/** With less than this left a lease is prolonged. */
const RENEW_MS = 15_000;

/** What is known of the zones themselves. */
export interface ZoneGround {
  /** Whether a zone is one of this side's. */
  isKnown(request: ZoneRequest): boolean;
  /** Whether the vehicle that reports places its own body over a zone. */
  isOver(key: string): boolean;
}

/** What a report of a vehicle changes, and who is to be told what. */
export function takeRequests(
  before: ReleaseZones,
  vehicleId: VehicleId,
  report: Pick<Report, "requests" | "operatingMode">,
  { isKnown, isOver }: ZoneGround,
  nowMs: number,
): readonly [ReleaseZones, readonly ToVehicle[]] {
  const zones = new Map(before.zones);
  const answers = new Map<VehicleId, AccessResponse[]>();
  const answer = (to: VehicleId, response: AccessResponse): void => {
    answers.set(to, [...(answers.get(to) ?? []), response]);
  };
  const asked: ZoneRequest[] = [];
  for (const request of report.requests) {
    if (request.kind === "zone" && isKnown(request)) asked.push(request);
    else if (isOpen(request)) answer(vehicleId, { requestId: request.requestId, grant: "REJECTED" });
  }
  // A vehicle that a person drives lists no requests, wherever it is (section 6.6.6).
  if (report.operatingMode === "AUTOMATIC" || report.operatingMode === "SEMIAUTOMATIC") {
    leave(zones, vehicleId, new Set(asked.map(({ requestId }) => requestId)), isOver);
  }
  for (const request of asked) join(zones, vehicleId, request);
  for (const [key, use] of zones) {
    const isClosed = before.closed.has(key);
    const next = askedAnew(isClosed ? use : admit(use), vehicleId, asked);
    const told = tell(next, isClosed, vehicleId, asked, nowMs, answer);
    if (told.holder === undefined && told.waiting.length === 0) zones.delete(key);
    else zones.set(key, told);
  }
  return [{ ...before, zones }, [...answers].map(([to, responses]) => ({ vehicleId: to, responses }))];
}

/** Takes a grant back, as when the ground is closed. The zone stays held until the vehicle's word shows that it is out. */
export function revoke(before: ReleaseZones, key: string): readonly [ReleaseZones, readonly ToVehicle[]] {
  const use = before.zones.get(key);
  if (use?.holder === undefined || use.holder.told === "REVOKED") return [before, []];
  const { vehicleId, requestId } = use.holder;
  const holder: Claimant = { ...use.holder, told: "REVOKED" };
  const zones = new Map(before.zones).set(key, { ...use, holder });
  return [{ ...before, zones }, [{ vehicleId, responses: [{ requestId, grant: "REVOKED" }] }]];
}

/** Which zones are closed from now on: grants of those that were open are taken back. Who waits for one that opens comes in with the next report. */
export function close(
  before: ReleaseZones,
  closed: ReadonlySet<string>,
): readonly [ReleaseZones, readonly ToVehicle[]] {
  let state: ReleaseZones = { ...before, closed };
  const told: ToVehicle[] = [];
  for (const key of closed) {
    if (before.closed.has(key)) continue;
    const [next, said] = revoke(state, key);
    state = next;
    told.push(...said);
  }
  return [state, told];
}

/** Who holds a zone; undefined when nobody does. */
export function holderOf(state: ReleaseZones, key: string): VehicleId | undefined {
  return state.zones.get(key)?.holder?.vehicleId;
}

export const keyOf = ({ zoneSetId, zoneId }: Pick<ZoneRequest, "zoneSetId" | "zoneId">): string =>
  `${zoneSetId}/${zoneId}`;

const isOpen = ({ status }: AccessRequest): boolean => status === "REQUESTED" || status === "QUEUED";

function leave(
  zones: Map<string, ZoneUse>,
  vehicleId: VehicleId,
  listed: ReadonlySet<string>,
  isOver: ZoneGround["isOver"],
): void {
  const isGone = (one: Claimant): boolean => one.vehicleId === vehicleId && !listed.has(one.requestId);
  for (const [key, { holder, waiting }] of zones) {
    zones.set(key, {
      holder: holder !== undefined && isGone(holder) && !isOver(key) ? undefined : holder,
      waiting: waiting.filter((one) => !isGone(one)),
    });
  }
}

function join(zones: Map<string, ZoneUse>, vehicleId: VehicleId, request: ZoneRequest): void {
  const key = keyOf(request);
  const use = zones.get(key) ?? { holder: undefined, waiting: [] };
  const isIt = (one: Claimant | undefined): boolean =>
    one?.vehicleId === vehicleId && one.requestId === request.requestId;
  if (isIt(use.holder) || use.waiting.some(isIt)) return;
  const claimant: Claimant = {
    vehicleId,
    requestId: request.requestId,
    told: request.status === "REVOKED" ? "REVOKED" : undefined,
    leaseUntilMs: Number.NEGATIVE_INFINITY,
  };
  if (isOpen(request)) zones.set(key, { ...use, waiting: [...use.waiting, claimant] });
  // One that is in there by its own word, granted before this process began, holds it, or is the next that does.
  else if (use.holder === undefined) zones.set(key, { ...use, holder: claimant });
  else if (use.holder.vehicleId !== vehicleId)
    zones.set(key, { ...use, waiting: [claimant, ...use.waiting] });
}

function admit(use: ZoneUse): ZoneUse {
  const [first, ...waiting] = use.waiting;
  return use.holder !== undefined || first === undefined ? use : { holder: first, waiting };
}

/**
 * A holder that has lost its permission where it is, or its memory, goes on under a new request (sections 6.4.3 and 6.9: one that
 * is expired or revoked does not come back). Whoever waits, waits for it to come out: it goes before them.
 */
function askedAnew(use: ZoneUse, reporting: VehicleId, asked: readonly ZoneRequest[]): ZoneUse {
  const { holder, waiting } = use;
  if (holder?.vehicleId !== reporting) return use;
  const status = asked.find(({ requestId }) => requestId === holder.requestId)?.status;
  const isLost = status === undefined || status === "EXPIRED" || status === "REVOKED";
  const anew = waiting.find(({ vehicleId }) => vehicleId === reporting);
  return isLost && anew !== undefined
    ? { holder: anew, waiting: waiting.filter((one) => one !== anew) }
    : use;
}

/** Tells the holder, and the vehicle that reports, what it does not show to know yet. */
function tell(
  use: ZoneUse,
  isClosed: boolean,
  reporting: VehicleId,
  asked: readonly ZoneRequest[],
  nowMs: number,
  answer: (to: VehicleId, response: AccessResponse) => void,
): ZoneUse {
  const statusOf = (one: Claimant): ZoneRequest["status"] | undefined =>
    one.vehicleId !== reporting
      ? undefined
      : asked.find(({ requestId }) => requestId === one.requestId)?.status;
  const grant = (one: Claimant): Claimant => {
    const leaseUntilMs = nowMs + LEASE_MS;
    answer(one.vehicleId, { requestId: one.requestId, grant: "GRANTED", leaseUntilMs });
    return { ...one, told: "GRANTED", leaseUntilMs };
  };
  const held = (one: Claimant): Claimant => {
    const status = statusOf(one);
    if (one.told === "REVOKED") {
      if (status === "GRANTED") answer(one.vehicleId, { requestId: one.requestId, grant: "REVOKED" });
      return one;
    }
    if (isClosed) return shutOut(one, status);
    // Lost on the way, or not taken in yet: QoS 0 is not delivery, and saying it again does no harm.
    const isUnheard = one.told !== "GRANTED" || status === "REQUESTED" || status === "QUEUED";
    // A lease that ran out while nobody was heard: it is still alone in there.
    const isOver = status === "EXPIRED";
    const isShort = status === "GRANTED" && one.leaseUntilMs - nowMs < RENEW_MS;
    return isUnheard || isOver || isShort ? grant(one) : one;
  };
  /** On closed ground: one that was let in before this process began is told that it lost that, one that asks waits. */
  const shutOut = (one: Claimant, status: ZoneRequest["status"] | undefined): Claimant => {
    if (status === "GRANTED" || one.told === "GRANTED") {
      answer(one.vehicleId, { requestId: one.requestId, grant: "REVOKED" });
      return { ...one, told: "REVOKED" };
    }
    return waits(one);
  };
  const waits = (one: Claimant): Claimant => {
    const status = statusOf(one);
    const isAsking = status === "REQUESTED" || status === "QUEUED";
    if (!isAsking || one.told === "QUEUED") return one;
    answer(one.vehicleId, { requestId: one.requestId, grant: "QUEUED" });
    return { ...one, told: "QUEUED" };
  };
  return { holder: use.holder === undefined ? undefined : held(use.holder), waiting: use.waiting.map(waits) };
}

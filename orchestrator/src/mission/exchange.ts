import type { MissionContext } from "./context.ts";
import type { MissionEvent } from "./events.ts";
import { timelineEntry } from "./evidence.ts";
import { legIdOf, legOf } from "./ids.ts";

/*
 * A vehicle on its way to its container's crane may be sent elsewhere, and the container given another one. Under the crane it has work to do
 * that it is not called away from, so that it goes now or not at all (`LegRequest.orNever`): the mission *yields* it to a leg, has it
 * until the road says that it has turned, and then waits for a vehicle again, at the same crane; or keeps it.
 */

/** Its vehicle drives to its crane, and nothing else has been said of it. */
export const comesToCrane = (context: MissionContext): boolean =>
  context.status === "running" &&
  context.step === "drive-to-crane" &&
  context.vehicle !== undefined &&
  context.yielding === undefined &&
  legOf(context, "drive-to-crane")?.state === "requested";

/** The vehicle is asked to drive another leg instead: from now on this one is not asked for again, since it may be over. */
export function absorbYield(
  context: MissionContext,
  { toLegId, atMs }: Extract<MissionEvent, { type: "yields" }>,
): MissionContext {
  return comesToCrane(context) ? { ...context, yielding: { toLegId, sinceMs: atMs } } : context;
}

/** What the road says of the leg to the crane, or of the one in its stead; undefined when it is about neither, or says nothing of the change. */
export function absorbTurn(
  context: MissionContext,
  { event, atMs }: Extract<MissionEvent, { type: "road" }>,
): MissionContext | undefined {
  const { step, vehicle, yielding } = context;
  if (step !== "drive-to-crane" || vehicle === undefined) return undefined;
  if (!("legId" in event) || event.vehicleId !== vehicle.vehicleId) return undefined;
  if (event.legId === yielding?.toLegId) {
    if (event.kind === "legRefused") return absorbKept(context, atMs);
    return event.kind === "legWaiting" || event.kind === "legAbandoned" ? undefined : left(context, atMs);
  }
  if (event.legId !== legIdOf(context, "drive-to-crane")) return undefined;
  if (event.kind === "legAbandoned" && event.ok) return left(context, atMs);
  // It stays another container's.
  if (event.kind === "legRefused" && event.reason === "not-turned") return withoutVehicle(context);
  return undefined;
}

/** It drives on as it was told. What became of its leg meanwhile is asked for. */
export function absorbKept(context: MissionContext, atMs: number): MissionContext {
  const { yielding, ...rest } = context;
  if (yielding === undefined) return context;
  const leg = legOf(context, "drive-to-crane");
  const asked = `leg:${legIdOf(context, "drive-to-crane")}`;
  const issued =
    leg?.state === "requested" ? context.issued.filter((effectId) => effectId !== asked) : context.issued;
  return { ...rest, issued, keptAtMs: atMs };
}

/** It goes elsewhere, and may have another container by now. */
function left(context: MissionContext, atMs: number): MissionContext {
  const { vehicle, vehiclesBefore = [], timeline } = context;
  if (vehicle === undefined) return context;
  const { vehicleId } = vehicle;
  const entry = timelineEntry("drive-to-crane", atMs, { code: "vehicle-left", reference: vehicleId });
  return {
    ...withoutVehicle(context),
    vehiclesBefore: [...vehiclesBefore, vehicleId],
    timeline: [...timeline, entry],
  };
}

/** Waits for a vehicle again; the next one comes on a leg of its own name. */
function withoutVehicle(context: MissionContext): MissionContext {
  const { vehicle: _gone, yielding: _over, keptAtMs: _of, ...rest } = context;
  const legId = legIdOf(context, "drive-to-crane");
  const { [legId]: _leg, ...legs } = context.legs;
  return {
    ...rest,
    legs,
    legRounds: { ...context.legRounds, "drive-to-crane": (context.legRounds["drive-to-crane"] ?? 1) + 1 },
    outbox: context.outbox.filter((effect) => effect.kind !== "requestLeg" || effect.leg.legId !== legId),
  };
}

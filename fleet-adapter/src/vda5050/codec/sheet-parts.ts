import type { ActionAbility, OrderField, ProtocolLimits, VehicleSheet } from "../model/factsheet.ts";

/**
 * A limit under the model's name, the lowest where several limit the same; nothing when it is not set, no number, or 0, which
 * all mean that there is none.
 */
export function countIn<N extends string>(
  limits: Readonly<Record<string, unknown>>,
  wireNames: string | readonly string[],
  name: N,
): Partial<Record<N, number>> {
  const set = [wireNames]
    .flat()
    .map((wireName) => limits[wireName])
    .filter((limit): limit is number => typeof limit === "number" && limit > 0);
  const limited: Partial<Record<N, number>> = {};
  if (set.length > 0) limited[name] = Math.min(...set);
  return limited;
}

type Limits = Readonly<Record<string, unknown>>;

/** Limits of lists, which all versions call the same. What a vehicle cannot report (`state.*`) it is not told either. */
export function arrayLimitsOf(limits: Limits): Partial<ProtocolLimits> {
  return {
    ...countIn(limits, ["order.nodes", "state.nodeStates"], "maxOrderNodes"),
    ...countIn(limits, ["order.edges", "state.edgeStates"], "maxOrderEdges"),
    ...countIn(limits, ["node.actions", "state.actionStates"], "maxNodeActions"),
    ...countIn(limits, "actions.actionsParameters", "maxActionParameters"),
    ...countIn(limits, "trajectory.knotVector", "maxKnots"),
    ...countIn(limits, "trajectory.controlPoints", "maxControlPoints"),
  };
}

/** The optional fields that Baton sends, by the end of their full name in each version. */
const ORDER_FIELDS: readonly (readonly [name: RegExp, field: OrderField])[] = [
  [/(^|\.)nodePosition$/i, "position"],
  [/(^|\.)nodePosition\.theta$/i, "heading"],
  [/(^|\.)allowedDeviationXY$/i, "deviation"],
  [/(^|\.)allowedDeviationTheta$/i, "deviationOfHeading"],
  [/(^|\.)(maxSpeed|maximumSpeed)$/i, "maxSpeed"],
  [/(^|\.)edges?(\[\])?\.trajectory$/i, "trajectory"],
  [/(^|\.)retriable$/i, "retriable"],
];

/**
 * The optional fields that a vehicle takes: those not listed, it does not (2.1 section 7.8, 3.0 section 7.10). An empty
 * list is taken for one that nobody filled in.
 */
export function orderFieldsOf(list: readonly { readonly parameter: string }[]): VehicleSheet["orderFields"] {
  if (list.length === 0) return undefined;
  const fields = new Set<OrderField>();
  for (const { parameter } of list) {
    const known = ORDER_FIELDS.find(([name]) => name.test(parameter));
    if (known === undefined) continue;
    fields.add(known[1]);
  }
  return fields;
}

/** Undefined for an action of which the factsheet does not say. */
export function parametersOf(
  list: readonly { readonly key: string; readonly isOptional?: boolean }[] | undefined,
): ActionAbility["parameters"] {
  return list?.map(({ key, isOptional }) => ({ key, isOptional: isOptional === true }));
}

/** Undefined for a vehicle that lists no load sets: that of its load is agreed elsewhere. */
export function loadTypesOf(
  sets: readonly { readonly loadType: string }[] | undefined,
): VehicleSheet["loadTypes"] {
  return sets === undefined || sets.length === 0 ? undefined : sets.map((set) => set.loadType);
}

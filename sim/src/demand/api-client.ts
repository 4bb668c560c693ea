import { MissionView, type Step, type TransportOrderRequest } from "@baton/orchestrator/contract";
import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";

/** What demand needs to know of a mission. */
const SeenMission = Type.Pick(MissionView, ["orderId", "bound", "status", "step"]);
export type SeenMission = Static<typeof SeenMission>;

export type Answer<T> =
  | { readonly kind: "ok"; readonly value: T }
  /** The side answered, and will answer the same again: a problem of RFC 9457 with a stable code. */
  | { readonly kind: "refused"; readonly status: number; readonly code: string; readonly detail: string }
  /** Nobody there, or not ready: worth another try. */
  | { readonly kind: "away"; readonly detail: string };

export interface Placed {
  readonly missionId: string;
  /** The order was known before. */
  readonly existed: boolean;
}

export interface AdoptRequest {
  readonly order: TransportOrderRequest;
  readonly vehicleId: string;
  readonly atStationId: string;
  readonly step: Step;
}

/** One side's REST API, as its customers use it. */
export interface ApiClient {
  placeOrder(order: TransportOrderRequest): Promise<Answer<Placed>>;
  adopt(request: AdoptRequest): Promise<Answer<Placed>>;
  missions(): Promise<Answer<readonly SeenMission[]>>;
}

const TIMEOUT_MS = 5_000;

const placedCheck = Compile(Type.Object({ missionId: Type.String(), existed: Type.Boolean() }));
const missionsCheck = Compile(Type.Array(SeenMission));
const problemCheck = Compile(Type.Object({ code: Type.String(), detail: Type.String() }));

export function apiClient(apiUrl: string, token: string): ApiClient {
  const base = `${apiUrl.replace(/\/$/, "")}/api/v1`;
  const ask = async <T>(
    path: string,
    body: unknown,
    read: (value: unknown) => T | undefined,
  ): Promise<Answer<T>> => {
    try {
      const response = await fetch(`${base}${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: {
          authorization: `Bearer ${token}`,
          accept: "application/json",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const value: unknown = await response.json();
      if (!response.ok) return problemOf(response.status, value);
      const result = read(value);
      return result === undefined
        ? { kind: "away", detail: `${path}: the answer makes no sense` }
        : { kind: "ok", value: result };
    } catch (error) {
      return { kind: "away", detail: `${path}: ${error instanceof Error ? error.message : String(error)}` };
    }
  };
  const placed = (value: unknown): Placed | undefined => (placedCheck.Check(value) ? value : undefined);
  return {
    placeOrder: (order) => ask("/transport-orders", order, placed),
    adopt: (request) => ask("/missions/adopt", request, placed),
    missions: () => ask("/missions", undefined, (value) => (missionsCheck.Check(value) ? value : undefined)),
  };
}

/** Too many requests, and trouble on the other end, pass; other problems stay. */
function problemOf<T>(status: number, value: unknown): Answer<T> {
  const { code, detail } = problemCheck.Check(value)
    ? value
    : { code: `http.${status}`, detail: "no problem details" };
  return status === 429 || status >= 500
    ? { kind: "away", detail: `${code}: ${detail}` }
    : { kind: "refused", status, code, detail };
}

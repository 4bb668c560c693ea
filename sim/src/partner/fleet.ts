import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";
import type { Emulator } from "./emulator.ts";
import type { Road, Way } from "./road.ts";

/**
 * The emulated country's fleet control, on its own broker: it sees vehicles' registers, drives those that answer to it a
 * little way, and has the register changed. Written from VDA 5050 2.1 and docs/vda5050.md; it takes one vehicle after
 * the other, and keeps no ground.
 */

/** What it reads of a `state` (VDA 5050 2.1 section 6.10.6), and the vendor field with the register. */
const State = Type.Object({
  orderId: Type.String(),
  lastNodeId: Type.String(),
  driving: Type.Boolean(),
  nodeStates: Type.Array(Type.Unknown()),
  batonControl: Type.Object({ authority: Type.String(), epoch: Type.Integer() }),
});
type State = Static<typeof State>;
const stateCheck = Compile(State);

/** A session with a broker that comes back by itself. */
export interface BrokerSession {
  publish(topic: string, message: object, options?: { readonly qos?: 0 | 1 }): void;
  end(): Promise<void>;
}

export type OpenSession = (options: {
  readonly clientId: string;
  readonly subscriptions: readonly string[];
  onMessage(topic: string, payload: { json(): { readonly ok: boolean; readonly value?: unknown } }): void;
}) => BrokerSession;

export interface EmulatedFleetOptions {
  readonly side: "vn" | "cn";
  readonly road: Road;
  readonly openSession: OpenSession;
  readonly nowMs: () => number;
  readonly emulator: () => Emulator;
}

export interface EmulatedFleet {
  /** Asks the vehicle to change its register, once: by compare-and-set, so that asking again does no harm. */
  transfer(vehicleId: string, expectedEpoch: number, to: string, handoffId: string): void;
  stop(): Promise<void>;
}

export function startEmulatedFleet(options: EmulatedFleetOptions): EmulatedFleet {
  const { side, road, nowMs, emulator } = options;
  let sent = 0;
  const send = (vehicleId: string, subtopic: "order" | "instantActions", content: object): void => {
    const dot = vehicleId.indexOf(".");
    const [manufacturer, serialNumber] = [vehicleId.slice(0, dot), vehicleId.slice(dot + 1)];
    const header = {
      headerId: sent++,
      timestamp: new Date(nowMs()).toISOString(),
      version: "2.1.0",
      manufacturer,
      serialNumber,
    };
    session.publish(`uagv/v2/${manufacturer}/${serialNumber}/${subtopic}`, { ...header, ...content });
  };
  const transfer = (vehicleId: string, expectedEpoch: number, to: string, handoffId: string): void => {
    const parameters = { from: side, expectedEpoch, to, handoffId };
    const action = {
      actionType: "transferControl",
      actionId: `${handoffId}.${to}.${sent}`,
      blockingType: "NONE",
      actionParameters: Object.entries(parameters).map(([key, value]) => ({ key, value })),
    };
    send(vehicleId, "instantActions", { actions: [action] });
  };

  /** All that is to be done follows from what the vehicle says and from its newest hand-off, so that it may be done twice. */
  const hear = (vehicleId: string, state: State): void => {
    const { authority, epoch } = state.batonControl;
    emulator().see(vehicleId, { authority, epoch });
    const handoff = [...emulator().handoffs.values()].findLast((one) => one.offer.vehicleId === vehicleId);
    if (handoff === undefined || authority !== side) return;
    const { handoffId, role, phase, offer } = handoff;
    if (phase === "gone" && role === "giver") transfer(vehicleId, handoff.epoch, other(side), handoffId);
    if (phase === "fencing") transfer(vehicleId, handoff.epoch, side, handoffId);
    const place = road.place(offer.direction);
    if (place === undefined || state.driving || state.nodeStates.length > 0) return;
    const here = state.lastNodeId;
    const to =
      role === "giver" && phase === "accepted"
        ? place.holdNodeId
        : role === "taker" && here === place.holdNodeId
          ? place.beyondNodeId
          : undefined;
    if (to === undefined) return;
    if (here === to) emulator().standsReady(handoffId);
    else {
      const way = road.way(here, to);
      if (way !== undefined) send(vehicleId, "order", orderOver(way, `${handoffId}.${to}`));
    }
  };

  const session = options.openSession({
    clientId: `emulated-${side}`,
    subscriptions: ["uagv/v2/+/+/state"],
    onMessage: (topic, payload) => {
      const [, , manufacturer, serialNumber] = topic.split("/");
      const said = payload.json();
      if (said.ok && stateCheck.Check(said.value)) hear(`${manufacturer}.${serialNumber}`, said.value);
    },
  });
  return { transfer, stop: () => session.end() };
}

const other = (side: "vn" | "cn"): "vn" | "cn" => (side === "vn" ? "cn" : "vn");

/** All of it base: nobody else drives here. The same way under the same id is the same order, and may be sent again. */
function orderOver({ nodes, edges }: Way, orderId: string): object {
  return {
    orderId,
    orderUpdateId: 0,
    nodes: nodes.map((node, at) => ({ ...node, sequenceId: 2 * at, released: true, actions: [] })),
    edges: edges.map((edge, at) => ({ ...edge, sequenceId: 2 * at + 1, released: true, actions: [] })),
  };
}

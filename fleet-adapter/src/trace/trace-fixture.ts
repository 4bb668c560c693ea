import type { Subtopic } from "./messages.ts";
import type { TraceLine } from "./trace-line.ts";
import type { Version } from "./versions.ts";

/** For tests: a line of a trace with its payload as an object, to be edited. */
export interface Said extends TraceLine {
  readonly subtopic: Subtopic;
  payload: Body;
}
export type Body = Record<string, unknown>;

const VEHICLE = { manufacturer: "acme", serialNumber: "7" };
const FULL: Readonly<Record<Version, string>> = { "2.0": "2.0.0", "2.1": "2.1.0", "3.0": "3.0.0" };
const BEGIN_MS = Date.parse("2026-11-02T06:00:00.000Z");

/** Writes down a conversation, a second a message, with headers that count. */
class Conversation {
  readonly said: Said[] = [];
  readonly #version: Version;
  readonly #counts = new Map<Subtopic, number>();

  constructor(version: Version) {
    this.#version = version;
  }

  say(subtopic: Subtopic, body: Body): void {
    const headerId = this.#counts.get(subtopic) ?? 0;
    this.#counts.set(subtopic, headerId + 1);
    const is3 = this.#version === "3.0";
    const isConnection = subtopic === "connection";
    const time = new Date(BEGIN_MS + this.said.length * 1000).toISOString();
    this.said.push({
      subtopic,
      time,
      topic: `${is3 ? "vda5050/v3" : "uagv/v2"}/acme/7/${subtopic}`,
      qos: isConnection ? 1 : 0,
      retain: isConnection,
      payload: { headerId, timestamp: time, version: FULL[this.#version], ...VEHICLE, ...body },
    });
  }
}

const action = (actionId: string, actionType = "pick", blockingType = "HARD"): Body => ({
  actionId,
  actionType,
  blockingType,
});

/** A node at `10 * place` metres; the sequence id is twice the place. */
export function node(name: string, place: number, released: boolean, actions: readonly Body[] = []): Body {
  const nodePosition = { x: 10 * place, y: 0, mapId: "yard" };
  return { nodeId: name, sequenceId: 2 * place, released, nodePosition, actions };
}

export function edge(from: string, to: string, place: number, released: boolean): Body {
  const ends = { startNodeId: from, endNodeId: to };
  return { edgeId: `${from}-${to}`, sequenceId: 2 * place - 1, released, ...ends, actions: [] };
}

const left = (name: string, place: number, released: boolean): Body => ({
  nodeId: name,
  sequenceId: 2 * place,
  released,
});
const leftEdge = (name: string, place: number, released: boolean): Body => ({
  edgeId: name,
  sequenceId: 2 * place - 1,
  released,
});
const status = (actionId: string, actionStatus: string): Body => ({ actionId, actionStatus });

/**
 * A conversation without a flaw: a vehicle comes, is ordered from a to c with a horizon, gets an update, is paused,
 * picks, is ordered on, cancels, is taken in hand by a person, leaves. In 3.0 it also asks for a zone and hibernates.
 */
export function goodTalk(version: Version): Said[] {
  const is3 = version === "3.0";
  const talk = new Conversation(version);
  const state = (body: Body): void => {
    const { instants = [], ...rest } = body;
    const instantStates = Array.isArray(instants) ? instants : [];
    const own = Array.isArray(rest.actionStates) ? rest.actionStates : [];
    talk.say("state", {
      orderId: "",
      orderUpdateId: 0,
      lastNodeId: "a",
      lastNodeSequenceId: 0,
      driving: false,
      operatingMode: "AUTOMATIC",
      nodeStates: [],
      edgeStates: [],
      errors: [],
      ...(is3 ? { mobileRobotPosition: AT_A } : { agvPosition: AT_A }),
      ...rest,
      actionStates: is3 ? own : [...own, ...instantStates],
      ...(is3 ? { instantActionStates: instantStates } : {}),
    });
  };
  const instant = (actionId: string, actionType: string): void =>
    talk.say("instantActions", { actions: [action(actionId, actionType, "NONE")] });

  talk.say("connection", { connectionState: "ONLINE" });
  talk.say("factsheet", factsheet(is3));
  state({});
  const toB = { nodes: [node("a", 0, true), node("b", 1, true), node("c", 2, false)] };
  const edgesToC = [edge("a", "b", 1, true), edge("b", "c", 2, false)];
  talk.say("order", { orderId: "one", orderUpdateId: 0, ...toB, edges: edgesToC });
  const toC = { nodeStates: [left("b", 1, true), left("c", 2, false)] };
  const byEdges = { edgeStates: [leftEdge("a-b", 1, true), leftEdge("b-c", 2, false)] };
  state({ orderId: "one", driving: true, ...toC, ...byEdges });
  // Not yet shown to have arrived: said again, the same.
  talk.say("order", { orderId: "one", orderUpdateId: 0, ...toB, edges: edgesToC });
  instant("pause-1", "startPause");
  const instants = [status("pause-1", "FINISHED")];
  state({ orderId: "one", ...toC, ...byEdges, instants });
  const pick = node("c", 2, true, [action("pick-c")]);
  const update = { nodes: [node("b", 1, true), pick], edges: [edge("b", "c", 2, true)] };
  talk.say("order", { orderId: "one", orderUpdateId: 1, ...update });
  const atB = { orderId: "one", orderUpdateId: 1, lastNodeId: "b", lastNodeSequenceId: 2, instants };
  const onlyC = { nodeStates: [left("c", 2, true)], edgeStates: [leftEdge("b-c", 2, true)] };
  state({ ...atB, driving: true, ...onlyC, actionStates: [status("pick-c", "WAITING")] });
  const atC = { orderId: "one", orderUpdateId: 1, lastNodeId: "c", lastNodeSequenceId: 4, instants };
  state({ ...atC, actionStates: [status("pick-c", "RUNNING")] });
  state({ ...atC, actionStates: [status("pick-c", "FINISHED")] });
  const third = { nodes: [pick, node("d", 3, true)], edges: [edge("c", "d", 3, true)] };
  talk.say("order", { orderId: "one", orderUpdateId: 2, ...third });
  const onward = { orderId: "one", orderUpdateId: 2, lastNodeId: "c", lastNodeSequenceId: 4 };
  const toD = { nodeStates: [left("d", 3, true)], edgeStates: [leftEdge("c-d", 3, true)] };
  const done = [status("pick-c", "FINISHED")];
  state({ ...onward, driving: true, ...toD, actionStates: done, instants });
  instant("cancel-1", "cancelOrder");
  const cancelling = [...instants, status("cancel-1", "RUNNING")];
  state({ ...onward, ...toD, actionStates: done, instants: cancelling });
  const ended = [...instants, status("cancel-1", "FINISHED")];
  state({ ...onward, actionStates: done, instants: ended });
  talk.say("order", { orderId: "two", orderUpdateId: 0, nodes: [node("c", 0, true)], edges: [] });
  const atEnd = { orderId: "two", lastNodeId: "c", instants: ended };
  state({ ...atEnd });
  state({ ...atEnd, operatingMode: "MANUAL" });
  state({ ...atEnd });
  if (is3) askAndSleep(talk, (body) => state({ ...atEnd, ...body }), instant);
  talk.say("connection", { connectionState: "OFFLINE" });
  return talk.said;
}

const AT_A = { x: 0.1, y: 0, theta: 0, mapId: "yard", positionInitialized: true, localized: true };

function askAndSleep(
  talk: Conversation,
  state: (body: Body) => void,
  instant: (actionId: string, actionType: string) => void,
): void {
  const request = (requestStatus: string): Body => ({
    zoneRequests: [{ requestId: "r-1", requestType: "ACCESS", zoneId: "z", zoneSetId: "zs", requestStatus }],
  });
  state(request("REQUESTED"));
  const leaseExpiry = new Date(BEGIN_MS + 3_600_000).toISOString();
  talk.say("responses", { responses: [{ requestId: "r-1", grantType: "GRANTED", leaseExpiry }] });
  state(request("GRANTED"));
  state({});
  instant("sleep-1", "startHibernation");
  state({ instants: [status("sleep-1", "FINISHED")] });
  talk.say("connection", { connectionState: "HIBERNATING" });
  instant("wake-1", "stopHibernation");
  talk.say("connection", { connectionState: "ONLINE" });
  state({ instants: [status("wake-1", "FINISHED")] });
}

function factsheet(is3: boolean): Body {
  const skills = [
    { actionType: "pick", actionScopes: ["NODE"] },
    ...["startPause", "cancelOrder", "startHibernation", "stopHibernation"].map((actionType) => ({
      actionType,
      actionScopes: ["INSTANT"],
    })),
  ];
  const lengths = { "order.nodes": 8, "order.edges": 8, "node.actions": 2, instantActions: 1 };
  return is3
    ? {
        protocolFeatures: { mobileRobotActions: skills },
        protocolLimits: { maximumArrayLengths: lengths, timing: { minimumOrderInterval: 1 } },
      }
    : {
        protocolFeatures: { agvActions: skills },
        protocolLimits: { maxArrayLens: lengths, timing: { minOrderInterval: 1 } },
      };
}

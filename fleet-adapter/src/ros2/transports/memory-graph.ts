import {
  type NetworkConditions,
  NetworkDice,
  PERFECT_NETWORK,
  type RandomSource,
} from "../../link/network.ts";
import type { Timers } from "../../time.ts";
import type { RosAction, RosService, RosTopic } from "../interfaces.ts";
import type { CallOutcome, GoalOutcome, OpenRos, RosTransport, RosTransportListener } from "../transport.ts";
import { type GoalHandle, isCompatible, type RosNode } from "../vehicle-side.ts";

export interface MemoryGraphOptions {
  readonly timers: Timers;
  readonly random: RandomSource;
  /** What becomes of messages between vehicles and fleet controls; perfect if not given. */
  readonly network?: NetworkConditions;
}

/** A graph of ROS 2 in memory, on any clock: for fast time, for tests, and behind the rosbridge of the simulated world. */
export interface MemoryGraph {
  /** A session of a fleet control. */
  readonly openRos: OpenRos;
  /** A vehicle's node. */
  node(): RosNode;
  /** A topic as one of its publishers offers it; undefined when there is none. */
  offered(name: string): RosTopic | undefined;
  /** Fleet controls lose the graph, and what is on its way; `mend` brings them back. */
  cut(): void;
  mend(): void;
}

interface Writer {
  readonly topic: RosTopic;
  latest: object | undefined;
}

interface Reader {
  readonly topic: RosTopic;
  readonly onMessage: (message: unknown) => void;
}

interface Session {
  readonly listener: RosTransportListener;
  readonly readers: Set<Reader>;
  /** Grows when the session is lost: what was on its way in an earlier one never comes. */
  generation: number;
  isOpen: boolean;
  isEnded: boolean;
}

type Serve = (request: unknown) => object;
type OnGoal = (goal: unknown, handle: GoalHandle) => boolean;

/** Of a latched topic each writer's newest message is kept for readers that come late. */
export function memoryGraph(options: MemoryGraphOptions): MemoryGraph {
  const { timers } = options;
  const dice = new NetworkDice(options.network ?? PERFECT_NETWORK, options.random);
  const writers = new Set<Writer>();
  const services = new Map<string, Serve>();
  const actions = new Map<string, OnGoal>();
  /** The goal that each action follows. */
  const goals = new Map<string, (outcome: GoalOutcome) => void>();
  const sessions = new Set<Session>();
  let isCut = false;

  /** Later, unless the session is lost before; what was quicker on its way comes first, as from rosbridge's threads. */
  const travel = (session: Session, mayBeLost: boolean, arrive: () => void): void => {
    if (mayBeLost && dice.isLost()) return;
    const { generation } = session;
    timers.after(dice.latencyMs(), () => {
      if (session.isOpen && session.generation === generation) arrive();
    });
  };

  const open = (session: Session): void => {
    if (session.isOpen || session.isEnded || isCut) return;
    session.isOpen = true;
    session.listener.onOpen();
    for (const reader of session.readers) hearKept(session, reader);
  };

  const close = (session: Session): void => {
    if (!session.isOpen) return;
    session.isOpen = false;
    session.generation += 1;
    session.listener.onClose();
  };

  const hearKept = (session: Session, reader: Reader): void => {
    if (reader.topic.qos.durability !== "transient-local") return;
    for (const writer of writers) {
      const { latest } = writer;
      if (latest !== undefined && isHeard(writer, reader)) {
        travel(session, false, () => session.readers.has(reader) && reader.onMessage(latest));
      }
    }
  };

  const openRos: OpenRos = (listener) => {
    const session: Session = {
      listener,
      readers: new Set(),
      generation: 0,
      isOpen: false,
      isEnded: false,
    };
    sessions.add(session);
    const opening = Promise.withResolvers<void>();
    opening.promise.catch(() => undefined);
    timers.after(0, () => {
      open(session);
      opening.resolve();
    });
    return transportOf(session, opening.promise);
  };

  const transportOf = (session: Session, opened: Promise<void>): RosTransport => ({
    whenOpen: () => opened,
    subscribe: (topic, onMessage) => {
      const reader = { topic, onMessage };
      session.readers.add(reader);
      if (session.isOpen) hearKept(session, reader);
      return () => session.readers.delete(reader);
    },
    call: (service, request, withinMs, onOutcome) => ask(session, service, request, withinMs, onOutcome),
    sendGoal: (action, goal, onOutcome) => send(session, action, goal, onOutcome),
    end: async () => {
      session.isEnded = true;
      close(session);
      sessions.delete(session);
    },
  });

  const ask = (
    session: Session,
    service: RosService,
    request: object,
    withinMs: number,
    onOutcome: (outcome: CallOutcome) => void,
  ): void => {
    let isOver = false;
    const end = (outcome: CallOutcome): void => {
      if (isOver) return;
      isOver = true;
      endWait();
      onOutcome(outcome);
    };
    const endWait = timers.after(session.isOpen ? withinMs : 0, () =>
      end({ kind: session.isOpen ? "timed-out" : "not-connected" }),
    );
    if (!session.isOpen) return;
    travel(session, true, () => {
      const serve = services.get(service.name);
      if (serve === undefined) return;
      const outcome = answered(serve, request);
      travel(session, true, () => end(outcome));
    });
  };

  const send = (
    session: Session,
    action: RosAction,
    goal: object,
    onOutcome: (outcome: GoalOutcome) => void,
  ): void => {
    if (!session.isOpen) {
      timers.after(0, () => onOutcome({ kind: "not-connected" }));
      return;
    }
    travel(session, true, () => {
      const onGoal = actions.get(action.name);
      if (onGoal === undefined) return;
      let isOver = false;
      const end = (outcome: GoalOutcome): void => {
        if (isOver) return;
        isOver = true;
        travel(session, true, () => onOutcome(outcome));
      };
      const isTaken = onGoal(goal, {
        succeed: () => end({ kind: "succeeded" }),
        abort: (errorCode, words) => end({ kind: "aborted", detail: `${words} (${errorCode})` }),
        cancel: () => end({ kind: "canceled" }),
      });
      // A new goal takes the place of the one before it, as in Nav2's action servers.
      if (isTaken) {
        goals.get(action.name)?.({ kind: "aborted", detail: "preempted" });
        goals.set(action.name, end);
      }
    });
  };

  const publish = (writer: Writer, message: object): void => {
    if (!writers.has(writer)) return;
    writer.latest = message;
    for (const session of sessions) {
      for (const reader of session.readers) {
        if (!isHeard(writer, reader)) continue;
        const mayBeLost = reader.topic.qos.reliability === "best-effort";
        travel(session, mayBeLost, () => session.readers.has(reader) && reader.onMessage(message));
      }
    }
  };

  const node = (): RosNode => {
    const ends: (() => void)[] = [];
    return {
      advertise: (topic) => {
        const writer: Writer = { topic, latest: undefined };
        writers.add(writer);
        ends.push(() => writers.delete(writer));
        return { publish: (message) => publish(writer, message) };
      },
      serve: ({ name }, answer) => {
        services.set(name, answer);
        ends.push(() => services.delete(name));
      },
      serveAction: ({ name }, onGoal) => {
        actions.set(name, onGoal);
        ends.push(() => actions.delete(name));
      },
      end: () => {
        for (const end of ends.splice(0)) end();
      },
    };
  };

  return {
    openRos,
    node,
    offered: (name) => [...writers].find(({ topic }) => topic.name === name)?.topic,
    cut: () => {
      isCut = true;
      for (const session of sessions) close(session);
    },
    mend: () => {
      isCut = false;
      for (const session of sessions) timers.after(0, () => open(session));
    },
  };
}

function isHeard({ topic }: Writer, reader: Reader): boolean {
  return (
    topic.name === reader.topic.name &&
    topic.type === reader.topic.type &&
    isCompatible(topic.qos, reader.topic.qos)
  );
}

function answered(serve: Serve, request: unknown): CallOutcome {
  try {
    return { kind: "answered", response: serve(request) };
  } catch (error) {
    return { kind: "failed", detail: error instanceof Error ? error.message : String(error) };
  }
}

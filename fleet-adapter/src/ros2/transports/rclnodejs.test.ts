import { describe, expect, it, vi } from "vitest";
import { ANNOUNCEMENTS, interfacesOf } from "../interfaces.ts";
import type { CallOutcome, GoalOutcome, RosTransport } from "../transport.ts";
import { rclnodejs } from "./rclnodejs.ts";
import type { RclGoalHandle, Rclnodejs } from "./rclnodejs-library.ts";

/** The transport against a library of the same shape; against the real one: `test/ros2`. */

interface Library {
  offersServices: boolean;
  answer: Promise<unknown>;
  goal: RclGoalHandle;
  isShutDown: boolean;
  missing: string | undefined;
  readonly heard: Map<string, (message: unknown) => void>;
  readonly qos: Map<string, readonly number[]>;
}

const SUCCEEDED: RclGoalHandle = {
  isAccepted: () => true,
  getResult: async () => ({}),
  isSucceeded: () => true,
  isCanceled: () => false,
};

function library(): Library & { readonly rcl: Rclnodejs } {
  const state: Library = {
    offersServices: true,
    answer: Promise.resolve({ accepted: true, reason: "" }),
    goal: SUCCEEDED,
    isShutDown: false,
    missing: undefined,
    heard: new Map(),
    qos: new Map(),
  };
  class Context {
    tryShutdown(): void {
      state.isShutDown = true;
    }
  }
  class QoS {
    static HistoryPolicy = { RMW_QOS_POLICY_HISTORY_KEEP_LAST: 1 };
    static ReliabilityPolicy = {
      RMW_QOS_POLICY_RELIABILITY_RELIABLE: 1,
      RMW_QOS_POLICY_RELIABILITY_BEST_EFFORT: 2,
    };
    static DurabilityPolicy = {
      RMW_QOS_POLICY_DURABILITY_TRANSIENT_LOCAL: 1,
      RMW_QOS_POLICY_DURABILITY_VOLATILE: 2,
    };
    readonly parts: readonly number[];
    constructor(...parts: readonly number[]) {
      this.parts = parts;
    }
  }
  class Node {
    createSubscription(
      _type: string,
      name: string,
      { qos }: { readonly qos: object },
      onMessage: (message: unknown) => void,
    ): object {
      state.heard.set(name, onMessage);
      if (qos instanceof QoS) state.qos.set(name, qos.parts);
      return { name };
    }
    destroySubscription(subscription: object): void {
      if ("name" in subscription) state.heard.delete(String(subscription.name));
    }
    createClient() {
      return {
        isServiceServerAvailable: () => state.offersServices,
        sendRequestAsync: () => state.answer,
      };
    }
    spin(): void {}
  }
  class ActionClient {
    isActionServerAvailable(): boolean {
      return state.offersServices;
    }
    async sendGoal(): Promise<RclGoalHandle> {
      return state.goal;
    }
  }
  const rcl: Rclnodejs = {
    Context,
    Node,
    ActionClient,
    QoS,
    init: async () => undefined,
    require: (type) => {
      if (type === state.missing) throw new Error(`The message required does not exist: ${type}`);
      return {};
    },
  };
  return Object.assign(state, { rcl });
}

const quiet = { onOpen: vi.fn(), onClose: vi.fn(), onTrouble: vi.fn() };
const at = interfacesOf("/agv_01");

async function opened(lib: ReturnType<typeof library>): Promise<RosTransport> {
  const transport = rclnodejs({ domainId: 7, load: async () => lib.rcl })(quiet);
  await transport.whenOpen();
  return transport;
}

const called = (transport: RosTransport): Promise<CallOutcome> =>
  new Promise((resolve) => transport.call(at.grant, {}, 100, resolve));
const sent = (transport: RosTransport): Promise<GoalOutcome> =>
  new Promise((resolve) => transport.sendGoal(at.followPath, {}, resolve));

describe("a node on the graph by rclnodejs", () => {
  it("says what to do where rclnodejs is not installed", async () => {
    const transport = rclnodejs({ domainId: 7, installedIn: "/nowhere" })(quiet);
    await expect(transport.whenOpen()).rejects.toMatchObject({
      name: "RosUnreachableError",
      code: "ros-unreachable",
      message: expect.stringContaining('source the setup file of ROS 2, run "npm install rclnodejs@2"'),
    });
    await expect(called(transport)).resolves.toEqual({ kind: "not-connected" });
  });

  it("says what to do where Baton's interfaces were not built, and leaves nothing behind", async () => {
    const lib = library();
    lib.missing = ANNOUNCEMENTS.type;
    const transport = rclnodejs({ domainId: 7, load: async () => lib.rcl })(quiet);
    await expect(transport.whenOpen()).rejects.toThrow(/baton_interfaces .* were built/);
    expect(lib.isShutDown).toBe(true);
  });

  it("hears what was subscribed to before it stood, by the contract's quality of service, as JSON has it", async () => {
    const lib = library();
    const transport = rclnodejs({ domainId: 7, load: async () => lib.rcl })(quiet);
    const heard: unknown[] = [];
    const end = transport.subscribe(at.battery, (message) => void heard.push(message));
    transport.subscribe(at.odometry, () => undefined);
    await transport.whenOpen();
    lib.heard.get(at.battery.name)?.({
      percentage: Number.NaN,
      cells: Float32Array.of(1, Number.POSITIVE_INFINITY),
      at: 5n,
    });
    expect(heard).toEqual([{ percentage: null, cells: [1, null], at: 5 }]);
    expect(lib.qos.get(at.battery.name)).toEqual([1, 1, 1, 1]);
    expect(lib.qos.get(at.odometry.name)).toEqual([1, 5, 2, 2]);
    end();
    expect(lib.heard.has(at.battery.name)).toBe(false);
  });

  it("answers a call once: with the response, in time or not, or at once when nobody offers the service", async () => {
    const lib = library();
    const transport = await opened(lib);
    await expect(called(transport)).resolves.toMatchObject({
      kind: "answered",
      response: { accepted: true },
    });
    lib.answer = Promise.reject(Object.assign(new Error("too late"), { name: "TimeoutError" }));
    await expect(called(transport)).resolves.toEqual({ kind: "timed-out" });
    lib.offersServices = false;
    await expect(called(transport)).resolves.toEqual({
      kind: "failed",
      detail: "nobody offers /agv_01/grant",
    });
  });

  it("tells how a goal ended, and why it was aborted as far as the vehicle says", async () => {
    const lib = library();
    const transport = await opened(lib);
    await expect(sent(transport)).resolves.toEqual({ kind: "succeeded" });
    lib.goal = { ...SUCCEEDED, isSucceeded: () => false, isCanceled: () => true };
    await expect(sent(transport)).resolves.toEqual({ kind: "canceled" });
    const getResult = async () => ({ error_code: 105, error_msg: "off the path" });
    lib.goal = { ...SUCCEEDED, isSucceeded: () => false, getResult };
    await expect(sent(transport)).resolves.toEqual({ kind: "aborted", detail: "off the path" });
    lib.goal = { ...SUCCEEDED, isAccepted: () => false };
    await expect(sent(transport)).resolves.toEqual({ kind: "aborted", detail: "the goal was rejected" });
  });

  it("is not connected any more once it has ended", async () => {
    const lib = library();
    const transport = await opened(lib);
    await transport.end();
    expect(lib.isShutDown).toBe(true);
    await expect(sent(transport)).resolves.toEqual({ kind: "not-connected" });
  });
});

import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * What is used of rclnodejs 2 (its own types: `rclnodejs/types`). It is compiled against the ROS 2 of the machine, so that it is no
 * dependency of this package: whoever has ROS 2 installs it, here or in a folder of its own.
 */
export interface Rclnodejs {
  readonly Context: new (domainId?: bigint) => RclContext;
  readonly Node: new (name: string, namespace: string, context: RclContext) => RclNode;
  readonly ActionClient: new (node: RclNode, type: string, name: string) => RclActionClient;
  readonly QoS: RclQosConstructor;
  /** Starts a context, and reads the interfaces of the sourced workspaces when it has not yet. */
  init(context: RclContext, argv: readonly string[]): Promise<void>;
  /** The class of an interface such as `std_msgs/msg/String`. Throws when it was not built. */
  require(type: string): unknown;
}

export interface RclContext {
  /** Ends its nodes, too. */
  tryShutdown(): void;
}

export interface RclNode {
  createSubscription(
    type: string,
    name: string,
    options: { readonly qos: object; readonly enableTypedArray: false },
    onMessage: (message: unknown) => void,
  ): object;
  destroySubscription(subscription: object): void;
  createClient(type: string, name: string, options: { readonly enableTypedArray: false }): RclClient;
  spin(timeoutMs?: number): void;
}

export interface RclClient {
  isServiceServerAvailable(): boolean;
  /** Rejects with an error named `TimeoutError` when no answer comes in time. */
  sendRequestAsync(request: object, options: { readonly timeout: number }): Promise<unknown>;
}

export interface RclActionClient {
  isActionServerAvailable(): boolean;
  /** Resolves when the goal was taken or rejected. */
  sendGoal(goal: object): Promise<RclGoalHandle>;
}

export interface RclGoalHandle {
  isAccepted(): boolean;
  /** Resolves when the goal is over. */
  getResult(): Promise<unknown>;
  isSucceeded(): boolean;
  isCanceled(): boolean;
}

interface RclQosConstructor {
  new (history: number, depth: number, reliability: number, durability: number): object;
  readonly HistoryPolicy: { readonly RMW_QOS_POLICY_HISTORY_KEEP_LAST: number };
  readonly ReliabilityPolicy: {
    readonly RMW_QOS_POLICY_RELIABILITY_RELIABLE: number;
    readonly RMW_QOS_POLICY_RELIABILITY_BEST_EFFORT: number;
  };
  readonly DurabilityPolicy: {
    readonly RMW_QOS_POLICY_DURABILITY_TRANSIENT_LOCAL: number;
    readonly RMW_QOS_POLICY_DURABILITY_VOLATILE: number;
  };
}

/**
 * Loads rclnodejs, once for a process: from the folder in whose `node_modules` it was installed, or from this package's own.
 * Rejects when it is not there, or cannot be loaded: ROS 2 is not sourced, or it was compiled against another one.
 */
export async function loadRclnodejs(installedIn: string | undefined): Promise<Rclnodejs> {
  const name: string = "rclnodejs";
  const from =
    installedIn === undefined
      ? name
      : pathToFileURL(createRequire(join(installedIn, "package.json")).resolve(name)).href;
  const loaded: { readonly default: Rclnodejs } = await import(from);
  return loaded.default;
}

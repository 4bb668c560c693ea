import type { RosAction, RosService, RosTopic } from "../interfaces.ts";
import { ANNOUNCEMENTS } from "../interfaces.ts";
import {
  type CallOutcome,
  type GoalOutcome,
  type OpenRos,
  type RosTransport,
  type RosTransportListener,
  RosUnreachableError,
} from "../transport.ts";
import { plainData } from "./plain-data.ts";
import {
  loadRclnodejs,
  type RclActionClient,
  type RclClient,
  type RclContext,
  type RclNode,
  type Rclnodejs,
} from "./rclnodejs-library.ts";

export interface RclnodejsOptions {
  /** Of this side's graph (`ROS_DOMAIN_ID`); each side of the border has one of its own. */
  readonly domainId: number;
  /** The folder in whose `node_modules` rclnodejs was installed; this package's own, if not given. */
  readonly installedIn?: string;
  readonly nodeName?: string;
  /** How rclnodejs is got; its own way, if not given. */
  readonly load?: (installedIn: string | undefined) => Promise<Rclnodejs>;
}

const NODE_NAME = "baton_fleet";

/** What stands once the node does. */
interface Session {
  readonly rcl: Rclnodejs;
  readonly context: RclContext;
  readonly node: RclNode;
  readonly clients: Map<string, RclClient>;
  readonly actionClients: Map<string, RclActionClient>;
}

interface Subscription {
  readonly topic: RosTopic;
  readonly onMessage: (message: unknown) => void;
  end: (() => void) | undefined;
}

/**
 * ROS 2 on the machine's own middleware, by rclnodejs 2: a node of this process on the side's graph. There is no server in between that
 * could be away, so its session stands from the node's beginning to its end; a vehicle that cannot be reached is
 * noticed by its silence, and what is asked of it fails at once, before it is handed to a middleware that would drop it.
 * All times here are the machine's.
 */
export function rclnodejs(options: RclnodejsOptions): OpenRos {
  return (listener) => {
    const subscriptions = new Set<Subscription>();
    let session: Session | undefined;
    let isEnded = false;

    const begin = (on: Session, subscription: Subscription): void => {
      const { topic, onMessage } = subscription;
      try {
        const heard = on.node.createSubscription(
          topic.type,
          topic.name,
          { qos: qosOf(on.rcl, topic), enableTypedArray: false },
          (message) => onMessage(plainData(message)),
        );
        subscription.end = () => on.node.destroySubscription(heard);
      } catch (error) {
        listener.onTrouble(`${topic.name}: ${detailOf(error)}`);
      }
    };

    const opening = open(options).then((opened) => {
      if (isEnded) {
        opened.context.tryShutdown();
        throw new RosUnreachableError(`the node on domain ${options.domainId} was ended before it stood`);
      }
      session = opened;
      for (const subscription of subscriptions) begin(opened, subscription);
      listener.onOpen();
    });
    // Nobody has to wait for it.
    opening.catch((error: unknown) => tellUnlessEnded(listener, isEnded, error));

    const transport: RosTransport = {
      whenOpen: () => opening,
      subscribe: (topic, onMessage) => {
        const subscription: Subscription = { topic, onMessage, end: undefined };
        subscriptions.add(subscription);
        if (session !== undefined) begin(session, subscription);
        return () => {
          subscriptions.delete(subscription);
          if (session !== undefined) subscription.end?.();
        };
      },
      call: (service, request, withinMs, onOutcome) => {
        const asked = session;
        if (asked === undefined) setImmediate(() => onOutcome({ kind: "not-connected" }));
        else void call(asked, service, request, withinMs).then(onOutcome);
      },
      sendGoal: (action, goal, onOutcome) => {
        const asked = session;
        if (asked === undefined) setImmediate(() => onOutcome({ kind: "not-connected" }));
        else void follow(asked, action, goal).then(onOutcome);
      },
      end: async () => {
        isEnded = true;
        const ending = session;
        session = undefined;
        if (ending === undefined) return;
        ending.context.tryShutdown();
        listener.onClose();
      },
    };
    return transport;
  };
}

function tellUnlessEnded(listener: RosTransportListener, isEnded: boolean, error: unknown): void {
  if (!isEnded) listener.onTrouble(detailOf(error));
}

async function open({
  domainId,
  installedIn,
  nodeName = NODE_NAME,
  load = loadRclnodejs,
}: RclnodejsOptions): Promise<Session> {
  let rcl: Rclnodejs;
  try {
    rcl = await load(installedIn);
  } catch (error) {
    const at = installedIn ?? "fleet-adapter";
    throw new RosUnreachableError(
      `rclnodejs cannot be loaded from ${at}: source the setup file of ROS 2, run "npm install rclnodejs@2" there in the same shell ` +
        `(it is compiled against that ROS 2), and start again; or use a rosbridge. ${detailOf(error)}`,
    );
  }
  const context = new rcl.Context(BigInt(domainId));
  try {
    // Not the arguments of this process: they are Baton's.
    await rcl.init(context, []);
    rcl.require(ANNOUNCEMENTS.type);
    const node = new rcl.Node(nodeName, "", context);
    node.spin();
    return { rcl, context, node, clients: new Map(), actionClients: new Map() };
  } catch (error) {
    context.tryShutdown();
    throw new RosUnreachableError(
      `no node can be made on domain ${domainId}: check that ROS 2 is sourced, and that baton_interfaces (fleet-adapter/ros2) and ` +
        `nav2_msgs were built, sourced, and there when rclnodejs was installed ("npx generate-ros-messages" reads them anew). ${detailOf(error)}`,
    );
  }
}

async function call(
  { node, clients }: Session,
  { name, type }: RosService,
  request: object,
  withinMs: number,
): Promise<CallOutcome> {
  try {
    const client = clients.get(name) ?? node.createClient(type, name, { enableTypedArray: false });
    clients.set(name, client);
    if (!client.isServiceServerAvailable()) return { kind: "failed", detail: `nobody offers ${name}` };
    const response = await client.sendRequestAsync(request, { timeout: withinMs });
    return { kind: "answered", response: plainData(response) };
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError") return { kind: "timed-out" };
    return { kind: "failed", detail: detailOf(error) };
  }
}

async function follow(
  { rcl, node, actionClients }: Session,
  { name, type }: RosAction,
  goal: object,
): Promise<GoalOutcome> {
  try {
    const client = actionClients.get(name) ?? new rcl.ActionClient(node, type, name);
    actionClients.set(name, client);
    if (!client.isActionServerAvailable()) return { kind: "aborted", detail: `nobody offers ${name}` };
    const handle = await client.sendGoal(goal);
    if (!handle.isAccepted()) return { kind: "aborted", detail: "the goal was rejected" };
    const result = plainData(await handle.getResult());
    if (handle.isSucceeded()) return { kind: "succeeded" };
    return handle.isCanceled() ? { kind: "canceled" } : { kind: "aborted", detail: wordsOf(result) };
  } catch (error) {
    return { kind: "aborted", detail: detailOf(error) };
  }
}

/** Since Jazzy a result of Nav2 says why; before, it is empty. */
function wordsOf(result: unknown): string {
  const said = typeof result === "object" && result !== null && "error_msg" in result && result.error_msg;
  return typeof said === "string" && said !== "" ? said : "the vehicle says no more about it";
}

function qosOf({ QoS }: Rclnodejs, { qos }: RosTopic): object {
  const { HistoryPolicy, ReliabilityPolicy, DurabilityPolicy } = QoS;
  return new QoS(
    HistoryPolicy.RMW_QOS_POLICY_HISTORY_KEEP_LAST,
    qos.depth,
    qos.reliability === "reliable"
      ? ReliabilityPolicy.RMW_QOS_POLICY_RELIABILITY_RELIABLE
      : ReliabilityPolicy.RMW_QOS_POLICY_RELIABILITY_BEST_EFFORT,
    qos.durability === "transient-local"
      ? DurabilityPolicy.RMW_QOS_POLICY_DURABILITY_TRANSIENT_LOCAL
      : DurabilityPolicy.RMW_QOS_POLICY_DURABILITY_VOLATILE,
  );
}

function detailOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

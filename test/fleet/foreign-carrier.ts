import { type Clock, mqttLinks, type Vendor } from "@baton/fleet-adapter";
import { readTransferControl, TRANSFER_CONTROL, timestampOf } from "@baton/fleet-adapter/vda5050";
import {
  type Curve,
  nodePoseInSite,
  nurbsCurve,
  otherSide,
  type Pose,
  SIDES,
  type Side,
  type Site,
  straightCurve,
  toMapFrame,
  toSiteFrame,
} from "@baton/maps";
import {
  type ActionContext,
  ActionStatus,
  type AgvAdapter,
  AgvController,
  type AgvControllerOptions,
  type AttachContext,
  type ClientOptions,
  type ClientPublishOptions,
  type DetachContext,
  EStop,
  type Headerless,
  type Node,
  OperatingMode,
  type State,
  type StopTraverseContext,
  type Topic,
  type TopicObject,
  type TraverseEdgeContext,
} from "vda-5050-lib";
import { type ControlRegister, transferControl } from "../../sim/src/vehicle/control-register.ts";
import { readWorldMessage, type WorldVehicle, worldFilter, worldTopic } from "../../sim/src/world/channel.ts";
import { CarrierDeck } from "./carrier-deck.ts";
import { COATY, dropSession } from "./foreign-vehicle.ts";

/**
 * A container carrier as a maker would build it on npm's vda-5050-lib: the library's `AgvController` speaks VDA 5050 2.0,
 * one at each side's broker; behind both stands one body with one control register.
 */

const AGV_ID = { manufacturer: "coaty", serialNumber: "carrier-1" };
export const CARRIER_ID = `${AGV_ID.manufacturer}.${AGV_ID.serialNumber}`;

/** What commissioning has found out about the library; what it says of itself is the maker's. */
export const CARRIER: Vendor = {
  manufacturer: COATY.manufacturer,
  quirks: [
    "instant-actions-key",
    "stitch-appends-actions",
    "double-action-states",
    "refusal-in-errors-only",
    "deviation-key-xy",
    "empty-factsheet",
  ],
  factsheet: {
    ...COATY.factsheet,
    protocolFeatures: {
      optionalParameters: [],
      agvActions: [
        ...["pick", "drop"].map((actionType) => ({ actionType, actionScopes: ["NODE"] })),
        ...["cancelOrder", "stateRequest", "factsheetRequest", TRANSFER_CONTROL].map((actionType) => ({
          actionType,
          actionScopes: ["INSTANT"],
        })),
      ],
    },
  },
};

const LATCHES: readonly string[] = ["startPause", "stopPause"];

/** Its clock is the world's, which may run fast: whoever hears of a place asks how far one can have come since the last. */
class ClockedController extends AgvController {
  readonly #clock: Clock;

  constructor(clock: Clock, ...[client, controller]: [ClientOptions, AgvControllerOptions]) {
    super(AGV_ID, client, controller, {});
    this.#clock = clock;
  }

  override publish<T extends string>(
    topic: T extends Topic ? T : string,
    object: Headerless<TopicObject<T>>,
    options?: ClientPublishOptions,
  ): Promise<TopicObject<T>> {
    return super.publish(topic, { ...object, timestamp: timestampOf(this.#clock.nowMs()) }, options);
  }
}

const TICK_MS = 20;
const STATE_MS = 100;
const TOP_SPEED_MPS = 4;
const START_WITHIN_M = 0.5;

interface Drive {
  readonly context: TraverseEdgeContext;
  readonly curve: Curve;
  alongM: number;
  /** Its order was cancelled: it stops at the next node. */
  cancelled: StopTraverseContext | undefined;
}

export interface CarrierOptions {
  readonly site: Site;
  readonly brokerUrl: Readonly<Record<Side, string>>;
  /** The world's clock: it drives by it. */
  readonly clock: Clock;
  /** Where it stands, on the ground of the side that holds it. */
  readonly at: { readonly side: Side; readonly nodeId: string };
}

export class ForeignCarrier {
  readonly #options: CarrierOptions;
  readonly #controllers: Readonly<Record<Side, AgvController>>;
  readonly #worlds: Readonly<Record<Side, ReturnType<ReturnType<typeof mqttLinks>>>>;
  readonly #ticks: NodeJS.Timeout;
  #register: ControlRegister;
  #pose: Pose;
  #standsAt: string | undefined;
  #drive: Drive | undefined;
  readonly #deck: CarrierDeck;
  #atMs: number;
  #stoppedBy: readonly Side[] = [];
  /** Instant actions that it has finished, by type. */
  readonly obeyed: string[] = [];

  private constructor(options: CarrierOptions) {
    const { site, at, clock, brokerUrl } = options;
    const pose = nodePoseInSite(site, at.side, at.nodeId);
    if (pose === undefined) throw new Error(`${at.nodeId} is no node of ${at.side}`);
    this.#options = options;
    this.#pose = pose;
    this.#standsAt = at.nodeId;
    this.#register = { authority: at.side, epoch: 0 };
    this.#deck = new CarrierDeck(clock);
    this.#atMs = clock.nowMs();
    const controllerAt = (side: Side): AgvController =>
      new ClockedController(
        clock,
        {
          interfaceName: "uagv",
          transport: { brokerUrl: brokerUrl[side], reconnectPeriod: 100 },
          vdaVersion: "2.0.0",
        },
        {
          agvAdapterType: this.#adapterFor(side),
          publishStateInterval: STATE_MS,
          publishVisualizationInterval: 0,
        },
      );
    this.#controllers = { vn: controllerAt("vn"), cn: controllerAt("cn") };
    const worldAt = (side: Side) =>
      mqttLinks({ url: brokerUrl[side] })({
        clientId: `carrier-world-${side}`,
        subscriptions: [worldFilter(side, "crane")],
        onOpen: () => this.#show(),
        onMessage: (topic, payload) => {
          const message = readWorldMessage(topic, payload);
          if (message?.kind === "crane" && message.crane.vehicleId === CARRIER_ID && !this.isDriving)
            this.#deck.feel(message.crane);
        },
        onTrouble: () => undefined,
      });
    this.#worlds = { vn: worldAt("vn"), cn: worldAt("cn") };
    this.#ticks = setInterval(() => this.#tick(), TICK_MS);
  }

  static async connect(options: CarrierOptions): Promise<ForeignCarrier> {
    const carrier = new ForeignCarrier(options);
    for (const side of SIDES) await carrier.#controllers[side].start();
    return carrier;
  }

  get register(): ControlRegister {
    return this.#register;
  }

  get pose(): Pose {
    return this.#pose;
  }

  /** With an order in hand, it does not set out. */
  hesitates = false;

  get isDriving(): boolean {
    return this.#drive !== undefined && !this.hesitates && this.#stoppedBy.length === 0;
  }

  /** The node that it drives to, and how far that is. */
  get ahead(): { readonly nodeId: string; readonly leftM: number } | undefined {
    const drive = this.#drive;
    if (drive === undefined) return undefined;
    return { nodeId: drive.context.endNode.nodeId, leftM: drive.curve.lengthM - drive.alongM };
  }

  /** What it says to a side at this moment. */
  stateAt(side: Side): Headerless<State> {
    return this.#controllers[side].currentState;
  }

  /** Cuts its connection with a side without a word; it comes back by itself. */
  drop(side: Side): void {
    dropSession(this.#controllers[side]);
  }

  async stop(): Promise<void> {
    clearInterval(this.#ticks);
    for (const side of SIDES) {
      await this.#controllers[side].stop();
      await this.#worlds[side].end();
    }
  }

  /** The maker's part behind the library's controller at a side's broker. */
  #adapterFor(side: Side) {
    const carrier = this;
    return class implements AgvAdapter {
      readonly name = "carrier";
      readonly apiVersion = 2;
      readonly controller: AgvController;

      constructor(controller: AgvController) {
        this.controller = controller;
      }

      attach(context: AttachContext): void {
        const { side: home, nodeId } = carrier.#options.at;
        context.attached({
          ...carrier.#stateFor(side),
          lastNodeId: side === home ? nodeId : "",
          batteryState: { batteryCharge: 90, charging: false },
          driving: false,
          paused: false,
          loads: [],
          safetyState: { eStop: EStop.None, fieldViolation: false },
        });
      }
      detach(context: DetachContext): void {
        context.detached({});
      }
      isActionExecutable({ action, scope }: ActionContext) {
        const known = scope === "instant" ? [TRANSFER_CONTROL, ...LATCHES] : ["pick", "drop"];
        if (known.includes(action.actionType)) return [];
        return [
          {
            referenceKey: AgvController.REF_KEY_ERROR_DESCRIPTION_DETAIL,
            referenceValue: `${action.actionType} is not supported`,
          },
        ];
      }
      executeAction(context: ActionContext): void {
        if (LATCHES.includes(context.action.actionType)) carrier.#latch(side, context);
        else if (context.action.actionType === TRANSFER_CONTROL) carrier.#transfer(side, context);
        else {
          const refusal = carrier.#deck.begin(context);
          if (refusal !== undefined) failed(context, refusal);
        }
      }
      cancelAction(context: ActionContext): void {
        carrier.#deck.giveUp();
        context.updateActionStatus({ actionStatus: ActionStatus.Failed });
      }
      finishEdgeAction(): void {}
      isNodeWithinDeviationRange({ nodeId, nodePosition }: Node) {
        const { xM, yM } = toMapFrame(carrier.#frame(side), carrier.#pose);
        const offM = nodePosition === undefined ? 0 : Math.hypot(nodePosition.x - xM, nodePosition.y - yM);
        return offM <= START_WITHIN_M ? [] : [{ referenceKey: "nodeId", referenceValue: nodeId }];
      }
      isRouteTraversable() {
        return [];
      }
      traverseEdge(context: TraverseEdgeContext): void {
        const alongM = 0;
        carrier.#drive = { context, curve: curveOf(context), alongM, cancelled: undefined };
        carrier.#standsAt = undefined;
      }
      stopTraverse(context: StopTraverseContext): void {
        const drive = carrier.#drive;
        if (drive === undefined) context.stopped();
        else if (carrier.hesitates) {
          carrier.#drive = undefined;
          carrier.#standsAt = drive.context.startNode.nodeId;
          context.stopped();
          carrier.obeyed.push("cancelOrder");
        } else {
          drive.cancelled = context;
          context.drivingToNextNode(drive.context.endNode);
        }
      }
    };
  }

  #frame(side: Side) {
    return this.#options.site.file.sides[side].mapToSite;
  }

  #stateFor(side: Side): Partial<Headerless<State>> {
    const { authority, epoch, handoffId } = this.#register;
    const { mapId } = this.#options.site.file.sides[side];
    const { xM, yM, headingRad } = toMapFrame(this.#frame(side), this.#pose);
    const state = {
      agvPosition: { x: xM, y: yM, theta: headingRad, mapId, positionInitialized: true },
      operatingMode: authority === side ? OperatingMode.Automatic : OperatingMode.Service,
      // The vendor extension: who holds it.
      batonControl: {
        authority,
        epoch,
        ...(handoffId === undefined ? {} : { handoffId }),
        pausedBy: this.#stoppedBy,
      },
    };
    return state;
  }

  #tick(): void {
    const nowMs = this.#options.clock.nowMs();
    let leftS = (nowMs - this.#atMs) / 1_000;
    this.#atMs = nowMs;
    if (this.hesitates || this.#stoppedBy.length > 0) leftS = 0;
    const before = this.#drive;
    // An edge that ends leads on to the next one within the same call, as long as there is one that is released.
    for (let drive = this.#drive; drive !== undefined && leftS > 0; drive = this.#drive) {
      const speedMps = Math.min(TOP_SPEED_MPS, drive.context.edge.maxSpeed ?? TOP_SPEED_MPS);
      const toEndS = (drive.curve.lengthM - drive.alongM) / speedMps;
      drive.alongM += Math.min(leftS, toEndS) * speedMps;
      leftS -= Math.min(leftS, toEndS);
      const side = this.#register.authority;
      this.#pose = toSiteFrame(this.#frame(side), drive.curve.poseAt(drive.alongM));
      if (toEndS > 0 && leftS <= 0) break;
      this.#reach(side, drive);
    }
    if (before !== undefined) {
      for (const side of SIDES) {
        const { agvPosition } = this.#stateFor(side);
        this.#controllers[side].updatePartialState({ ...(agvPosition === undefined ? {} : { agvPosition }) });
        this.#controllers[side].updateDrivingState(this.isDriving);
      }
    }
    this.#deck.carryOn(nowMs);
    this.#show();
  }

  #reach(side: Side, { context, cancelled }: Drive): void {
    const { endNode } = context;
    this.#drive = undefined;
    this.#standsAt = endNode.nodeId;
    if (cancelled === undefined) {
      context.edgeTraversed();
      return;
    }
    const { nodeId: lastNodeId, sequenceId: lastNodeSequenceId } = endNode;
    this.#controllers[side].updatePartialState({ lastNodeId, lastNodeSequenceId, driving: false });
    cancelled.stopped();
    this.obeyed.push("cancelOrder");
  }

  #latch(side: Side, context: ActionContext): void {
    const { actionType } = context.action;
    const others = this.#stoppedBy.filter((each) => each !== side);
    this.#stoppedBy = actionType === "startPause" ? [...others, side] : others;
    const paused = this.#stoppedBy.length > 0;
    for (const each of SIDES) this.#controllers[each].updatePartialState({ ...this.#stateFor(each), paused });
    this.obeyed.push(actionType);
    context.updateActionStatus({ actionStatus: ActionStatus.Finished });
  }

  #transfer(side: Side, context: ActionContext): void {
    const request = readTransferControl(context.action);
    if (request === undefined) {
      failed(context, "it makes no sense");
      return;
    }
    const busy = this.isDriving || this.#controllers[side].hasActiveOrder;
    const outcome = transferControl(this.#register, request, side, busy ? "it has an order" : undefined);
    if (outcome.kind === "refused") {
      failed(context, outcome.reason);
      return;
    }
    if (outcome.kind === "changed") {
      this.#register = outcome.register;
      const pair = this.#options.site.file.strip.nodes.find((each) => each[side] === this.#standsAt);
      const next = otherSide(side);
      this.#standsAt = pair?.[next];
      this.#controllers[next].updatePartialState({
        ...this.#stateFor(next),
        lastNodeId: pair?.[next] ?? "",
        lastNodeSequenceId: 0,
        loads: this.#controllers[side].currentState.loads ?? [],
      });
    }
    this.obeyed.push(TRANSFER_CONTROL);
    const { operatingMode, ...rest } = this.#stateFor(side);
    context.updateActionStatus({
      actionStatus: ActionStatus.Finished,
      linkedState: { ...rest, ...(operatingMode === undefined ? {} : { operatingMode }) },
    });
  }

  #show(): void {
    const { xM, yM, headingRad } = this.#pose;
    const seen: WorldVehicle = {
      vehicleId: CARRIER_ID,
      atMs: this.#atMs,
      xM,
      yM,
      headingRad,
      speedMps: this.isDriving ? TOP_SPEED_MPS : 0,
      locks: this.#deck.locks,
      loadIds: this.#deck.loadIds,
      ...(this.#standsAt === undefined ? {} : { standingAtNodeId: this.#standsAt }),
    };
    for (const side of SIDES) {
      this.#worlds[side].publish(worldTopic(side, "vehicle", CARRIER_ID), seen, { retain: true });
    }
  }
}

function failed(context: ActionContext, errorDescription: string): void {
  context.updateActionStatus({ actionStatus: ActionStatus.Failed, errorDescription });
}

function curveOf({ edge, startNode, endNode }: TraverseEdgeContext): Curve {
  const { trajectory } = edge;
  if (trajectory !== undefined) {
    const controlPoints = trajectory.controlPoints.map(({ x, y, weight = 1 }) => ({ x, y, weight }));
    return nurbsCurve({ degree: trajectory.degree, knotVector: trajectory.knotVector, controlPoints });
  }
  const [from, to] = [startNode.nodePosition, endNode.nodePosition];
  if (from === undefined || to === undefined) throw new Error(`${edge.edgeId} has neither a path nor ends`);
  return straightCurve({ xM: from.x, yM: from.y }, { xM: to.x, yM: to.y });
}

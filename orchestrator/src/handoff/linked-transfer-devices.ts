import type { MessageLink, OpenLink, Payload } from "@baton/fleet-adapter";
import type { HandoffPointId, Side } from "@baton/maps";
import { Compile } from "typebox/compile";
import { deviceTopic } from "../gate/port.ts";
import { type TransferDevices, TransferReport } from "./transfer-port.ts";

export interface LinkedTransferDevicesOptions {
  /** To this side's own broker. */
  readonly openLink: OpenLink;
  readonly siteId: string;
  readonly side: Side;
  readonly clientId: string;
  /** Which device serves which hand-off point. */
  readonly deviceAt: ReadonlyMap<HandoffPointId, string>;
  /** Longer inbound messages are refused unread. */
  readonly maxMessageBytes?: number;
}

export interface LinkedTransferDevices extends TransferDevices {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** States of the devices, as they come; of a device that serves several points to each of these. */
  subscribe(listener: (handoffPointId: HandoffPointId, report: TransferReport) => void): () => void;
  /** Inbound messages that made no sense, since the start. */
  invalidMessages(): number;
}

const MAX_MESSAGE_BYTES = 4 * 1024;
const reportCheck = Compile(TransferReport);

/** The transfer devices at the line over the side's broker. A device has a session with both sides' brokers, and tells both the same. */
export function createLinkedTransferDevices(options: LinkedTransferDevicesOptions): LinkedTransferDevices {
  const { openLink, siteId, side, clientId, deviceAt, maxMessageBytes = MAX_MESSAGE_BYTES } = options;
  const pointsOf = new Map<string, HandoffPointId[]>();
  for (const [point, device] of deviceAt) pointsOf.set(device, [...(pointsOf.get(device) ?? []), point]);
  const listeners = new Set<(handoffPointId: HandoffPointId, report: TransferReport) => void>();
  let link: MessageLink | undefined;
  let invalidCount = 0;

  const receive = (topic: string, payload: Payload): void => {
    const deviceId = topic.split("/")[4] ?? "";
    const points = pointsOf.get(deviceId);
    const read = payload.json(maxMessageBytes);
    if (
      points === undefined ||
      !read.ok ||
      !reportCheck.Check(read.value) ||
      read.value.deviceId !== deviceId
    ) {
      invalidCount++;
      return;
    }
    for (const listener of [...listeners]) for (const point of points) listener(point, read.value);
  };

  const stop = async (): Promise<void> => {
    const ending = link;
    link = undefined;
    await ending?.end();
  };

  return {
    serves: (handoffPointId) => deviceAt.has(handoffPointId),
    command: (handoffPointId, command) => {
      const deviceId = deviceAt.get(handoffPointId);
      if (deviceId === undefined) return;
      link?.publish(deviceTopic(siteId, side, deviceId, "transfer-command"), command, { qos: 1 });
    },
    async start() {
      link ??= openLink({
        clientId,
        subscriptions: [...pointsOf.keys()].map((device) =>
          deviceTopic(siteId, side, device, "transfer-state"),
        ),
        // Trouble with the broker passes by itself: the hand-off room says again what it does not see obeyed.
        onMessage: receive,
      });
      try {
        await link.whenOpen();
      } catch (error) {
        await stop();
        throw error;
      }
    },
    stop,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    invalidMessages: () => invalidCount,
  };
}

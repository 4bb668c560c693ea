import { createServer, type Socket } from "node:net";
import { Aedes } from "aedes";

export interface Broker {
  /** `mqtt://127.0.0.1:<port>` */
  readonly url: string;
  stop(): Promise<void>;
}

export interface BrokerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** The loopback address unless told otherwise: the embedded broker asks nobody who they are. */
  readonly host?: string;
}

/**
 * Starts an embedded MQTT 3.1.1 broker. For demos and tests; a deployment uses a real one.
 * Rejects with the operating system's error (`EADDRINUSE`) when the port cannot be had.
 */
export async function startBroker({ port, host = "127.0.0.1" }: BrokerOptions): Promise<Broker> {
  const aedes = await Aedes.createBroker();
  keepOrder(aedes);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("close", () => sockets.delete(socket));
    aedes.handle(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the broker's server has no port");
  return {
    url: `mqtt://${host}:${address.port}`,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/**
 * aedes 1.2 numbers a message when it takes it in, passes a retained one on only after having stored it, and drops what
 * comes with a smaller number than the last as a duplicate: a retained message with another close behind it was lost
 * to whoever listened. So nothing is taken in while a retained message is being stored.
 */
function keepOrder(aedes: Aedes): void {
  const authorize = aedes.authorizePublish;
  const waiting: (() => void)[] = [];
  let isStoring = false;

  const stored = (): void => {
    isStoring = false;
    while (!isStoring) {
      const next = waiting.shift();
      if (next === undefined) return;
      next();
    }
  };
  aedes.authorizePublish = (client, packet, done) => {
    const take = (): void => {
      if (packet.retain) {
        isStoring = true;
        setImmediate(stored);
      }
      authorize(client, packet, done);
    };
    if (isStoring) waiting.push(take);
    else take();
  };
}

import * as roslib from "roslib";

/** What is used of roslib 2. Its own types name files without their endings, which Node's resolution does not follow. */

export interface RosClient {
  readonly isConnected: boolean;
  on(event: "connection" | "close" | "error", listener: (event: unknown) => void): unknown;
  /** Resolves before the socket is open. */
  connect(url: string): Promise<void>;
  close(): void;
}

interface TopicOptions {
  readonly ros: RosClient;
  readonly name: string;
  readonly messageType: string;
  readonly compression: "none";
  readonly throttle_rate: number;
  readonly queue_length: number;
  readonly reconnect_on_close: boolean;
}

interface TopicClient {
  subscribe(onMessage: (message: unknown) => void): void;
  unsubscribe(): void;
}

interface ServiceClient {
  callService(
    request: object,
    onResponse: (response: unknown) => void,
    onFailure: (error: unknown) => void,
    timeoutS: number,
  ): void;
}

interface ActionClient {
  sendGoal(
    goal: object,
    onResult: (result: unknown) => void,
    onFeedback: undefined,
    onFailure: (error: string) => void,
  ): string | undefined;
}

interface Roslib {
  readonly Ros: new () => RosClient;
  readonly Topic: new (options: TopicOptions) => TopicClient;
  readonly Service: new (options: {
    readonly ros: RosClient;
    readonly name: string;
    readonly serviceType: string;
  }) => ServiceClient;
  readonly Action: new (options: {
    readonly ros: RosClient;
    readonly name: string;
    readonly actionType: string;
  }) => ActionClient;
}

export const { Ros, Topic, Service, Action } = roslib as unknown as Roslib;

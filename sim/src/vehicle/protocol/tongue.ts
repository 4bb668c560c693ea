import type {
  Checked,
  Connection,
  FactsheetMessage,
  Header,
  InstantActions,
  Order,
  State,
  TopicVersion,
} from "@baton/fleet-adapter/vda5050";
import type { State as State3_0 } from "@baton/fleet-adapter/vda5050/v3_0";

/** What of a state only 3.0 can say. */
export interface MoreState
  extends Pick<State3_0, "zoneRequests" | "zoneSets" | "plannedPath" | "intermediatePath"> {
  readonly errors: State3_0["errors"];
  /** Of an action in the state: whether it was asked for at once, or is part of an order. */
  isInstant(actionId: string): boolean;
}

/**
 * One version of VDA 5050 as a vehicle speaks it. Inside, a simulated vehicle thinks in messages of 2.1; a tongue turns
 * what it hears into those, and what it says out of them. It shares the schemas with fleet control, not the translation:
 * each side of the wire has its own.
 */
export interface Tongue {
  readonly version: string;
  readonly topicVersion: TopicVersion;
  readOrder(message: unknown): Checked<Order>;
  readInstantActions(message: unknown): Checked<InstantActions>;
  /** `more` is what the vehicle has to say that a state of 2.1 has no words for; made only for a version that has them. */
  writeState(state: State, more: () => MoreState): object;
  writeConnection(connection: Connection): object;
  /** What a vehicle that sleeps says instead; undefined where there is no sleep. */
  writeHibernating(header: Header): object | undefined;
  writeFactsheet(factsheet: FactsheetMessage): object;
}

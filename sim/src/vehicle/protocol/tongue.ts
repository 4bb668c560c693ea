import type {
  Checked,
  Connection,
  FactsheetMessage,
  InstantActions,
  Order,
  State,
  TopicVersion,
} from "@baton/fleet-adapter/vda5050";

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
  /** `isInstant` says of an action in the state whether it was asked for at once, or is part of an order. */
  writeState(state: State, isInstant: (actionId: string) => boolean): object;
  writeConnection(connection: Connection): object;
  writeFactsheet(factsheet: FactsheetMessage): object;
}

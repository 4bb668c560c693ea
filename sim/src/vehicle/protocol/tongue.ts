import type {
  Checked,
  Connection,
  FactsheetMessage,
  InstantActions,
  Order,
  Protocol,
  State,
  TopicVersion,
} from "@baton/fleet-adapter/vda5050";
import { v2_0 } from "./v2_0.ts";
import { v2_1 } from "./v2_1.ts";
import { v3_0 } from "./v3_0.ts";

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

const TONGUES: Readonly<Record<Protocol, Tongue>> = { "2.0": v2_0, "2.1": v2_1, "3.0": v3_0 };

/** The tongue of a vehicle; 2.1 unless it is said to speak another. */
export function tongueOf(protocol: Protocol = "2.1"): Tongue {
  return TONGUES[protocol];
}

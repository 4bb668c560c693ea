import type { State } from "../wire/v3_0/index.ts";

/** For tests: a state of 3.0 with all that the schema asks for, of a vehicle that stands, with no order, on no node. */
export const IDLE: State = {
  headerId: 1,
  timestamp: "2026-06-01T00:00:00.000Z",
  version: "3.0.0",
  manufacturer: "acme",
  serialNumber: "7",
  orderId: "",
  orderUpdateId: 0,
  lastNodeId: "",
  lastNodeSequenceId: 0,
  nodeStates: [],
  edgeStates: [],
  driving: false,
  actionStates: [],
  instantActionStates: [],
  powerSupply: { stateOfCharge: 80, charging: false },
  operatingMode: "AUTOMATIC",
  errors: [],
  safetyState: { activeEmergencyStop: "NONE", fieldViolation: false },
};

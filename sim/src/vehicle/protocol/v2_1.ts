import { checkInstantActions, checkOrder, VDA5050_VERSION } from "@baton/fleet-adapter/vda5050";
import type { Tongue } from "./tongue.ts";

/** VDA 5050 2.1: what a simulated vehicle thinks in, as it is. */
export const v2_1: Tongue = {
  version: VDA5050_VERSION,
  topicVersion: "v2",
  readOrder: checkOrder,
  readInstantActions: checkInstantActions,
  writeState: (state) => state,
  writeConnection: (connection) => connection,
  writeHibernating: () => undefined,
  writeFactsheet: (factsheet) => factsheet,
};

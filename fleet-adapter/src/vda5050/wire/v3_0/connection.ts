import Type, { type Static } from "typebox";
import { headerFields } from "../header.ts";

/** Whether the vehicle has a session with the broker; retained, QoS 1 (VDA 5050 3.0 sections 6.5 and 7.7). */
export const Connection = Type.Object({
  ...headerFields,
  connectionState: Type.Enum(["ONLINE", "OFFLINE", "HIBERNATING", "CONNECTION_BROKEN"]),
});
export type Connection = Static<typeof Connection>;

import Type, { type Static } from "typebox";
import { headerFields } from "../header.ts";

/**
 * Whether the vehicle has a session with the broker; retained, QoS 1, and `CONNECTIONBROKEN` as the
 * session's last will (VDA 5050 2.1 section 6.14); topic `connection`.
 */
export const Connection = Type.Object({
  ...headerFields,
  connectionState: Type.Enum(["ONLINE", "OFFLINE", "CONNECTIONBROKEN"]),
});
export type Connection = Static<typeof Connection>;

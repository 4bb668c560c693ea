/**
 * What it takes to put a side's rooms together outside its own process: for a simulation in fast time, which brings the
 * clock, the brokers, the partner and the client of Redis.
 */
export type { AlarmView, MissionView, TransportOrderRequest } from "./contract/index.ts";
export { createLinkedDevices } from "./gate/linked-devices.ts";
export { type Jws, joseJws } from "./handoff/jws.ts";
export { createKeyRing, type KeyRing } from "./handoff/keys.ts";
export { createLinkedTransferDevices } from "./handoff/linked-transfer-devices.ts";
export { type MemoryPartnerLink, memoryPartnerLink } from "./handoff/memory-partner-link.ts";
export type { Fetch } from "./handoff/partner-ask.ts";
export type { HandoffEvent } from "./handoff/port.ts";
export type { HandoffService } from "./handoff/service-port.ts";
export type { Adoption, MissionControl } from "./mission/control-port.ts";
export type { Procedure } from "./mission/procedure.ts";
export { loadProcedures } from "./mission/procedure-files.ts";
export type { Ledger } from "./reservation/ledger/ledger.ts";
export { createRedisLedger } from "./reservation/ledger/redis-ledger.ts";
export { packCommit } from "./reservation/ledger/tape.ts";
export type { ClosureId } from "./reservation/port.ts";
export type { ReservationService } from "./reservation/service-port.ts";
export { type Footing, groundOf, openRooms, type Rooms, transferDevicesOf } from "./rooms.ts";
export { closeZonesWithGround } from "./watch/zone-closures.ts";

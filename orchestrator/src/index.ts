export type { DevicePosition, SpreaderPlace, SpreaderReport } from "./contract/index.ts";
export * from "./gate/port.ts";
export {
  freshTransferDevice,
  type Pad,
  TransferDevice,
  type TransferEvent,
  type TransferWork,
  transferDevice,
} from "./handoff/core/transfer-device.ts";
export { TransferCommand } from "./handoff/transfer-port.ts";

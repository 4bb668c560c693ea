import type { Alarms } from "../alarms/port.ts";
import type { DeviceEvent } from "../gate/port.ts";

/** Which devices and agencies of the side are away, as far as was heard; each of them is an alarm for as long as it is. */
export class DeviceWatch {
  readonly #alarms: Alarms;
  readonly #away = new Set<string>();

  constructor(alarms: Alarms) {
    this.#alarms = alarms;
  }

  hear({ deviceId, online }: Extract<DeviceEvent, { readonly kind: "availability" }>): void {
    const alarmId = `device.offline:${deviceId}`;
    if (online) {
      this.#away.delete(deviceId);
      this.#alarms.clear(alarmId);
      return;
    }
    this.#away.add(deviceId);
    this.#alarms.raise({ alarmId, code: "device.offline", detail: deviceId, priority: "high" });
  }

  /** In the order of their names. */
  away(): readonly string[] {
    return [...this.#away].sort();
  }
}

import type { TFunction } from "i18next";
import { COMMANDS, type CommandPorts } from "../app/commands.ts";
import { alarmDetail } from "../panels/alarm-detail.ts";
import { shortVehicleName } from "../scene/vehicle-name.ts";
import type { Findable } from "./search.ts";

export interface PaletteEntry extends Findable {
  readonly id: string;
  readonly kind: "act" | "alarm" | "vehicle" | "mission" | "lane" | "list" | "command";
  readonly keys: readonly string[];
  run(): void;
}

/** Everything that can be gone to or done from here, what is most urgent first. `lists`: those of the desk, by name. */
export function paletteEntries(
  ports: CommandPorts,
  lists: readonly string[],
  t: TFunction,
  exists: (key: string) => boolean,
): readonly PaletteEntry[] {
  const { live, room } = ports;
  const { alarms, vehicles, missions, select } = live.store.getState();
  const show = (vehicleId: string): void => {
    select(vehicleId);
    live.commands?.show(vehicleId);
  };
  const showList = (name: string) => () => room.getState().showDesk(name);
  const alarmText = (code: string): string => {
    const key = `alarm.code.${code}`;
    return exists(key) ? t(key) : t("alarm.code.unknown", { code });
  };
  const laneNumber = new Map<string, number>();

  return [
    ...[...room.getState().acts].map(
      ([id, act]): PaletteEntry => ({
        id: `act-${id}`,
        kind: "act",
        label: act.label,
        detail: act.about,
        keys: [],
        run: () => act.press(),
      }),
    ),
    ...alarms
      .filter(({ state }) => state !== "returned")
      .map(
        (alarm): PaletteEntry => ({
          id: `alarm-${alarm.side}-${alarm.alarmId}`,
          kind: "alarm",
          label: alarmText(alarm.code),
          detail: alarmDetail({ t, exists }, alarm),
          keys: [],
          run: () => {
            if (alarm.vehicleId !== undefined) show(alarm.vehicleId);
          },
        }),
      ),
    ...COMMANDS.filter(({ isKeyOnly }) => isKeyOnly !== true).map(
      (command): PaletteEntry => ({
        id: `command-${command.id}`,
        kind: "command",
        label: command.text(t),
        detail: "",
        keys: command.keys,
        run: () => command.run(ports),
      }),
    ),
    ...lists.map(
      (name): PaletteEntry => ({
        id: `list-${name}`,
        kind: "list",
        label: t(`desk.${name}`),
        detail: "",
        keys: [],
        run: showList(name),
      }),
    ),
    ...live.site.lanes.map(({ laneId, side, direction }): PaletteEntry => {
      const number = (laneNumber.get(`${side} ${direction}`) ?? 0) + 1;
      laneNumber.set(`${side} ${direction}`, number);
      return {
        id: `lane-${side}-${laneId}`,
        kind: "lane",
        label: t("ground.lane", { direction: t(`direction.${direction}`), number }),
        detail: `${t(`side.${side}`)} ${laneId}`,
        keys: [],
        run: showList("lanes"),
      };
    }),
    ...vehicles.map(
      ({ vehicleId, holder, containerNo }): PaletteEntry => ({
        id: `vehicle-${vehicleId}`,
        kind: "vehicle",
        label: shortVehicleName(vehicleId),
        detail: [t(`side.${holder}`), containerNo ?? ""].join(" ").trim(),
        keys: [],
        run: () => show(vehicleId),
      }),
    ),
    ...missions.map(
      ({ missionId, side, containerNo, orderId, vehicleId, status }): PaletteEntry => ({
        id: `mission-${side}-${missionId}`,
        kind: "mission",
        label: containerNo ?? t("mission.empty"),
        detail: `${t(`status.${status}`)} ${orderId}`,
        keys: [],
        run: () => {
          room.getState().showDesk("missions");
          if (vehicleId !== undefined) show(vehicleId);
        },
      }),
    ),
  ];
}

import { type KeyboardEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useSlow } from "../app/live-twin.ts";
import { useRoom, useRoomStore } from "../app/room.ts";
import { AccountsPanel } from "./accounts-panel.tsx";
import { AuditSearch } from "./audit-search.tsx";
import { DevicesTable } from "./devices-table.tsx";
import { FleetTable } from "./fleet-table.tsx";
import { GroundPanel } from "./ground-panel.tsx";
import { HoursPanel } from "./hours-panel.tsx";
import { LaneSchematic } from "./lane-schematic.tsx";
import { countByStatus, MissionsTable } from "./missions-table.tsx";
import { NumbersPanel } from "./numbers-panel.tsx";
import { PartnerPanel } from "./partner-panel.tsx";
import { YardPanel } from "./yard-panel.tsx";

const TABS = [
  { name: "missions", Content: MissionsTable },
  { name: "lanes", Content: LaneSchematic },
  { name: "fleet", Content: FleetTable },
  { name: "yard", Content: YardPanel },
  { name: "devices", Content: DevicesTable },
  { name: "ground", Content: GroundPanel },
  { name: "hours", Content: HoursPanel },
  { name: "partner", Content: PartnerPanel },
  { name: "numbers", Content: NumbersPanel },
  { name: "audit", Content: AuditSearch },
  { name: "accounts", Content: AccountsPanel },
] as const;
type TabName = (typeof TABS)[number]["name"];
/** The lists by name, as they stand beside each other. */
export const DESK_TABS: readonly string[] = TABS.map(({ name }) => name);

/** What is read beside the scene, one list at a time. Tabs as the ARIA practices describe them: arrows choose. */
export function Desk() {
  const { t } = useTranslation();
  const room = useRoomStore();
  const isOpen = useRoom((state) => state.isDeskOpen);
  const wanted = useRoom((state) => state.deskTab);
  const { name: chosen, Content } = TABS.find(({ name }) => name === wanted) ?? TABS[0];
  const tabs = useRef(new Map<TabName, HTMLButtonElement>());
  const counts = useCounts();

  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const at = TABS.findIndex(({ name }) => name === chosen);
    const next = TABS[(at + by + TABS.length) % TABS.length]?.name ?? chosen;
    room.getState().showDesk(next);
    tabs.current.get(next)?.focus();
  };

  return (
    <section className="panel desk" aria-label={t("desk.label")}>
      <div className="panel-head">
        <div className="tabs" role="tablist" aria-label={t("desk.label")} onKeyDown={onKeyDown}>
          {TABS.map(({ name }) => (
            <button
              key={name}
              ref={(element) => {
                if (element === null) tabs.current.delete(name);
                else tabs.current.set(name, element);
              }}
              type="button"
              role="tab"
              id={`tab-${name}`}
              aria-selected={chosen === name}
              aria-controls="desk-content"
              tabIndex={chosen === name ? 0 : -1}
              onClick={() => room.getState().showDesk(name)}
            >
              {t(`desk.${name}`)}
            </button>
          ))}
        </div>
        <span className="dim">{t("missions.summary", counts)}</span>
        <button
          type="button"
          className="quiet"
          aria-expanded={isOpen}
          aria-controls="desk-content"
          aria-label={isOpen ? t("desk.hide") : t("desk.show")}
          onClick={() => room.getState().toggleDesk()}
        >
          {isOpen ? "▾" : "▴"}
        </button>
      </div>
      <div
        className="panel-scroll"
        role="tabpanel"
        id="desk-content"
        aria-labelledby={`tab-${chosen}`}
        hidden={!isOpen}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard.
        tabIndex={0}
      >
        {isOpen ? <Content /> : null}
      </div>
    </section>
  );
}

function useCounts() {
  const missions = useSlow((state) => state.missions);
  return countByStatus(missions);
}

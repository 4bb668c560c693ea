import { type KeyboardEvent, useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CommandPorts } from "../app/commands.ts";
import { Dialog } from "./dialog.tsx";
import { type PaletteEntry, paletteEntries } from "./entries.ts";
import { found } from "./search.ts";

const SHOWN = 12;

/**
 * Type a few letters, press Enter: a vehicle, a mission, an alarm, a lane, a list, a view, an act. A combobox with a list
 * as the ARIA practices describe it. What there is, is taken when it opens: nothing moves under the fingers.
 */
export function PaletteDialog({
  ports,
  lists,
}: {
  readonly ports: CommandPorts;
  readonly lists: readonly string[];
}) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const all = useMemo(
    () => paletteEntries(ports, lists, t, (key) => i18n.exists(key)),
    [ports, lists, t, i18n],
  );
  const entries = found(all, typed, SHOWN);
  const close = (): void => ports.room.getState().openDialog(undefined);
  const run = (entry: PaletteEntry | undefined): void => {
    if (entry === undefined) return;
    close();
    // After the dialog has given the focus back: what the entry opens may want it.
    setTimeout(() => entry.run(), 0);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by !== 0) setAt((at + by + entries.length) % Math.max(1, entries.length));
    else if (event.key === "Enter") run(entries[at]);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog label={t("palette.title")} className="palette" onClose={close}>
      <input
        type="text"
        role="combobox"
        aria-label={t("palette.title")}
        aria-expanded={entries.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={entries[at] === undefined ? undefined : `${id}-${at}`}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        placeholder={t("palette.hint")}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="palette-list" id={`${id}-list`} role="listbox" aria-label={t("palette.title")}>
        {entries.map((entry, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the keys.
          <div
            key={entry.id}
            id={`${id}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === at}
            onPointerMove={() => setAt(i)}
            onClick={() => run(entry)}
          >
            <span>{entry.label}</span>
            <span className="dim">{entry.detail}</span>
            <span className="dim palette-kind">
              {entry.keys.length === 0
                ? t(`palette.kind.${entry.kind}`)
                : entry.keys.map((key) => <kbd key={key}>{key}</kbd>)}
            </span>
          </div>
        ))}
      </div>
      <p className="dim" role="status">
        {entries.length === 0 ? t("palette.nothing") : ""}
      </p>
    </Dialog>
  );
}

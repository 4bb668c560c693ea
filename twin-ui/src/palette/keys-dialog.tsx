import { useTranslation } from "react-i18next";
import { COMMANDS } from "../app/commands.ts";
import { useRoomStore } from "../app/room.ts";
import { Dialog } from "./dialog.tsx";

/** What `?` shows: every key of the page. */
export function KeysDialog() {
  const { t } = useTranslation();
  const room = useRoomStore();
  const close = (): void => room.getState().openDialog(undefined);
  return (
    <Dialog label={t("keys.title")} className="keys-dialog" onClose={close}>
      <div className="panel-head">
        <h2>{t("keys.title")}</h2>
        <button type="button" className="quiet" aria-label={t("keys.close")} onClick={close}>
          ×
        </button>
      </div>
      <dl className="keys">
        {COMMANDS.map((command) => (
          <div key={command.id}>
            <dt>
              {command.keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{command.text(t)}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>↑ ↓ ← →</kbd>
          </dt>
          <dd>{t("keys.arrows")}</dd>
        </div>
      </dl>
    </Dialog>
  );
}

import { AccountView } from "@baton/orchestrator/contract";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive, useSlow } from "../app/live-twin.ts";
import { obstacleTo } from "../app/standing.ts";
import { conforms } from "../feed/conforms.ts";
import { whoMay } from "./act-texts.ts";

const areAccounts = (value: unknown): value is readonly AccountView[] =>
  Array.isArray(value) && value.every((each) => conforms(AccountView, each));

/** Who may sign in on this page's side, as what, and for what that account answers. */
export function AccountsPanel() {
  const { t } = useTranslation();
  const { api, site } = useLive();
  const me = useSlow((state) => state.me);
  const [accounts, setAccounts] = useState<readonly AccountView[] | "unreachable">([]);
  const obstacle = obstacleTo("account:read", me, site.side, site.side);
  const mayRead = obstacle === undefined;
  useEffect(() => {
    if (!mayRead) return;
    let isCurrent = true;
    void api.read("/accounts", areAccounts).then((found) => {
      if (isCurrent) setAccounts(found ?? "unreachable");
    });
    return () => {
      isCurrent = false;
    };
  }, [api, mayRead]);
  if (obstacle !== undefined) return <p className="panel-empty">{whoMay(t, obstacle)}</p>;
  if (accounts === "unreachable") return <p className="panel-empty">{t("act.unreachable")}</p>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t("audit.account")}</th>
          <th scope="col">{t("accounts.role")}</th>
          <th scope="col">{t("accounts.agency")}</th>
          <th scope="col">{t("accounts.responsibility")}</th>
        </tr>
      </thead>
      <tbody>
        {accounts.map(({ name, role, agency, responsibility }) => (
          <tr key={name} data-chosen={name === me?.name}>
            <td>{name}</td>
            <td>{t(`role.${role}`)}</td>
            <td>{t(`agency.${agency}`)}</td>
            <td className="wrap">{responsibility ?? ""}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

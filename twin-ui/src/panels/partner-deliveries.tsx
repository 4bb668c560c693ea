import { useTranslation } from "react-i18next";
import { useAskedAgain } from "../app/asked-again.ts";
import { useLive } from "../app/live-twin.ts";
import { Act } from "./act.tsx";

/** A webhook of the partner's, as `GET /api/v1/partner/deliveries` tells of it; what the page shows of it. */
interface Delivery {
  readonly webhook: { readonly webhookId: string; readonly url: string; readonly lastFailure?: string };
  /** Events that it has not been brought yet. */
  readonly behind: number;
  readonly deadLetters: readonly unknown[];
}

const EVERY_MS = 5_000;

function isDelivery(value: unknown): value is Delivery {
  if (typeof value !== "object" || value === null) return false;
  const webhook: unknown = Reflect.get(value, "webhook");
  return (
    typeof webhook === "object" &&
    webhook !== null &&
    typeof Reflect.get(webhook, "webhookId") === "string" &&
    typeof Reflect.get(webhook, "url") === "string" &&
    typeof Reflect.get(value, "behind") === "number" &&
    Array.isArray(Reflect.get(value, "deadLetters"))
  );
}
const areDeliveries = (value: unknown): value is readonly Delivery[] =>
  Array.isArray(value) && value.every(isDelivery);

/** What is brought to the partner, how far that has come, and what was given up and can be brought again. */
export function PartnerDeliveries() {
  const { t } = useTranslation();
  const { site } = useLive();
  const deliveries = useAskedAgain("/partner/deliveries", areDeliveries, EVERY_MS);
  return (
    <table>
      <caption>{t("partner.deliveries", { side: t(`side.${site.side}`) })}</caption>
      <thead>
        <tr>
          <th scope="col">{t("partner.webhook")}</th>
          <th scope="col" className="number">
            {t("partner.behind")}
          </th>
          <th scope="col" className="number">
            {t("partner.givenUp")}
          </th>
          <th scope="col">{t("partner.lastFailure")}</th>
          <th scope="col">{t("ground.acts")}</th>
        </tr>
      </thead>
      <tbody>
        {(deliveries ?? []).map(({ webhook: { webhookId, url, lastFailure }, behind, deadLetters }) => (
          <tr key={webhookId}>
            <td className="wrap">
              {webhookId} <span className="dim">{url}</span>
            </td>
            <td className="number">{behind}</td>
            <td className="number" data-ground={deadLetters.length > 0 ? "closed" : "open"}>
              {deadLetters.length}
            </td>
            <td className="wrap">{lastFailure ?? ""}</td>
            <td>
              {deadLetters.length === 0 ? null : (
                <div className="row-acts">
                  <Act
                    about={webhookId}
                    name="redeliver"
                    permission="partner:redeliver"
                    side={site.side}
                    request={(reason) => ({
                      method: "POST",
                      path: `/partner/deliveries/${encodeURIComponent(webhookId)}/redeliver`,
                      body: { reason },
                    })}
                  />
                </div>
              )}
            </td>
          </tr>
        ))}
        {deliveries !== undefined && deliveries.length > 0 ? null : (
          <tr>
            <td className="dim" colSpan={5}>
              {t(deliveries === undefined ? "act.unreachable" : "partner.noWebhook")}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

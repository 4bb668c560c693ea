import type { LiveTwin } from "./live-twin.ts";
import { addressOf, linkOf, type Sight } from "./permalink.ts";
import type { Room } from "./room.ts";

/** Puts what is shown into the page's address, and a link to it, without tokens, where it can be pasted from. */
export function keepLink(live: LiveTwin, room: Room): void {
  const { selectedVehicleId, replay } = live.store.getState();
  const sight: Sight = {
    view: live.commands?.viewText(),
    vehicleId: selectedVehicleId,
    atMs: replay === undefined ? undefined : live.fleet.siteNowMs(performance.now()),
  };
  history.replaceState(history.state, "", addressOf(location.href, sight));
  // Without a secure connection there is no clipboard; then the address is all there is.
  if (window.isSecureContext)
    void navigator.clipboard.writeText(linkOf(location.href, sight)).catch(() => undefined);
  room.getState().setLinkKept(true);
}

import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/noto-sans-sc/wght.css";
import "./theme/mantine.css";
import "./theme/room.css";
import "./theme/lists.css";
import "./theme/side.css";
import "./theme/wall.css";
import "./theme/contrast.css";
import { createRoot } from "react-dom/client";
import { App, type SourceFor } from "./app/app.tsx";
import { feedAddress } from "./feed/source.ts";
import { tokenFor } from "./feed/token.ts";
import { workerSource } from "./feed/worker-source.ts";
import { startLanguage } from "./i18n/language.ts";
import { Themed } from "./theme/themed.tsx";

let sourceFor: SourceFor = (site, token) =>
  workerSource(site.feeds.map((feed) => feedAddress(feed, location.href, tokenFor(feed.side, token))));

// Only in development: `?vehicles=12` puts wanderers on the roads instead of a feed.
const wanderers = Number(new URL(location.href).searchParams.get("vehicles") ?? "0");
if (import.meta.env.DEV && wanderers > 0) {
  const { standInSource } = await import("../dev/stand-in-source.ts");
  sourceFor = (site) => standInSource(site, wanderers);
}

await startLanguage();
const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <Themed>
    <App sourceFor={sourceFor} />
  </Themed>,
);

/** A side of Baton as a partner meets it, as a process of its own that a test may kill. Settings: the environment. */
import { loadSite, siteDirectory } from "@baton/maps/files";
import { startSandbox } from "../../orchestrator/src/sandbox.ts";

const { SANDBOX } = process.env;
if (SANDBOX === undefined) throw new Error("SANDBOX is not set");
const loaded = await loadSite(siteDirectory("mini"));
if (!loaded.ok) throw new Error("the site mini does not load");
await startSandbox({ side: "vn", site: loaded.site, ...JSON.parse(SANDBOX) });
process.send?.("up");

/**
 * `npm run screenshot`: starts the demo in a folder of its own, waits for traffic at the line, and takes the pictures
 * of the README into `docs/pictures/`.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openBrowser } from "./browser.ts";
import { buildTwin } from "./build-twin.ts";
import { startDemo } from "./demo/demo.ts";
import { ROOT } from "./run.ts";

const folder = await mkdtemp(join(tmpdir(), "baton-pictures-"));
const demo = await startDemo({
  scenario: "first-look",
  speed: 1,
  folder,
  fresh: false,
  verbose: false,
  broker: "embedded",
  ports: "free",
  twinFolder: await buildTwin(),
  say: (progress) => process.stderr.write(`${progress}\n`),
});
const browser = await openBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await page.goto(`${demo.httpUrl.vn}/?token=${demo.identities.vn.tokens.operator}&quality=full`);
  /** Asked from outside: the page's own security policy forbids evaluation inside. */
  const until = async (condition: string): Promise<void> => {
    while (!(await page.evaluate<boolean>(condition))) await page.waitForTimeout(250);
  };
  await until("window.__batonTwin?.ready === true");
  // Traffic at the line, and the picture is worth taking.
  await until("window.__batonTwin.vehicles().some((each) => each.loaded && Math.abs(each.xM) < 60)");
  const picture = (name: string): Promise<Buffer> =>
    page.screenshot({ path: join(ROOT, "docs", "pictures", name) });
  await picture("overview.png");
  await page.keyboard.press("2");
  const framesBefore = await page.evaluate<number>("window.__batonTwin.frames");
  // The camera flies there; a software renderer draws a few frames a second.
  await until(`window.__batonTwin.frames > ${framesBefore} + 30`);
  await picture("twin.png");
} finally {
  await browser.close();
  await demo.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);

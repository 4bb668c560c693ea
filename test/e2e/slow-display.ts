import type { Browser, Page } from "playwright-core";
import { openBrowser } from "../../scripts/browser.ts";

/** Between two pictures of the scene. */
const REST_MS = 2_000;

/** Chromium that puts the page together on the processor, where it is drawn in any case: half the work for each picture. */
export const openTestBrowser = (): Promise<Browser> => openBrowser(["--disable-gpu-compositing"]);

/**
 * The page as on a display that shows a picture every two seconds. Drawn in software one of the scene takes up to a second
 * of processor time, for which the page, and the demo behind it, would wait; what is heard, listed and done does not go
 * through it. To be called before the page goes anywhere. Playwright's own waits have a world, and a pace, of their own.
 */
export async function slowDisplay(page: Page): Promise<void> {
  await page.addInitScript(`{
    const real = window.requestAnimationFrame.bind(window);
    let nextMs = 0;
    window.requestAnimationFrame = (draw) =>
      setTimeout(() => real((atMs) => {
        nextMs = performance.now() + ${REST_MS};
        draw(atMs);
      }), Math.max(0, nextMs - performance.now()));
    window.cancelAnimationFrame = (frame) => clearTimeout(frame);
  }`);
}

import { type Browser, chromium } from "playwright-core";
import { CHROMIUM, provide } from "./provision/debian.ts";

/** Debian's Chromium without a window, drawing WebGL in software: for tests, pictures and measurements. */
export async function openBrowser(moreArgs: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: await provide(CHROMIUM),
    args: [
      "--no-sandbox",
      "--use-angle=swiftshader",
      "--enable-unsafe-swiftshader",
      "--ignore-gpu-blocklist",
      ...moreArgs,
    ],
  });
}

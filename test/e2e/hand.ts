import type { Locator, Page } from "playwright-core";

/** How a person works the page: with one of the two alone. Letters are typed on the keyboard either way. */
export interface Hand {
  press(target: Locator): Promise<void>;
  /** Into a field. */
  write(field: Locator, text: string): Promise<void>;
  /** What was begun with the field last written in. */
  confirm(button: Locator): Promise<void>;
  /** Opens a list of the desk. */
  openList(name: string): Promise<void>;
  letGo(): Promise<void>;
  /** Brings the vehicle of the most urgent alarm into view. */
  toAlarm(): Promise<void>;
  /** Looks at what was, and at what is. */
  lookBack(): Promise<void>;
  lookLive(): Promise<void>;
}

export function keyboardOn(page: Page): Hand {
  const press = async (target: Locator): Promise<void> => {
    await target.focus();
    await page.keyboard.press("Enter");
  };
  const key = async (name: string): Promise<void> => {
    await page.locator(".scene").first().focus();
    await page.keyboard.press(name);
  };
  return {
    press,
    async write(field, text) {
      await field.focus();
      await page.keyboard.type(text);
    },
    confirm: () => page.keyboard.press("Enter"),
    async openList(name) {
      const tabs = page.getByRole("tablist");
      const chosen = tabs.getByRole("tab", { selected: true });
      await chosen.focus();
      const count = await tabs.getByRole("tab").count();
      for (let i = 0; i < count; i++) {
        if ((await chosen.textContent()) === name) return;
        await page.keyboard.press("ArrowRight");
      }
      throw new Error(`no list called ${name}`);
    },
    letGo: () => key("Escape"),
    toAlarm: () => key("a"),
    lookBack: () => key("r"),
    lookLive: () => key("l"),
  };
}

export function mouseOn(page: Page): Hand {
  return {
    press: (target) => target.click(),
    async write(field, text) {
      await field.click();
      await page.keyboard.type(text);
    },
    confirm: (button) => button.click(),
    openList: (name) => page.getByRole("tab", { name, exact: true }).click(),
    letGo: () => page.getByRole("button", { name: "Close the vehicle" }).click(),
    toAlarm: () => page.getByRole("button", { name: "Most urgent alarm" }).click(),
    lookBack: () => page.getByRole("button", { name: "Five minutes ago" }).click(),
    lookLive: () => page.getByRole("button", { name: "Back to live" }).click(),
  };
}

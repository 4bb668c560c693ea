import { expect, test } from "vitest";
import { COMMANDS, isPaletteKey, type KeyPress } from "./commands.ts";

const press = (given: Partial<KeyPress>): KeyPress => ({
  code: "",
  key: "",
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...given,
});
const commandsFor = (given: Partial<KeyPress>): string[] =>
  COMMANDS.filter((command) => command.isFor(press(given))).map(({ id }) => id);

test("each key does one thing", () => {
  expect(commandsFor({ code: "Digit2", key: "2" })).toEqual(["view-2"]);
  expect(commandsFor({ code: "Digit2", key: "@", shiftKey: true })).toEqual(["keep-view"]);
  expect(commandsFor({ code: "Digit7", key: "7" })).toEqual(["own-view"]);
  expect(commandsFor({ code: "KeyA", key: "a" })).toEqual(["alarm"]);
  expect(commandsFor({ code: "KeyM", key: "m" })).toEqual(["mute"]);
  expect(commandsFor({ code: "Escape", key: "Escape" })).toEqual(["deselect"]);
});

test("the list of keys opens where the keyboard has its question mark", () => {
  expect(commandsFor({ code: "Slash", key: "?", shiftKey: true })).toEqual(["keys"]);
  expect(commandsFor({ code: "Minus", key: "?", shiftKey: true })).toEqual(["keys"]);
});

test("the browser's own shortcuts stay the browser's", () => {
  expect(commandsFor({ code: "KeyR", key: "r", ctrlKey: true })).toEqual([]);
  expect(commandsFor({ code: "KeyL", key: "l", metaKey: true })).toEqual([]);
  expect(isPaletteKey(press({ code: "KeyK", ctrlKey: true }))).toBe(true);
  expect(isPaletteKey(press({ code: "KeyK", metaKey: true }))).toBe(true);
  expect(isPaletteKey(press({ code: "KeyK" }))).toBe(false);
});

import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

/** `contrast` is dark too: black, white, and the colours of alarms. */
export const THEMES = ["dark", "light", "contrast"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "baton.theme";

const themeIn = (text: string | null): Theme | undefined => THEMES.find((theme) => theme === text);

/** The one in the page's address, else as chosen here before, else dark: rooms that work around the clock are. */
export function firstTheme(address: string, kept: string | null): Theme {
  return themeIn(new URL(address).searchParams.get("theme")) ?? themeIn(kept) ?? "dark";
}

const chosen = createStore<{ readonly theme: Theme }>()(() => ({
  theme: firstTheme(location.href, localStorage.getItem(KEY)),
}));

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  chosen.setState({ theme });
}

export const useTheme = (): Theme => useStore(chosen, ({ theme }) => theme);

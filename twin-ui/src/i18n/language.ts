import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "./en.json" with { type: "json" };
import vi from "./vi.json" with { type: "json" };
import zh from "./zh.json" with { type: "json" };

export const LANGUAGES = ["vi", "zh", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What each language calls itself; the same in every language. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  vi: "Tiếng Việt",
  zh: "中文",
  en: "English",
};

const STORED = "baton.language";

const isLanguage = (value: unknown): value is Language => LANGUAGES.some((language) => language === value);

/** The language chosen before, else the browser's if it is one of ours, else English. */
function firstLanguage(): Language {
  const asked = new URL(location.href).searchParams.get("lang") ?? localStorage.getItem(STORED);
  if (isLanguage(asked)) return asked;
  for (const preferred of navigator.languages) {
    const short = preferred.slice(0, 2);
    if (isLanguage(short)) return short;
  }
  return "en";
}

/** Starts the texts. Keys are flat; a text that is missing shows its key. */
export async function startLanguage(): Promise<void> {
  const language = firstLanguage();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    resources: { en: { translation: en }, vi: { translation: vi }, zh: { translation: zh } },
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
  });
  announce(language);
}

/** Tells the document: its language for assistive technology, its title for the browser's tab. */
function announce(language: Language): void {
  document.documentElement.lang = language;
  document.title = `${translate("app.name")} · ${translate("app.title")}`;
}

export function currentLanguage(): Language {
  return isLanguage(i18next.language) ? i18next.language : "en";
}

export async function changeLanguage(language: Language): Promise<void> {
  localStorage.setItem(STORED, language);
  await i18next.changeLanguage(language);
  announce(language);
}

/** A text outside React. */
export function translate(key: string, values?: Readonly<Record<string, string | number>>): string {
  return values === undefined ? i18next.t(key) : i18next.t(key, values);
}

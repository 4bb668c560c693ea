import { useTranslation } from "react-i18next";
import { chooseTheme, THEMES, useTheme } from "../theme/theme-choice.ts";

/** Dark, light, or black and white; alarms have the same colours in all of them. */
export function ThemeSwitch() {
  const { t } = useTranslation();
  const theme = useTheme();
  return (
    <select
      className="theme-switch"
      aria-label={t("theme.label")}
      value={theme}
      onChange={({ currentTarget: { value } }) => {
        const next = THEMES.find((each) => each === value);
        if (next !== undefined) chooseTheme(next);
      }}
    >
      {THEMES.map((each) => (
        <option key={each} value={each}>
          {t(`theme.${each}`)}
        </option>
      ))}
    </select>
  );
}

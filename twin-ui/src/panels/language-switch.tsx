import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { changeLanguage, currentLanguage, LANGUAGE_NAMES, LANGUAGES } from "../i18n/language.ts";

/** Vietnamese, Chinese, English, each in its own name. */
export function LanguageSwitch() {
  const { t } = useTranslation();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t("language.label")}
      value={currentLanguage()}
      onChange={(chosen) => {
        const language = LANGUAGES.find((each) => each === chosen);
        if (language !== undefined) void changeLanguage(language);
      }}
      data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
    />
  );
}

import { Button, Paper, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LanguageSwitch } from "../panels/language-switch.tsx";

/** Asks for an access token, when the orchestrator wants one. */
export function LoginBox({
  refused,
  onToken,
}: {
  readonly refused: boolean;
  readonly onToken: (token: string) => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  return (
    <main className="notice">
      <Paper
        component="form"
        p="xl"
        radius="md"
        withBorder
        bg="var(--panel)"
        w={380}
        onSubmit={(event: React.FormEvent) => {
          event.preventDefault();
          if (text.trim() === "") return;
          onToken(text.trim());
          setText("");
        }}
      >
        <Stack>
          <Title order={1} size="h3">
            {t("app.name")} · {t("login.title")}
          </Title>
          <Text size="sm" c="var(--ink-dim)">
            {t("login.hint")}
          </Text>
          <PasswordInput
            label={t("login.token")}
            value={text}
            autoFocus
            autoComplete="off"
            error={refused && text === "" ? t("login.refused") : undefined}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit">{t("login.submit")}</Button>
          <LanguageSwitch />
        </Stack>
      </Paper>
    </main>
  );
}

import { Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { LanguageSwitch } from "../panels/language-switch.tsx";
import { goToProvider } from "./returning.ts";
import { openSession, type Provider, providerOf } from "./session-client.ts";

/** Why somebody is asked to sign in, when it is not the first thing that happens. */
export type SignInTrouble = "token-refused" | "provider-refused";
type Trouble = SignInTrouble | "wrong" | "locked" | "unreachable" | "provider-silent";

/** Asks who is there: a name and a password, the authority's identity provider, or an access token. */
export function SignInPage({
  trouble: given,
  onToken,
}: {
  readonly trouble: SignInTrouble | undefined;
  readonly onToken: (token: string) => void;
}) {
  const { t } = useTranslation();
  const [provider, setProvider] = useState<Provider | undefined>(undefined);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [token, setToken] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | undefined>(given);

  useEffect(() => setTrouble(given), [given]);
  useEffect(() => {
    let current = true;
    void providerOf(location.href).then((found) => {
      if (current) setProvider(found);
    });
    return () => {
      current = false;
    };
  }, []);

  const withPassword = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (name.trim() === "" || password === "" || isBusy) return;
    setBusy(true);
    setTrouble(undefined);
    const answer = await openSession(name.trim(), password, location.href);
    setBusy(false);
    setPassword("");
    if (answer.kind === "signed-in") onToken(answer.token);
    else setTrouble(answer.kind);
  };
  const atProvider = async (asked: Provider): Promise<void> => {
    setBusy(true);
    setTrouble(undefined);
    try {
      await goToProvider(asked);
    } catch {
      setBusy(false);
      setTrouble("provider-silent");
    }
  };
  const withToken = (event: FormEvent): void => {
    event.preventDefault();
    if (token.trim() === "") return;
    setTrouble(undefined);
    onToken(token.trim());
    setToken("");
  };

  return (
    <main className="notice">
      <Paper p="xl" radius="md" withBorder bg="var(--panel)" w={400}>
        <Stack>
          <Title order={1} size="h3">
            {t("app.name")} · {t("login.title")}
          </Title>
          <p className="login-trouble" role="alert">
            {trouble === undefined ? "" : t(`login.trouble.${trouble}`)}
          </p>
          {provider === undefined ? null : (
            <Button disabled={isBusy} onClick={() => void atProvider(provider)}>
              {t("login.provider", { provider: hostOf(provider.issuer) })}
            </Button>
          )}
          <form onSubmit={(event) => void withPassword(event)}>
            <Stack gap="sm">
              <TextInput
                label={t("login.name")}
                value={name}
                autoFocus
                autoComplete="username"
                maxLength={64}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <PasswordInput
                label={t("login.password")}
                value={password}
                autoComplete="current-password"
                maxLength={1024}
                visibilityToggleButtonProps={{ "aria-label": t("login.reveal") }}
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
              <Button type="submit" variant="default" loading={isBusy}>
                {t("login.submit")}
              </Button>
            </Stack>
          </form>
          <details className="login-other" open={trouble === "token-refused"}>
            <summary>{t("login.otherWay")}</summary>
            <form onSubmit={withToken}>
              <Stack gap="sm">
                <Text size="sm" c="var(--ink-dim)">
                  {t("login.hint")}
                </Text>
                <PasswordInput
                  label={t("login.token")}
                  value={token}
                  autoComplete="off"
                  visibilityToggleButtonProps={{ "aria-label": t("login.reveal") }}
                  onChange={(event) => setToken(event.currentTarget.value)}
                />
                <Button type="submit" variant="default">
                  {t("login.withToken")}
                </Button>
              </Stack>
            </form>
          </details>
          <LanguageSwitch />
        </Stack>
      </Paper>
    </main>
  );
}

/** What people know the provider by. */
function hostOf(issuer: string): string {
  return URL.canParse(issuer) ? new URL(issuer).host : issuer;
}

import { createTheme, MantineProvider } from "@mantine/core";
import { type ReactNode, useLayoutEffect } from "react";
import { useTheme } from "./theme-choice.ts";

const looks = createTheme({
  fontFamily:
    "'Inter Variable', 'Noto Sans SC Variable', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', system-ui, sans-serif",
  primaryColor: "gray",
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
});

/** The page in the colours that were chosen. */
export function Themed({ children }: { readonly children: ReactNode }) {
  const theme = useTheme();
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return (
    <MantineProvider theme={looks} forceColorScheme={theme === "light" ? "light" : "dark"}>
      {children}
    </MantineProvider>
  );
}

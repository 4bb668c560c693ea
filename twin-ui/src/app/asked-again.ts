import { useEffect, useState } from "react";
import { useLive } from "./live-twin.ts";

/** What the API of this page's side answers at `path`, asked again every `everyMs` while somebody looks; undefined before it has answered, and when it cannot. */
export function useAskedAgain<View>(
  path: string,
  isView: (value: unknown) => value is View,
  everyMs: number,
): View | undefined {
  const { api } = useLive();
  const [view, setView] = useState<View | undefined>(undefined);
  useEffect(() => {
    let isCurrent = true;
    const ask = async (): Promise<void> => {
      const found = await api.read(path, isView);
      if (isCurrent) setView(() => found);
    };
    void ask();
    const timer = setInterval(() => void ask(), everyMs);
    return () => {
      isCurrent = false;
      clearInterval(timer);
    };
  }, [api, path, isView, everyMs]);
  return view;
}

import { expect, it } from "vitest";
import type { FleetEvent } from "../../port.ts";
import { IDLE } from "../codec/idle-state-fixture.ts";
import { reportOf } from "../codec/v3-report.ts";
import type { State } from "../wire/v3_0/index.ts";
import { testContext } from "./drive-order-fixture.ts";
import { step } from "./step.ts";
import { newVehicle } from "./vehicle-core.ts";

const state: State = {
  ...IDLE,
  lastNodeId: "a",
  errors: [
    {
      errorType: "LOCK_JAMMED",
      errorLevel: "URGENT",
      errorDescription: "lock 2 is jammed",
      errorHint: "oil it",
      errorDescriptionTranslations: [{ translationKey: "vi", translationValue: "khóa 2 bị kẹt" }],
      errorHintTranslations: [{ translationKey: "zh", translationValue: "请上油" }],
    },
  ],
};

it("tells of an error of 3.0 in each language that the vehicle has for its description or its hint", () => {
  const [, effects] = step(testContext, newVehicle(true), {
    kind: "state",
    state: reportOf(state),
    nowMs: 1,
  });
  const troubles = effects.flatMap((effect): FleetEvent[] =>
    effect.kind === "tell" && effect.event.kind === "trouble" ? [effect.event] : [],
  );
  expect(troubles).toMatchObject([
    {
      code: "vehicle-error",
      detail: "LOCK_JAMMED: lock 2 is jammed: oil it",
      translations: { vi: "LOCK_JAMMED: khóa 2 bị kẹt: oil it", zh: "LOCK_JAMMED: lock 2 is jammed: 请上油" },
    },
  ]);
});

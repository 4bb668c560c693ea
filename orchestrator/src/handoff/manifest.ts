import Type, { type Static } from "typebox";

/**
 * What goes with a container over the line. ISO 6346 numbers, ISO 17712 seal classes, kilograms, UTC milliseconds.
 * Personal data is not part of it, by design.
 */
export const Manifest = Type.Object({
  /** Empty for an empty vehicle that goes home. */
  container: Type.Optional(
    Type.Object({
      containerNo: Type.String({ minLength: 11, maxLength: 11, pattern: "^[A-Z]{3}[UJZ][0-9]{7}$" }),
      sizeType: Type.String({ minLength: 4, maxLength: 4 }),
      declaredGrossKg: Type.Number({ minimum: 0, maximum: 60_000 }),
      weighedGrossKg: Type.Optional(Type.Number({ minimum: 0 })),
      scaleClass: Type.Optional(Type.String()),
      seals: Type.Array(
        Type.Object({
          sealNo: Type.String({ minLength: 1, maxLength: 32 }),
          sealClass: Type.Union([Type.Literal("I"), Type.Literal("S"), Type.Literal("H")]),
          state: Type.Union([
            Type.Literal("armed"),
            Type.Literal("intact"),
            Type.Literal("dead"),
            Type.Literal("replaced"),
          ]),
        }),
      ),
      goodsSummary: Type.String({ maxLength: 256 }),
      dangerousGoodsClass: Type.Optional(Type.String({ maxLength: 8 })),
    }),
  ),
  consignment: Type.Optional(
    Type.Object({
      orderId: Type.String(),
      ucr: Type.Optional(Type.String({ maxLength: 35 })),
      declarationNo: Type.String({ minLength: 1, maxLength: 32 }),
      channel: Type.Union([Type.Literal("green"), Type.Literal("yellow"), Type.Literal("red")]),
    }),
  ),
  scan: Type.Optional(
    Type.Object({
      scanReference: Type.String(),
      sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }),
      verdict: Type.Optional(Type.Union([Type.Literal("clear"), Type.Literal("suspect")])),
    }),
  ),
  quarantine: Type.Optional(Type.Union([Type.Literal("not-listed"), Type.Literal("certified")])),
  vehicle: Type.Object({
    manufacturer: Type.String(),
    serialNumber: Type.String(),
    lengthM: Type.Number(),
    widthM: Type.Number(),
    batteryPct: Type.Number({ minimum: 0, maximum: 100 }),
  }),
  direction: Type.Union([Type.Literal("export"), Type.Literal("import")]),
  priority: Type.Integer({ minimum: 0, maximum: 9 }),
});
export type Manifest = Static<typeof Manifest>;

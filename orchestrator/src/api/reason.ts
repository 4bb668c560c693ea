import Type from "typebox";

/** Every act of a person has one. */
export const Reason = Type.String({
  minLength: 3,
  maxLength: 256,
  description: "Why; goes into the audit log.",
});

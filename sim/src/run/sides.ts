import { type Direction, otherSide, type Side } from "@baton/maps";

/** The side that a container leaves in a direction. */
export function giverOf(direction: Direction): Side {
  return direction === "export" ? "vn" : "cn";
}

/** The side that it comes to. */
export function takerOf(direction: Direction): Side {
  return otherSide(giverOf(direction));
}

/** A container number after ISO 6346: owner code, category (U freight, J detachable equipment, Z trailer), serial, check digit. */
interface ContainerNumber {
  /** All eleven characters, upper case, no spaces. */
  readonly containerNo: string;
  readonly ownerCode: string;
  readonly category: "U" | "J" | "Z";
  readonly serialNumber: string;
  readonly checkDigit: number;
}

export type ContainerNumberReading =
  | { readonly kind: "valid"; readonly number: ContainerNumber }
  | {
      readonly kind: "invalid";
      readonly code: "length" | "owner-code" | "category" | "serial-number" | "check-digit";
      /** A sentence for the person who typed it. */
      readonly reason: string;
    };

/** Letters count from 10 on, skipping the multiples of 11 (ISO 6346:2022, annex A). */
function letterValue(character: string): number {
  if (character >= "0" && character <= "9") return Number(character);
  const position = character.charCodeAt(0) - "A".charCodeAt(0);
  const plain = 10 + position;
  return plain + Math.floor((plain - 1) / 10);
}

/** The check digit of the ten characters before it: sum of value times 2^position, modulo 11, ten counts as nought. */
export function checkDigitOf(firstTen: string): number {
  let sum = 0;
  for (let i = 0; i < firstTen.length; i++) sum += letterValue(firstTen.charAt(i)) * 2 ** i;
  return (sum % 11) % 10;
}

const invalid = (
  code: Extract<ContainerNumberReading, { kind: "invalid" }>["code"],
  reason: string,
): ContainerNumberReading => ({ kind: "invalid", code, reason });

/** Reads a container number as people write it: spaces and hyphens between its parts and small letters are accepted. */
export function readContainerNumber(text: string): ContainerNumberReading {
  const containerNo = text.replaceAll(/[\s-]/g, "").toUpperCase();
  if (containerNo.length !== 11) {
    return invalid(
      "length",
      `A container number has 11 characters, "${text.slice(0, 32)}" has ${containerNo.length}.`,
    );
  }
  const ownerCode = containerNo.slice(0, 3);
  if (!/^[A-Z]{3}$/.test(ownerCode)) {
    return invalid("owner-code", `The owner code must be three letters, not "${ownerCode}".`);
  }
  const category = containerNo.charAt(3);
  if (category !== "U" && category !== "J" && category !== "Z") {
    return invalid("category", `The fourth character must be U, J or Z, not "${category}".`);
  }
  const serialNumber = containerNo.slice(4, 10);
  if (!/^[0-9]{6}$/.test(serialNumber)) {
    return invalid("serial-number", `The serial number must be six digits, not "${serialNumber}".`);
  }
  const expected = checkDigitOf(containerNo.slice(0, 10));
  const written = containerNo.charAt(10);
  if (written !== String(expected)) {
    return invalid(
      "check-digit",
      `The check digit of ${containerNo.slice(0, 10)} is ${expected}, not "${written}".`,
    );
  }
  return { kind: "valid", number: { containerNo, ownerCode, category, serialNumber, checkDigit: expected } };
}

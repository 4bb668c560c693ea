/**
 * The part of HTTP Structured Fields (RFC 8941) that signature headers use: dictionaries whose members are inner lists
 * of strings with parameters, or byte sequences. Parsing is strict; what it cannot read is undefined, never a guess.
 */
export type BareItem =
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "integer"; readonly value: number }
  | { readonly kind: "token"; readonly value: string }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "bytes"; readonly value: Buffer };

export type Parameters = ReadonlyMap<string, BareItem>;

export type Member =
  | {
      readonly kind: "inner-list";
      readonly items: readonly { readonly item: BareItem; readonly parameters: Parameters }[];
      readonly parameters: Parameters;
      /** The member as it stood in the header: a signature covers these very characters. */
      readonly text: string;
    }
  | { readonly kind: "item"; readonly item: BareItem; readonly parameters: Parameters };

/** Bound on a field's length; signature headers are a few hundred characters. */
const MAX_FIELD_LENGTH = 8_192;

/** Parses a dictionary field (RFC 8941, 4.2.2); undefined when it is not one. The last of two members of a name counts. */
export function parseDictionary(text: string): ReadonlyMap<string, Member> | undefined {
  if (text.length > MAX_FIELD_LENGTH) return undefined;
  const reader = new Reader(text);
  const members = new Map<string, Member>();
  reader.skipSpaces();
  while (!reader.atEnd()) {
    const key = reader.key();
    if (key === undefined) return undefined;
    const member = reader.take("=") ? reader.member() : reader.flag();
    if (member === undefined) return undefined;
    members.delete(key);
    members.set(key, member);
    reader.skipOptionalWhitespace();
    if (reader.atEnd()) break;
    if (!reader.take(",")) return undefined;
    reader.skipOptionalWhitespace();
    if (reader.atEnd()) return undefined;
  }
  return members;
}

/** A string as a structured field writes it; undefined for characters that it cannot carry. */
export function serializeString(value: string): string | undefined {
  return /^[\x20-\x7e]*$/.test(value) ? `"${value.replace(/[\\"]/g, "\\$&")}"` : undefined;
}

export function serializeBytes(value: Uint8Array): string {
  return `:${Buffer.from(value).toString("base64")}:`;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  take(expected: string): boolean {
    if (this.#text[this.#at] !== expected) return false;
    this.#at++;
    return true;
  }

  skipSpaces(): void {
    this.#match(/ */y);
  }

  skipOptionalWhitespace(): void {
    this.#match(/[ \t]*/y);
  }

  key(): string | undefined {
    return this.#match(/[a-z*][a-z0-9_\-.*]*/y);
  }

  flag(): Member | undefined {
    const parameters = this.#parameters();
    return parameters && { kind: "item", item: { kind: "boolean", value: true }, parameters };
  }

  member(): Member | undefined {
    const start = this.#at;
    if (!this.take("(")) {
      const item = this.#bareItem();
      const parameters = item && this.#parameters();
      return item && parameters && { kind: "item", item, parameters };
    }
    const items: { item: BareItem; parameters: Parameters }[] = [];
    for (;;) {
      this.skipSpaces();
      if (this.take(")")) break;
      const item = this.#bareItem();
      const parameters = item && this.#parameters();
      if (item === undefined || parameters === undefined) return undefined;
      items.push({ item, parameters });
      const next = this.#text[this.#at];
      if (next !== " " && next !== ")") return undefined;
    }
    const parameters = this.#parameters();
    return parameters && { kind: "inner-list", items, parameters, text: this.#text.slice(start, this.#at) };
  }

  #parameters(): Parameters | undefined {
    const parameters = new Map<string, BareItem>();
    while (this.take(";")) {
      this.skipSpaces();
      const key = this.key();
      if (key === undefined) return undefined;
      const item: BareItem | undefined = this.take("=") ? this.#bareItem() : { kind: "boolean", value: true };
      if (item === undefined) return undefined;
      parameters.set(key, item);
    }
    return parameters;
  }

  #bareItem(): BareItem | undefined {
    const string = this.#match(/"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"/y);
    if (string !== undefined)
      return { kind: "string", value: string.slice(1, -1).replace(/\\(["\\])/g, "$1") };
    const bytes = this.#match(/:[A-Za-z0-9+/]*={0,2}:/y);
    if (bytes !== undefined) return { kind: "bytes", value: Buffer.from(bytes.slice(1, -1), "base64") };
    const integer = this.#match(/-?[0-9]{1,15}(?![0-9.])/y);
    if (integer !== undefined) return { kind: "integer", value: Number(integer) };
    const boolean = this.#match(/\?[01]/y);
    if (boolean !== undefined) return { kind: "boolean", value: boolean === "?1" };
    const token = this.#match(/[A-Za-z*][A-Za-z0-9!#$%&'*+\-.^_`|~:/]*/y);
    if (token !== undefined) return { kind: "token", value: token };
    return undefined;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}

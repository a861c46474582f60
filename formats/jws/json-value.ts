import { FormatError } from '../format-error.ts';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** A JAdES signature at B-LTA with countersignatures nests ten deep. */
const NESTING_MAX = 32;
/** Names of one document: a hundred time stamps and their evidence have some thousands. */
const NAMES_MAX = 20_000;

/**
 * Reads a JSON object more strictly than JSON.parse: octets that are no UTF-8 and names that come twice are refused
 * (RFC 7515 §4 leaves two ways with the latter, and one of them lets two readers see two headers), and so is what nests too deep.
 * Throws FormatError `jws-malformed`.
 */
export function parseJsonObject(bytes: Uint8Array): JsonObject {
  const text = textOf(bytes);
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw new FormatError('jws-malformed', 'it is no JSON', { cause });
  }
  if (!isJsonObject(value)) throw new FormatError('jws-malformed', 'the JSON is no object');
  refuseRepeatedNames(text);
  return value;
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of the object itself: `constructor` is none of an empty one. */
export function memberOf(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError('jws-malformed', 'the JSON is no UTF-8', { cause });
  }
}

/** Walks text that JSON.parse accepted: only strings, brackets and colons matter. */
function refuseRepeatedNames(text: string): void {
  const open: Set<string>[] = [];
  let names = 0;
  let start = 0;
  let end = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '"':
        start = at;
        at = endOfString(text, at);
        end = at + 1;
        break;
      case '{':
      case '[':
        if (open.push(new Set()) > NESTING_MAX)
          throw new FormatError('jws-malformed', `the JSON nests deeper than ${NESTING_MAX}`);
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case ':': {
        const name = JSON.parse(text.slice(start, end)) as string;
        const known = open[open.length - 1];
        if (known.has(name)) throw new FormatError('jws-malformed', 'a name comes twice in one JSON object');
        known.add(name);
        names += 1;
        if (names > NAMES_MAX)
          throw new FormatError('jws-malformed', `the JSON has more than ${NAMES_MAX} names`);
        break;
      }
    }
  }
}

/** Index of the quotation mark that ends the string: one before which stands an even number of backslashes. */
function endOfString(text: string, start: number): number {
  let end = start;
  for (;;) {
    end = text.indexOf('"', end + 1);
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
}

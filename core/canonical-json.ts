import type { CoreErrorCode } from './core-error.ts';
import { DomainError } from './errors.ts';

/** Deepest nesting written: far beyond any prescription, far below the stack; a circular value ends here too. */
const canonicalJsonDepthMax = 128;

/**
 * The one JSON text of a value for hashing and signing, in the form of the JSON Canonicalization Scheme; refuses with
 * `json-not-canonicalizable` what I-JSON (RFC 7493) cannot carry: non-finite numbers, lone surrogates, undefined,
 * functions, bigints, and objects other than plain ones and arrays.
 *
 * @see RFC 8785 §3.2
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'boolean':
      return String(value);
    case 'number':
      return writeNumber(value);
    case 'string':
      return writeString(value);
    case 'object':
      return value === null ? 'null' : writeContainer(value, depth + 1);
    default:
      throw refusal(`a value of type ${typeof value} has no JSON form`);
  }
}

function writeContainer(value: object, depth: number): string {
  if (depth > canonicalJsonDepthMax) throw refusal(`nesting deeper than ${canonicalJsonDepthMax}`);
  if (Array.isArray(value)) return `[${Array.from(value, (item) => write(item, depth)).join(',')}]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw refusal('only plain objects and arrays have a JSON form');
  // RFC 8785 §3.2.3 sorts by UTF-16 code units, and so does sort without an order of its own.
  let members = '';
  for (const name of Object.keys(value).sort()) {
    const member = (value as Readonly<Record<string, unknown>>)[name];
    members += `${members && ','}${writeString(name)}:${write(member, depth)}`;
  }
  return `{${members}}`;
}

/** RFC 8785 §3.2.2.3 takes ECMAScript's own number form, in which -0 is 0. */
function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw refusal('a number that is not finite has no JSON form');
  return String(value);
}

/** RFC 8785 §3.2.2.2 takes JSON.stringify's escapes, but not those that it makes of lone surrogates. */
function writeString(value: string): string {
  // The first look costs nothing where no character needs more than eight bits: millions of leaves are written for one verification.
  if (/[\ud800-\udfff]/.test(value) && /\p{Cs}/u.test(value))
    throw refusal('a string holds a lone surrogate');
  return JSON.stringify(value);
}

function refusal(detail: string): DomainError<CoreErrorCode> {
  return new DomainError<CoreErrorCode>('json-not-canonicalizable', detail);
}

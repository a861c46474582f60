import { ValidationError } from './validation-error.ts';
import type { ValidationErrorCode } from './validation-error.ts';

/**
 * Reads a deployment's own file of constraints: what is misspelt or unknown is refused, for a constraint that is passed over is
 * one that nobody applies. Every reader throws ValidationError with the file's code.
 */
export class StrictFields {
  readonly #code: ValidationErrorCode;

  constructor(code: ValidationErrorCode) {
    this.#code = code;
  }

  json(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new ValidationError(this.#code, 'the file is no JSON', { cause });
    }
  }

  object(value: unknown, what: string, known: readonly string[]): Record<string, unknown> {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw this.malformed(`${what} is no object`);
    const stray = Object.keys(value).find((field) => !known.includes(field));
    if (stray !== undefined) throw this.malformed(`${what} has ${stray}, known are ${known.join(', ')}`);
    return value as Record<string, unknown>;
  }

  /** A list that is not empty, of objects. */
  rows(value: unknown, what: string, known: readonly string[]): Record<string, unknown>[] {
    if (!Array.isArray(value) || value.length === 0)
      throw this.malformed(`${what} is no list, or an empty one`);
    return value.map((row) => this.object(row, `a row of ${what}`, known));
  }

  text(value: unknown, what: string): string {
    if (typeof value === 'string' && value !== '') return value;
    throw this.malformed(`${what} is missing, or no text`);
  }

  texts(value: unknown, what: string): string[] {
    if (!Array.isArray(value)) throw this.malformed(`${what} is no list`);
    return value.map((item) => this.text(item, `an item of ${what}`));
  }

  oneOf<Value extends string | number>(value: unknown, what: string, known: readonly Value[]): Value {
    const found = known.find((one) => one === value);
    if (found !== undefined) return found;
    throw this.malformed(`${what} is ${JSON.stringify(value)}, none of ${known.join(', ')}`);
  }

  /** Whole and not negative. */
  count(value: unknown, what: string): number {
    if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
    throw this.malformed(`${what} is ${JSON.stringify(value)}, no count`);
  }

  flag(value: unknown, what: string): boolean {
    if (typeof value === 'boolean') return value;
    throw this.malformed(`${what} is ${JSON.stringify(value)}, neither true nor false`);
  }

  instant(value: unknown, what: string): Date {
    const instant = typeof value === 'string' ? new Date(value) : undefined;
    if (instant && !Number.isNaN(instant.getTime())) return instant;
    throw this.malformed(`${what} is ${JSON.stringify(value)}, no time`);
  }

  malformed(detail: string): ValidationError {
    return new ValidationError(this.#code, detail);
  }
}

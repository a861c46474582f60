import { createHash } from 'node:crypto';

import fc from 'fast-check';

/** As much of JSON Schema as the operations use. */
export interface Schema {
  type?: string | { type: string; enum: readonly string[] };
  enum?: readonly unknown[];
  anyOf?: readonly Schema[];
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  uniqueItems?: boolean;
}

/** Longer texts and lists say nothing that these do not. */
const CHARACTERS_MAX = 60;
const ITEMS_MAX = 3;

/** Values that a schema lets through; what its text means beyond that (a check digit, an encoding) is not in them. */
export function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(valuesOf));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const { type } = schema;
  if (typeof type === 'object') return fc.constantFrom(...type.enum);
  switch (type) {
    case 'object':
      return objectsOf(schema);
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? ITEMS_MAX, ITEMS_MAX)),
      });
    case 'string':
      return textsOf(schema);
    case 'integer':
      return fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 2 ** 31, 2 ** 31) });
    case 'number':
      return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 1e9, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.json().map((text) => JSON.parse(text) as unknown);
  }
}

function objectsOf({ properties = {}, required = [], maxProperties }: Schema): fc.Arbitrary<unknown> {
  const members = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, valuesOf(schema)]),
  );
  const whole = fc.record(members, { requiredKeys: [...required] });
  if (maxProperties === undefined) return whole;
  return whole.map((value) => Object.fromEntries(Object.entries(value).slice(0, maxProperties)));
}

function textsOf({ format, pattern, minLength = 0, maxLength = Infinity }: Schema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  const size = { minLength, maxLength: Math.max(minLength, Math.min(maxLength, CHARACTERS_MAX)) };
  if (pattern === undefined) return fc.string({ ...size, unit: 'grapheme' });
  const isFitting = (text: string) => text.length >= minLength && text.length <= maxLength;
  // Of all letters there are, it would try each.
  const narrower = pattern.replaceAll('\\p{L}', 'a-zآ-ی').replaceAll('\\p{N}', '0-9۰-۹');
  return fc.stringMatching(new RegExp(narrower, 'u')).filter(isFitting);
}

/** The same value of a schema each time, with no more members than it needs. */
export function sampleOf(schema: Schema): unknown {
  const seed = createHash('sha256').update(JSON.stringify(schema)).digest().readInt32BE();
  const [first] = fc.sample(valuesOf(needed(schema)), { seed, numRuns: 1 });
  return first;
}

function needed(schema: Schema): Schema {
  if (schema.anyOf) return needed(schema.anyOf[0]);
  if (schema.type !== 'object') return schema;
  const { properties = {}, required = [], minProperties = 0 } = schema;
  const names = required.length < minProperties ? Object.keys(properties).slice(0, minProperties) : required;
  return {
    ...schema,
    properties: Object.fromEntries(names.map((name) => [name, needed(properties[name])])),
    required: names,
  };
}

import { Errors } from 'typebox/value';
import { isNode } from 'yaml';
import type { Document, LineCounter } from 'yaml';

import { closestName } from '../core/closest-name.ts';
import { ProfileSchema } from './profile.ts';

type SchemaFault = ReturnType<typeof Errors>[number];

/** What the schema says of a profile file, each fault with its line and, where a name was mistyped, the likely one. */
export function profileFaults(document: Document, lines: LineCounter): string[] {
  const value: unknown = document.toJS();
  const faults = Errors(ProfileSchema, value).flatMap((fault) =>
    describe(fault, value).map(
      ({ path, text }) => `line ${lineOf(document, lines, path)}: ${path || '/'} ${text}`,
    ),
  );
  return [...new Set(faults)];
}

interface Described {
  /** JSON pointer. */
  path: string;
  text: string;
}

function describe(fault: SchemaFault, value: unknown): Described[] {
  const { instancePath: path, message } = fault;
  switch (fault.keyword) {
    // Told once more as `additionalProperties`, with the name.
    case 'boolean':
      return [];
    case 'additionalProperties': {
      const known = Object.keys(schemaAt(fault.schemaPath)?.properties ?? {});
      return fault.params.additionalProperties.map((name) => ({
        path: `${path}/${name}`,
        text: `is not known${likely(name, known)}`,
      }));
    }
    case 'enum': {
      const allowed = fault.params.allowedValues.map(String);
      const given = valueAt(value, path);
      const text = `is not one of ${allowed.join(', ')}`;
      return [
        { path, text: typeof given === 'string' ? `"${given}" ${text}${likely(given, allowed)}` : text },
      ];
    }
    case 'required':
      return [{ path, text: `lacks ${fault.params.requiredProperties.join(', ')}` }];
    default:
      return [{ path, text: message }];
  }
}

function likely(name: string, candidates: readonly string[]): string {
  const closest = closestName(name, candidates);
  return closest === undefined ? '' : `; did you mean ${closest}?`;
}

function partsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function schemaAt(schemaPath: string): { properties?: Record<string, unknown> } | undefined {
  return valueAt(ProfileSchema, schemaPath.replace(/^#/, '')) as ReturnType<typeof schemaAt>;
}

function valueAt(value: unknown, pointer: string): unknown {
  return partsOf(pointer).reduce<unknown>(
    (inner, part) => (inner as Record<string, unknown> | null | undefined)?.[part],
    value,
  );
}

/** The line of a path, or of the innermost part of it that is there, from 1. */
function lineOf(document: Document, lines: LineCounter, pointer: string): number {
  const path = partsOf(pointer).map((part) => (/^[0-9]+$/.test(part) ? Number(part) : part));
  for (; path.length > 0; path.pop()) {
    const node = document.getIn(path, true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

import { DomainError } from '../../core/errors.ts';

const VERBS: Readonly<Record<string, () => Promise<(args: string[]) => Promise<number>>>> = {
  keys: async () => (await import('./keys.ts')).keys,
  replay: async () => (await import('./replay.ts')).replay,
  witness: async () => (await import('./witness.ts')).witness,
};

/** `mohr audit keys|replay|witness`: the transparency log. */
export async function audit(args: string[]): Promise<number> {
  const [verb, ...rest] = args;
  const load = Object.hasOwn(VERBS, verb ?? '') ? VERBS[verb ?? ''] : undefined;
  if (!load) throw new DomainError('usage', `expected: mohr audit ${Object.keys(VERBS).join('|')} [flags]`);
  return (await load())(rest);
}

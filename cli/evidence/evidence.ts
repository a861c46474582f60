import { DomainError } from '../../core/errors.ts';

const VERBS: Readonly<Record<string, () => Promise<(args: string[]) => Promise<number>>>> = {
  prune: async () => (await import('./prune.ts')).prune,
  'rotate-key': async () => (await import('./rotate-key.ts')).rotateKey,
};

/** `mohr evidence prune|rotate-key`: the papers of applications. */
export async function evidence(args: string[]): Promise<number> {
  const [verb, ...rest] = args;
  const load = VERBS[verb ?? ''];
  if (!load)
    throw new DomainError('usage', `expected: mohr evidence ${Object.keys(VERBS).join('|')} [flags]`);
  return (await load())(rest);
}

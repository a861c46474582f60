import { USAGE_EXIT_CODE } from '../command-line.ts';

const VERBS: Readonly<Record<string, () => Promise<(args: string[]) => Promise<number>>>> = {
  keys: async () => (await import('./keys.ts')).keys,
  replay: async () => (await import('./replay.ts')).replay,
  witness: async () => (await import('./witness.ts')).witness,
};

/** `mohr audit keys|replay|witness`: the transparency log. Resolves to the exit code. */
export async function audit(args: string[]): Promise<number> {
  const [verb, ...rest] = args;
  const load = Object.hasOwn(VERBS, verb ?? '') ? VERBS[verb ?? ''] : undefined;
  if (!load) {
    process.stderr.write(`mohr audit ${Object.keys(VERBS).join('|')} [flags]\n`);
    return USAGE_EXIT_CODE;
  }
  return (await load())(rest);
}

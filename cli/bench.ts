import { QUICK_TERMS } from '../bench/quick-terms.ts';
import type { BenchReport } from '../bench/report.ts';
import { DomainError } from '../core/errors.ts';
import { benchTable } from './bench/bench-table.ts';

/** Filling a database with a million certificates takes minutes: only for who asks. */
const GROWTH = '--growth';
/** Small sizes: to see that a benchmark runs. */
const QUICK = '--quick';
/** `--sizes=10000,100000`: how far `scale` grows, where a million takes too long. */
const SIZES = /^--sizes=([1-9][0-9]{0,6}(?:,[1-9][0-9]{0,6}){0,9})$/;

/** Each benchmark is loaded when it is asked for: none of their peers and worker threads burden the service. */
const BENCHES: Readonly<Record<keyof typeof QUICK_TERMS, (terms: object) => Promise<BenchReport>>> = {
  audit: async (terms) => (await import('../bench/audit.ts')).benchAudit(terms),
  crl: async (terms) => (await import('../bench/crl.ts')).benchCrl(terms),
  issuance: async (terms) => (await import('../bench/issuance.ts')).benchIssuance(terms),
  ocsp: async (terms) => (await import('../bench/ocsp.ts')).benchOcsp(terms),
  search: async (terms) => (await import('../bench/search.ts')).benchSearch(terms),
  sessions: async (terms) => (await import('../bench/sessions.ts')).benchSessions(terms),
  validation: async (terms) => (await import('../bench/validation.ts')).benchValidation(terms),
  keys: async (terms) => (await import('../bench/keys.ts')).benchKeys(terms),
  scale: async (terms) => (await import('../bench/scale/scale.ts')).benchScale(terms),
};

/** What is no benchmark of its own. */
const COMMANDS: Readonly<Record<string, () => Promise<(args: string[]) => Promise<number>>>> = {
  all: async () => (await import('./bench/all.ts')).benchAll,
  results: async () => (await import('./bench/results.ts')).benchResults,
  seed: async () => (await import('./bench/seed.ts')).seed,
};

/** `mohr bench <name> [--json] [--quick] [--growth] [--sizes=…]`: figures with their peers, measured in one run. */
export async function bench(args: string[]): Promise<number> {
  const [name = '', ...flags] = args;
  if (Object.hasOwn(COMMANDS, name)) return (await COMMANDS[name]())(flags);
  if (!isBench(name) || !flags.every((flag) => isKnown(name, flag))) {
    const names = [...Object.keys(COMMANDS), ...Object.keys(BENCHES)].join('|');
    throw new DomainError(
      'usage',
      `expected: mohr bench ${names} [--json] [${QUICK}], issuance also with ${GROWTH}, scale with --sizes=<N,…>`,
    );
  }
  const sizes = flags.flatMap((flag) => SIZES.exec(flag)?.[1].split(',').map(Number) ?? []);
  const report = await BENCHES[name]({
    ...(flags.includes(QUICK) && QUICK_TERMS[name]),
    ...(flags.includes(GROWTH) && { growth: true }),
    ...(sizes.length > 0 && { sizes: sizes.sort((a, b) => a - b) }),
  });
  process.stdout.write(flags.includes('--json') ? `${JSON.stringify(report)}\n` : benchTable(report));
  return 0;
}

function isKnown(name: string, flag: string): boolean {
  if (name === 'scale' && SIZES.test(flag)) return true;
  return ['--json', QUICK, ...(name === 'issuance' ? [GROWTH] : [])].includes(flag);
}

function isBench(name: string): name is keyof typeof BENCHES {
  return Object.hasOwn(BENCHES, name);
}

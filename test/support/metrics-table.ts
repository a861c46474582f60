import { readFileSync } from 'node:fs';

import type { Test } from 'tap';

/** One instrument, as docs/OPERATIONS.md lists it. */
export interface DocumentedMetric {
  name: string;
  type: string;
  labels: string[];
  /** The processes that have it. */
  roles: string[];
}

const ROW = /^\| `(mohr_[a-z_]+)` *\| (counter|gauge|histogram) *\|([^|]*)\|([^|]*)\|/;

/** Rows of the table of metrics. */
export function documentedMetrics(): DocumentedMetric[] {
  const text = readFileSync(new URL('../../docs/OPERATIONS.md', import.meta.url), 'utf8');
  return text.split('\n').flatMap((line) => {
    const [, name, type, labels, roles] = ROW.exec(line) ?? [];
    if (name === undefined) return [];
    return [{ name, type, labels: words(labels), roles: words(roles) }];
  });
}

/** The instruments that a process really has are those that the table gives it, with the same types and labels. */
export function checkMetricsOf(t: Test, role: string, text: string): void {
  const served = [...text.matchAll(/^# TYPE (mohr_\w+) (\w+)$/gm)].map(([, name, type]) => `${name} ${type}`);
  const documented = documentedMetrics().filter(({ roles }) => roles.includes(role));
  t.strictSame(served.sort(), documented.map(({ name, type }) => `${name} ${type}`).sort(), role);
  for (const { name, labels } of documented) {
    const sample = new RegExp(`^${name}(?:_bucket|_count|_sum)?(?:\\{(.*)\\})? `, 'm').exec(text);
    if (!sample) continue;
    const seen = [...(sample[1] ?? '').matchAll(/(\w+)="/g)].map(([, label]) => label);
    t.strictSame(seen.filter((label) => label !== 'le').sort(), [...labels].sort(), `labels of ${name}`);
  }
}

function words(cell: string): string[] {
  return cell.match(/[a-z_]+/g) ?? [];
}

import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Registry, collectDefaultMetrics } from 'prom-client';
import t from 'tap';
import { parse } from 'yaml';

import { JOBS } from '../../cli/watched-jobs.ts';
import { documentedMetrics } from '../support/metrics-table.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const DEPLOYMENT = new URL('../../docs/deployment/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, DEPLOYMENT), 'utf8');

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; action: string };
}
const { groups } = parse(read('alerts.yml')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap(({ rules: some }) => some);

t.test('Prometheus reads the rules, and each alert comes when it has to and only then', async (t) => {
  const folder = temporaryFolder(t);
  copyFileSync(new URL('alerts.yml', DEPLOYMENT), join(folder, 'alerts.yml'));
  copyFileSync(new URL('../support/alert-cases.yml', import.meta.url), join(folder, 'cases.yml'));
  for (const args of [
    ['check', 'rules', 'alerts.yml'],
    ['test', 'rules', 'cases.yml'],
  ]) {
    const { status, stdout, stderr } = spawnSync('/usr/bin/promtool', args, {
      cwd: folder,
      encoding: 'utf8',
    });
    t.equal(status, 0, `promtool ${args.join(' ')}\n${stdout}${stderr}`);
  }
  const cases = readFileSync(join(folder, 'cases.yml'), 'utf8');
  for (const { alert } of rules) t.match(cases, `alertname="${alert}"`, `${alert} has its case`);
});

t.test('each alert says what is wrong, and what to do', async (t) => {
  for (const { alert, labels, annotations } of rules) {
    t.match(labels.severity, /^(critical|warning)$/, alert);
    t.ok(annotations.summary.length > 20 && annotations.action.length > 15, alert);
  }
});

t.test('rules and dashboard ask for what there is', async (t) => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const known = new Map<string, string[] | undefined>([['ALERTS', undefined]]);
  for (const { name, type, labels } of documentedMetrics())
    for (const one of type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name])
      known.set(one, [...labels, 'le', 'instance', 'job']);
  for (const { name } of await registry.getMetricsAsJSON()) known.set(name, ['instance', 'job']);
  known.set('up', ['instance', 'job']);
  const { panels } = JSON.parse(read('dashboard.json')) as {
    panels: { title: string; targets: { expr: string }[] }[];
  };
  const asked: [string, string][] = [
    ...rules.map(({ alert, expr }): [string, string] => [alert, expr]),
    ...panels.flatMap(({ title, targets }) => targets.map(({ expr }): [string, string] => [title, expr])),
  ];
  t.ok(asked.length > 30, `${asked.length} expressions`);
  for (const [where, expr] of asked) {
    const names = expr.replace(/"[^"]*"/g, '""').match(/\b(?:mohr|nodejs|process)_\w+|\bup\b/g) ?? [];
    t.ok(names.length > 0, where);
    for (const name of names) t.ok(known.has(name), `${where}: ${name}`);
    for (const [, name, matchers] of expr.matchAll(/(\w+)\{([^}]*)\}/g))
      for (const [, label] of matchers.matchAll(/(\w+)(?:=|!)/g))
        t.ok(known.get(name)?.includes(label), `${where}: ${name} has the label ${label}`);
    for (const [, job] of expr.matchAll(/job[!=]~"([a-z|-]+)"/g))
      for (const one of job.split('|'))
        t.ok((JOBS as readonly string[]).includes(one), `${where}: job ${one}`);
  }
  const all = asked.map(([, expr]) => expr).join('\n');
  const unasked = documentedMetrics().filter(({ name }) => !all.includes(name));
  // What is there to be looked up, not to be watched.
  const LOOKED_UP = [
    'mohr_crl_change_number',
    'mohr_crl_number',
    'mohr_crl_octets',
    'mohr_crl_overdue_seconds',
    'mohr_log_checkpoint_leaves',
    'mohr_log_leaves',
    'mohr_log_unsequenced_events',
    'mohr_ocsp_certificates',
    'mohr_ocsp_hot_answers',
  ];
  t.strictSame(unasked.map(({ name }) => name).sort(), LOOKED_UP);
});

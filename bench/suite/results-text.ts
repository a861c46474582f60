import type { BenchFigure } from '../report.ts';
import { AIMS, aimOf, aimText, factorOf } from './aims.ts';
import { numberText } from './number-text.ts';
import type { Plot } from './plots/plots.ts';
import type { SuiteBench, SuiteResult } from './suite-result.ts';

/** Pictures that stand under a benchmark's figures; those of the summary stand above all. */
const PLOTS_OF: Readonly<Record<string, RegExp>> = {
  summary: /^(aims|peers)$/,
  crl: /^growth-crl/,
  scale: /^growth-(?!crl)/,
};

/**
 * RESULTS.md with what lies between `<!-- measured: <name> -->` and `<!-- /measured -->` made anew from a run: `summary` and the name of
 * each benchmark. What stands around it stays. Throws for a benchmark that has no place.
 */
export function writeResults(text: string, result: SuiteResult, plots: readonly Plot[]): string {
  const parts = new Map([['summary', summaryOf(result)], ...result.benches.map(partOf)]);
  let written = text;
  for (const [name, part] of parts) {
    const pattern = new RegExp(`(<!-- measured: ${name} -->\n)[\\s\\S]*?(<!-- /measured -->)`);
    if (!pattern.test(written)) throw new Error(`RESULTS.md has no place for ${name}`);
    const pictures = plots.filter(({ name: plot }) => PLOTS_OF[name]?.test(plot));
    const block = [part, ...pictures.map(pictureLine)].join('\n');
    written = written.replace(pattern, (_, before: string, after: string) => `${before}\n${block}\n${after}`);
  }
  return written;
}

function pictureLine({ name, alternative }: Plot): string {
  return `![${alternative}](plots/${name}.svg)\n`;
}

function summaryOf(result: SuiteResult): string {
  const { benches, machine, seconds, startedAt, isQuick, isQuiet } = result;
  const figures = benches.flatMap(({ report }) => report?.figures ?? []);
  const factors = AIMS.flatMap((aim) => {
    const figure = figures.find(({ id }) => id === aim.id);
    return figure ? [{ id: aim.id, factor: factorOf(aim, figure) }] : [];
  });
  const missed = factors.filter(({ factor }) => factor < 1).map(({ id }) => `\`${id}\``);
  const failed = benches.filter(({ fault }) => fault !== undefined).map(({ name }) => `\`${name}\``);
  const facts = Object.entries(machine).map(([what, value]) => `| ${what} | ${value} |`);
  const busiest = Math.max(0, ...benches.map(({ busyBefore }) => busyBefore));
  const paragraphs = [
    ...(isQuick ? ['**A trial with small sizes: nothing here is a measurement.**'] : []),
    `One run of \`npm run bench -- all\`, begun ${startedAt.slice(0, 16).replace('T', ' ')} UTC, ${minutes(seconds)}.`,
    isQuiet
      ? 'The machine was quiet before each benchmark.'
      : `**The machine was not quiet: before one of the benchmarks, other work had ${Math.round(busiest * 100)} % of it.**`,
    `${factors.length - missed.length} of ${factors.length} aims are met. ${missed.length > 0 ? `Missed: ${missed.join(', ')}.` : ''}`,
    ...(failed.length > 0 ? [`**Failed: ${failed.join(', ')}.**`] : []),
  ];
  return `${paragraphs.map((text) => text.trim()).join('\n')}\n\n| machine | |\n|---|---|\n${facts.join('\n')}\n`;
}

function partOf({ name, seconds, report, fault, busyBefore }: SuiteBench): [string, string] {
  const took = `${minutes(seconds)}; other work had ${Math.round(busyBefore * 100)} % of the machine before.`;
  if (!report) return [name, `It failed after ${minutes(seconds)}: ${fault ?? 'no reason'}\n`];
  const conditions = Object.entries(report.conditions).map(([what, value]) => `${what} ${value}`);
  const rows = report.figures.map(rowOf);
  return [
    name,
    [
      `${conditions.join('; ')}. ${took}`,
      '',
      '| id | figure | peer | ratio | aim |',
      '|---|---|---|---|---|',
      ...rows,
      '',
    ].join('\n'),
  ];
}

function rowOf(figure: BenchFigure): string {
  const { id, value, unit, peer, ratio } = figure;
  const aim = aimOf(figure);
  const isMissed = aim !== undefined && factorOf(aim, figure) < 1;
  const cells = [
    `\`${id}\``,
    `${numberText(value)} ${unit}`,
    peer ? `${peer.name} ${numberText(peer.value)}` : '',
    ratio === undefined ? '' : numberText(ratio),
    aim ? `${aimText(aim, aim.of === 'ratio' ? '' : unit)}${isMissed ? ', missed' : ''}` : '',
  ];
  return `| ${cells.join(' | ')} |`;
}

function minutes(seconds: number): string {
  return seconds < 120 ? `${Math.round(seconds)} s` : `${numberText(seconds / 60)} minutes`;
}

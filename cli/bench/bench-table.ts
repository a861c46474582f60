import type { BenchFigure, BenchReport } from '../../bench/report.ts';

/** A report for people. */
export function benchTable({ bench: name, conditions, figures }: BenchReport): string {
  const facts = Object.entries(conditions).map(([what, value]) => `  ${what}: ${value}\n`);
  return `${name}\n${facts.join('')}\n${figures.map(row).join('')}`;
}

function row({ id, value, unit, peer, ratio }: BenchFigure): string {
  const against = peer ? `   ${peer.name} ${round(peer.value)} ${unit}   ratio ${round(ratio ?? NaN)}` : '';
  return `  ${id.padEnd(28)} ${round(value).padStart(10)} ${unit}${against}\n`;
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

import type { FileRun } from './run-test-files.ts';

/** The counts of assertions of a file, or of a whole run. */
export type TapCounts = { passed: number; failed: number; skipped: number };

/** What is shown of a file's run: a line for it, each failure with its diagnostics, and each skip. */
export interface FileDigest {
  file: string;
  /** A failure at least when the file has a fault that no assertion explains. */
  counts: TapCounts;
  lines: string[];
}

type Subtest = { name: string; indent: number; failures: number };

const RESULT = /^( *)(ok|not ok) \d+ - (.*)$/;
const SUBTEST = /^( *)# Subtest: (.*)$/;
const TOTALS = /^ {4}# \{ total: .*\}$/;
const TIME = / # time=([\d.]+)ms$/;
const SKIPPED = / # (SKIP|TODO)\b/i;

/** Boils down all that a file has printed. */
export function digestOf(run: FileRun): FileDigest {
  const digest = new TapDigest();
  const lines = outputOf(run).flatMap((line) => digest.take(line));
  const failed = run.fault === undefined ? digest.counts.failed : Math.max(1, digest.counts.failed);
  return { file: run.file, counts: { ...digest.counts, failed }, lines };
}

/** As the file would print, were it a test within another. */
function outputOf({ file, lines, fault, milliseconds, cpuMilliseconds }: FileRun): string[] {
  const cost = `(${Math.round(milliseconds)} ms, ${(cpuMilliseconds / 1000).toFixed(1)} s of CPU)`;
  const verdict = fault === undefined ? 'ok' : 'not ok';
  return [
    `# Subtest: ${file}`,
    ...lines.map((line) => `    ${line}`),
    `${verdict} 1 - ${file} ${cost}`,
    ...(fault === undefined ? [] : ['  ---', `  ${fault}`, '  ...']),
  ];
}

class TapDigest {
  readonly counts: TapCounts = { passed: 0, failed: 0, skipped: 0 };
  #open: Subtest[] = [];
  #afterFailure: { indent: number; show: boolean } | undefined;
  #inDiagnostics = false;

  take(line: string): string[] {
    if (this.#afterFailure) {
      const shown = this.#takeDiagnostics(line, this.#afterFailure);
      if (shown) return shown;
    }
    const [, indent, name = ''] = SUBTEST.exec(line) ?? [];
    if (indent !== undefined) {
      this.#open.push({ name, indent: indent.length, failures: 0 });
      return [];
    }
    if (line.startsWith('Bail out!')) return [line];
    if (TOTALS.test(line)) this.#readTotals(line);
    return this.#takeResult(line);
  }

  #takeResult(line: string): string[] {
    const [, spaces, verdict, text] = RESULT.exec(line) ?? [];
    if (spaces === undefined || verdict === undefined || text === undefined) return [];
    const indent = spaces.length;
    const subtest = this.#open.at(-1)?.indent === indent ? this.#open.pop() : undefined;
    const path = [...this.#open.map((parent) => parent.name), text.replace(TIME, '')].join(' > ');
    const shown: string[] = [];
    if (verdict === 'not ok' && !SKIPPED.test(text)) {
      // A subtest that failed only because something in it failed has nothing to add to that.
      const isCause = subtest === undefined || subtest.failures === 0;
      for (const parent of this.#open) parent.failures += 1;
      this.#afterFailure = { indent, show: isCause };
      if (isCause && indent > 0) shown.push(`not ok ${path}`);
    } else if (SKIPPED.test(text)) {
      shown.push(`skipped ${path}`);
    }
    if (indent === 0) shown.push(`${verdict.padEnd(6)} ${text}`);
    return shown;
  }

  #takeDiagnostics(line: string, failure: { indent: number; show: boolean }): string[] | undefined {
    const prefix = ' '.repeat(failure.indent + 2);
    if (!this.#inDiagnostics) {
      this.#inDiagnostics = line === `${prefix}---`;
      if (this.#inDiagnostics) return [];
      this.#afterFailure = undefined;
      return undefined;
    }
    if (line === `${prefix}...`) {
      this.#inDiagnostics = false;
      this.#afterFailure = undefined;
      return [];
    }
    return failure.show ? [`    ${line.slice(prefix.length)}`] : [];
  }

  #readTotals(line: string): void {
    const count = (key: string): number => Number(new RegExp(`\\b${key}: (\\d+)`).exec(line)?.[1] ?? 0);
    this.counts.passed += count('pass');
    this.counts.failed += count('fail');
    this.counts.skipped += count('skip') + count('todo');
  }
}

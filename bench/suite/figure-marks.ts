import { numberText } from './number-text.ts';
import type { SuiteResult } from './suite-result.ts';

/** A figure within a sentence: `<!-- =<id> -->` before it and `<!-- = -->` behind. */
const MARK = /<!-- =([a-zA-Z0-9_.-]+) -->[^<]*<!-- = -->/g;

/** A page whose marked figures are those of a run; one that the run has not stays as it is. */
export function writeMarkedFigures(text: string, { benches }: SuiteResult): string {
  const figures = new Map(
    benches.flatMap(({ report }) => report?.figures ?? []).map(({ id, value }) => [id, value]),
  );
  return text.replaceAll(MARK, (all, id: string) => {
    const value = figures.get(id);
    return value === undefined ? all : `<!-- =${id} -->${numberText(value)}<!-- = -->`;
  });
}

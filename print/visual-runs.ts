import { createRequire } from 'node:module';

import type { Bidi } from 'bidi-js';

/** Text that is drawn with one font in one direction. */
export interface VisualRun {
  text: string;
  font: 'arabic' | 'latin';
}

// Its types say that it has a default export, which Node makes the module itself.
const bidi = (createRequire(import.meta.url)('bidi-js') as () => Bidi)();

/** Letters, marks and digits of the Arabic script with their joiners; the other characters stand in the Latin font. */
const ARABIC = /[\u200c-\u200d\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]/;

/** Marks and isolates of direction (UAX #9 §2): they say where others stand, and are not seen. */
const UNSEEN = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/;

/** One line as it is drawn from left to right (Unicode UAX #9). */
export function visualRuns(line: string, direction: 'rtl' | 'ltr'): VisualRun[] {
  const embedding = bidi.getEmbeddingLevels(line, direction);
  const order = [...line.split('').keys()];
  for (const [start, end] of bidi.getReorderSegments(line, embedding)) {
    const turned = order.slice(start, end + 1).reverse();
    order.splice(start, turned.length, ...turned);
  }
  const runs: VisualRun[] = [];
  let last: { run: VisualRun; level: number } | undefined;
  for (const index of order.filter((index) => !UNSEEN.test(line[index]))) {
    const font = ARABIC.test(line[index]) ? 'arabic' : 'latin';
    const level = embedding.levels[index];
    const character = (level % 2 === 1 && bidi.getMirroredCharacter(line[index])) || line[index];
    if (last?.run.font !== font || last.level !== level) {
      last = { run: { font, text: '' }, level };
      runs.push(last.run);
    }
    // The font engine turns around whatever is of the Arabic script, numbers too: it is given the opposite of what is seen.
    last.run.text = font === 'arabic' ? character + last.run.text : last.run.text + character;
  }
  return runs;
}

import { readFileSync } from 'node:fs';

/** README.md as a reader has it. */
export const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** A fenced block: the words behind its fence, and its text. */
interface Block {
  info: string;
  text: string;
}

export function blocksOf(markdown: string): Block[] {
  return Array.from(markdown.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm), ([, info, text]) => ({ info, text }));
}

/** A block marked `sh run`, and what the `text` block behind it says that it prints; without one it prints nothing. */
interface Step {
  commands: string;
  output: string;
}

export function stepsOf(markdown: string): Step[] {
  const blocks = blocksOf(markdown);
  return blocks.flatMap(({ info, text }, index) => {
    if (info !== 'sh run') return [];
    const next = blocks.at(index + 1);
    return [{ commands: text, output: next?.info === 'text' ? next.text : '' }];
  });
}

/** What differs from run to run, and what stands for it in a comparison. */
const VARYING: readonly [RegExp, string][] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z/g, '<instant>'],
  [/[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} GMT/g, '<date>'],
  [/sign-in#[\w-]{43}/g, 'sign-in#<secret>'],
  [/"requestId":"[0-9a-f]{32}"/g, '"requestId":"<id>"'],
  [/bronze\/\d+\.crl/g, 'bronze/<shard>.crl'],
  [/^( +data directory +).*$/gm, '$1<folder>'],
  [/(synthetic people only, at http:\/\/127\.0\.0\.1:)[0-9]+/g, '$1<port>'],
  // OpenSSL ends some of its titles in a blank.
  [/[ \t]+$/gm, ''],
];

/** A text with what varies replaced, to be compared with another. */
export function comparable(text: string): string {
  return VARYING.reduce((rest, [pattern, mark]) => rest.replace(pattern, mark), text).trim();
}

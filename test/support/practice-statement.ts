import { readFileSync } from 'node:fs';

/** docs/PRACTICE-STATEMENT.md as it is served. */
export const practiceStatement = readFileSync(
  new URL('../../docs/PRACTICE-STATEMENT.md', import.meta.url),
  'utf8',
);

/** One statement of the practice statement: its section in lower case, its text, and what is said to enforce it. */
interface Statement {
  section: string;
  text: string;
  enforcedBy: string[];
}

/** The list items of a practice statement; its paragraphs set the scene and promise nothing. */
export function statementsOf(markdown: string): Statement[] {
  return markdown.split(/^## /m).flatMap((part) => {
    const section = part.slice(0, part.indexOf('\n')).toLowerCase();
    const items = part.split(/^- /m).slice(1);
    return items.map((item) => ({
      section,
      text: item.replace(/\s+/g, ' ').trim(),
      enforcedBy: citedIn(item),
    }));
  });
}

/** Code spans that name a lint (`leaf-lifetime`) or a test (`test/….test.ts`). */
function citedIn(item: string): string[] {
  return Array.from(item.matchAll(/`([a-z0-9/.-]+)`/g), ([, span]) => span);
}

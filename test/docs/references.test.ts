import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import t from 'tap';

const root = fileURLToPath(new URL('../..', import.meta.url));
const documents = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(isOurMarkdown);

t.test('the documents are found', async (t) => {
  for (const name of [
    'README.md',
    'SECURITY.md',
    'CHANGELOG.md',
    'docs/ARCHITECTURE.md',
    'docs/STANDARDS.md',
  ])
    t.ok(documents.includes(name), name);
});

for (const document of documents) {
  const text = readFileSync(join(root, document), 'utf8');

  t.test(`${document}: each path of the repository that it names is there`, async (t) => {
    for (const path of pathsIn(text)) t.ok(existsSync(join(root, path)), path);
  });

  t.test(`${document}: each link leads somewhere`, async (t) => {
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [file, anchor] = target.split('#');
      const linked = file === '' ? document : join(dirname(document), file);
      t.ok(existsSync(join(root, linked)), target);
      if (anchor !== undefined)
        t.ok(anchorsOf(readFileSync(join(root, linked), 'utf8')).includes(anchor), target);
    }
  });
}

function isOurMarkdown(name: string): boolean {
  return name.endsWith('.md') && /^(README|SECURITY|CHANGELOG|docs\/)/.test(name);
}

/** What commands leave behind; a checkout does not have it. */
const MADE_BY_RUNNING = ['demo-out/', 'data/', 'database/', 'dist/', 'log/'];

/** Code spans that look like a file or folder of ours: `ca/crl/issue-crl.ts`, `ca/profiles/`, `migrations/0001_authorities.sql`. */
function pathsIn(markdown: string): string[] {
  const spans = Array.from(markdown.matchAll(/`([^`\n]+)`/g), ([, span]) => span);
  return spans.filter(
    (span) =>
      !MADE_BY_RUNNING.includes(span) &&
      /^[a-z][\w-]*\/([\w.-]+\/)*([\w-]+(\.[\w-]+)*\.(ts|sql|yaml|json|md))?$/.test(span),
  );
}

/** GitHub's anchors of headings. */
function anchorsOf(markdown: string): string[] {
  const headings = Array.from(markdown.matchAll(/^#+ (.+)$/gm), ([, heading]) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

import t from 'tap';

const CLIENT = fileURLToPath(new URL('../../web/client', import.meta.url));
const document = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, unknown>>;
};

t.test('the console calls operations that the API has', (t) => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method, segments: segmentsOf(path.replace('/api/v1', '')) })),
  );
  const calls = callsOf(readdirSync(CLIENT).map((name) => readFileSync(join(CLIENT, name), 'utf8')));
  t.ok(calls.length > 30, 'the calls are found');
  for (const { method, path } of calls) {
    const asked = segmentsOf(path);
    const isThere = operations.some(
      (one) =>
        one.method === method &&
        one.segments.length === asked.length &&
        one.segments.every((segment, at) => segment === asked[at] || [segment, asked[at]].includes('{}')),
    );
    t.ok(isThere, `${method} ${path}`);
  }
  t.end();
});

/** Calls whose path is written where they are made; a part that is computed stands as `{}`. */
function callsOf(sources: readonly string[]): { method: string; path: string }[] {
  const call = /request(?:<[^(]*>)?\(\s*'([A-Z]+)',\s*[`']([^`']+)[`']/g;
  const upload = /upload(?:<[^(]*>)?\(()[`']([^`']+)[`']/g;
  return sources
    .flatMap((source) => [...source.matchAll(call), ...source.matchAll(upload)])
    .map(([, method, path]) => ({
      method: method === '' ? 'post' : method.toLowerCase(),
      path: path.replace(/\$\{[^}]*\}/g, '{}'),
    }))
    .filter(({ path }) => path.startsWith('/'));
}

function segmentsOf(path: string): string[] {
  return path.replace(/\{\w*\}/g, '{}').split('/');
}

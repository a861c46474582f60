import { readFileSync } from 'node:fs';

import t from 'tap';

import { OPENAPI_FILE, openapiDocument } from '../support/openapi-document.ts';

const document = (await openapiDocument()) as { paths: Record<string, Record<string, Operation>> };

interface Operation {
  operationId?: string;
  summary?: string;
  responses?: Record<string, unknown>;
}

t.test('docs/openapi.json is what the routes say; after a change: npm run docs', async (t) => {
  t.strictSame(JSON.parse(readFileSync(OPENAPI_FILE, 'utf8')), document);
});

t.test('each operation has a name of its own, a summary and its refusals', async (t) => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, ...operation })),
  );
  t.ok(operations.length >= 15, 'the operations are found');
  const names = operations.map(({ operationId }) => operationId);
  t.equal(new Set(names).size, names.length);
  for (const { name, operationId, summary, responses } of operations) {
    t.ok(operationId && summary, name);
    if (name.includes('/api/v1')) t.match(responses, { '4XX': {}, '5XX': {} }, `${name} may refuse`);
  }
});

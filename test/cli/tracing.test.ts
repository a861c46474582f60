import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { pino } from 'pino';
import t from 'tap';

import { readTraceSettings } from '../../cli/tracing/trace-settings.ts';
import { startTracing } from '../../cli/tracing/start-tracing.ts';
import { systemClock } from '../../core/clock.ts';
import { onPostgres } from '../support/both-databases.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { openTestService } from '../support/test-service.ts';

interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: { stringValue?: string; intValue?: string } }[];
  status: { code?: number };
}

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const silent = pino({ level: 'silent' });

/** A collector: takes what OTLP/HTTP sends, as JSON. */
async function startCollector(t: { teardown(undo: () => void): void }) {
  const spans: ReceivedSpan[] = [];
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      if (request.url !== '/v1/traces') return response.writeHead(404).end();
      bodies.push(text);
      const { resourceSpans } = JSON.parse(text) as {
        resourceSpans: { scopeSpans: { spans: ReceivedSpan[] }[] }[];
      };
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((one) => one.spans)));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => void server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { spans, bodies, origin, endpoint: `${origin}/v1/traces` };
}

t.test('a request is followed to its statements, its signatures and what it fetches', async (t) => {
  const collector = await startCollector(t);
  const settings = { traceEndpoint: collector.endpoint, traceShare: 1 };
  const traces = startTracing(settings, { clock: systemClock, logger: silent })!;
  const { tracer } = traces;
  await onPostgres(
    t,
    async (t, { opened, dataDirectory }) => {
      const service = await openTestService({ opened, dataDirectory, tracer });
      const { body, certificate } = await issueDoctor(service);
      await service.app.inject({
        url: '/api/v1/certificates',
        headers: {
          cookie: await service.cookieOf('clerk'),
          traceparent: `00-${TRACE}-${PARENT}-01`,
        },
        query: { text: body.applicant.nationalId },
      });
      await service.close();
      const root = await new Promise<unknown>((resolve) => {
        const request = { id: 'f'.repeat(32), method: 'POST', traceparent: undefined };
        const span = tracer.begin(request, () =>
          // Somewhere else: the collector answers 404 there.
          queueMicrotask(() => void fetch(`${collector.origin}/away?of=${TRACE}`).then(() => resolve(span))),
        );
      });
      tracer.end(root as never, { route: '/fetching', status: 502 });
      await traces.close();

      const named = (name: string) => collector.spans.filter((span) => span.name === name);
      const [search] = named('GET /api/v1/certificates').filter(({ traceId }) => traceId === TRACE);
      t.match(search, { traceId: TRACE, parentSpanId: PARENT, kind: 2, status: {} });
      const below = collector.spans.filter(({ parentSpanId }) => parentSpanId === search.spanId);
      t.ok(below.length > 1, `${below.length} statements`);
      for (const statement of below) {
        t.match(statement, { traceId: TRACE, name: /^sql [a-z-]+$/, kind: 3 });
        t.ok(BigInt(statement.startTimeUnixNano) >= BigInt(search.startTimeUnixNano));
        t.ok(BigInt(statement.endTimeUnixNano) <= BigInt(search.endTimeUnixNano));
      }
      const [approval] = named('POST /api/v1/applications/:id/approve');
      const signing = named('sign').filter(({ traceId }) => traceId === approval.traceId);
      t.ok(signing.length >= 1, 'the CA signed for the approval');
      t.match(signing[0].attributes, [{ key: 'mohr.key' }, { key: 'mohr.algorithm' }]);
      const [fetched] = named('GET').filter(({ kind }) => kind === 3);
      t.match(fetched, { traceId: 'f'.repeat(32), status: { code: 2 } });
      t.match(fetched.attributes[0], { key: 'server.address', value: { stringValue: /^127\.0\.0\.1:/ } });
      t.match(named('POST /fetching'), [{ status: { code: 2 } }]);

      const all = collector.bodies.join('');
      const { nationalId, surname, latinName } = body.applicant;
      const secrets = [nationalId, surname, latinName, certificate.serialNumber.toString('hex'), '?of='];
      for (const secret of secrets) t.notOk(all.includes(secret), 'nobody is in a trace');
    },
    'first-start',
  );
});

t.test('without a collector nothing is traced, and one that is away keeps nobody waiting', async (t) => {
  const deployment = { clock: systemClock, logger: silent };
  t.equal(startTracing({ traceShare: 1 }, deployment), undefined);
  const faults: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => void faults.push(line) });
  const traceEndpoint = 'http://127.0.0.1:9/v1/traces';
  const { tracer, close } = startTracing({ traceEndpoint, traceShare: 1 }, { ...deployment, logger })!;
  for (let count = 0; count < 5000; count += 1)
    tracer.end(
      tracer.begin({ id: TRACE, method: 'GET', traceparent: undefined }, () => undefined),
      { route: '/', status: 200 },
    );
  await close();
  t.match(faults, [/5000 spans are lost/]);
});

t.test('the share of traces is by their ids, so that all nodes keep the same ones', async (t) => {
  const collector = await startCollector(t);
  const settings = { traceEndpoint: collector.endpoint, traceShare: 0.25 };
  const { tracer, close } = startTracing(settings, { clock: systemClock, logger: silent })!;
  const begin = (id: string) => tracer.begin({ id, method: 'GET', traceparent: undefined }, () => undefined);
  t.ok(begin(`${'0'.repeat(19)}3${'f'.repeat(12)}`));
  t.notOk(begin(`${'0'.repeat(19)}4${'0'.repeat(12)}`));
  await close();
});

t.test('settings', async (t) => {
  const read = (values: Record<string, string>) => {
    const faults: string[] = [];
    const settings = readTraceSettings({ text: (name) => values[name], where: (name) => name }, faults);
    return { settings, faults };
  };
  t.strictSame(read({}), { settings: { traceShare: 1 }, faults: [] });
  const good = { traceEndpoint: 'https://collector/v1/traces', traceShare: '0.05' };
  t.strictSame(read(good).settings, { ...good, traceShare: 0.05 });
  for (const wrong of [
    { traceEndpoint: 'ftp://collector/' },
    { traceEndpoint: 'http://user:secret@collector/' },
    { traceShare: '1.5' },
    { traceShare: '-1' },
    { traceShare: 'all' },
  ] as Record<string, string>[])
    t.equal(read(wrong).faults.length, 1, JSON.stringify(wrong));
});

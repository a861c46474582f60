import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { openMetrics } from '../../cli/metrics.ts';
import { openMetricsToken } from '../../cli/metrics-token.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { onPostgres } from '../support/both-databases.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { checkMetricsOf } from '../support/metrics-table.ts';
import { openTestService } from '../support/test-service.ts';

await t.test(
  'a running service tells its metrics to who has the token, and nothing of persons',
  async (t) => {
    await onPostgres(
      t,
      async (t, { opened, dataDirectory }) => {
        const service = await openTestService({ opened, dataDirectory });
        t.teardown(() => service.close());
        const token = readFileSync(join(dataDirectory, 'metrics-token'), 'utf8').trim();
        const get = (authorization?: string) =>
          service.app.inject({ url: '/metrics', headers: { ...(authorization && { authorization }) } });
        for (const wrong of [
          undefined,
          'Bearer',
          `Basic ${token}`,
          `Bearer ${token}x`,
          `Bearer ${token.slice(1)}`,
        ]) {
          const refused = await get(wrong);
          t.equal(refused.statusCode, 401);
          t.equal(refused.json<{ code: string }>().code, 'metrics-token');
          t.match(refused.headers['www-authenticate'], /^Bearer/);
        }
        const { certificate, body } = await issueDoctor(service);
        await service.app.inject({ url: `/no/such/${certificate.serialNumber.toString('hex')}` });
        const answer = await get(`Bearer ${token}`);
        t.equal(answer.statusCode, 200);
        t.match(answer.headers['content-type'], /^text\/plain; version=/);
        t.equal(answer.headers['cache-control'], 'no-store');
        for (const expected of [
          /^mohr_http_request_duration_seconds_count\{method="POST",route="\/api\/v1\/applications\/:id\/approve",status="200"\} 1$/m,
          /^mohr_http_request_duration_seconds_count\{method="GET",route="none",status="404"\} 1$/m,
          /^mohr_http_request_duration_seconds_count\{method="GET",route="\/metrics",status="401"\} 5$/m,
          /^mohr_events_total\{action="issue-certificate",outcome="accepted",code=""\} [1-9]/m,
          /^mohr_crl_number\{authority="bronze",scope="complete"\} 1$/m,
          /^mohr_crl_alarm\{authority="root",scope="complete"\} 0$/m,
          /^mohr_status_change_number [1-9]/m,
          /^mohr_ocsp_answers_total\{outcome="successful"\} 0$/m,
          /^mohr_database_connections\{state="busy"\} \d+$/m,
          /^mohr_job_last_success_timestamp_seconds\{job="responders"\} 1\d{9}/m,
          /^mohr_certificate_not_after_timestamp_seconds\{kind="authority",name="root"\} [12]\d{9}$/m,
          /^mohr_certificate_not_after_timestamp_seconds\{kind="ocsp-responder",name="bronze"\} [12]\d{9}$/m,
          /^process_resident_memory_bytes /m,
          /^nodejs_eventloop_lag_seconds /m,
        ])
          t.match(answer.body, expected);
        checkMetricsOf(t, 'all', answer.body);
        const { nationalId, surname, latinName } = body.applicant;
        for (const secret of [
          nationalId,
          surname,
          latinName,
          certificate.serialNumber.toString('hex'),
          token,
        ])
          t.notMatch(answer.body, secret);
      },
      'first-start',
    );
  },
);

await t.test(
  'the token is made once, for the service alone, or read from where the operator has put it',
  async (t) => {
    const dataDirectory = temporaryFolder(t);
    await openMetricsToken({ dataDirectory });
    const path = join(dataDirectory, 'metrics-token');
    const token = readFileSync(path, 'utf8').trim();
    t.equal(statSync(path).mode & 0o777, 0o600);
    const again = await openMetricsToken({ dataDirectory });
    t.ok(again(token));
    t.notOk(again(`${token} `));
    const metricsTokenFile = join(dataDirectory, 'scrape');
    writeFileSync(metricsTokenFile, 'of-the-operator-0123\n', { mode: 0o600 });
    const own = await openMetricsToken({ dataDirectory, metricsTokenFile });
    t.ok(own('of-the-operator-0123'));
    t.notOk(own(token));
    for (const contents of ['', 'short', 'two tokens 0123456789']) {
      writeFileSync(metricsTokenFile, contents);
      await t.rejects(openMetricsToken({ dataDirectory, metricsTokenFile }), { code: 'metrics-token' });
    }
    await t.rejects(openMetricsToken({ dataDirectory, metricsTokenFile: '/nowhere' }), {
      code: 'secret-file-unreadable',
    });
    writeFileSync(join(dataDirectory, 'open'), 'of-the-operator-0123', { mode: 0o644 });
    await t.rejects(openMetricsToken({ dataDirectory, metricsTokenFile: join(dataDirectory, 'open') }), {
      code: 'secret-file-permissions',
    });
  },
);

await t.test('two processes in one, as in tests, have registries of their own', async (t) => {
  const [one, other] = [
    await openMetrics({ dataDirectory: temporaryFolder(t) }),
    await openMetrics({ dataDirectory: temporaryFolder(t) }),
  ];
  one.endpoint.countAnswer({ method: 'GET', route: '/health', status: 200, seconds: 0.02 });
  t.match((await one.endpoint.render()).text, /route="\/health"/);
  t.notMatch((await other.endpoint.render()).text, /route="\/health"/);
});

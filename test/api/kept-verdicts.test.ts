import pino from 'pino';
import t from 'tap';

import { pruneKeptVerdicts } from '../../cli/prune-kept-verdicts.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { fhirDocument, writtenBy } from '../support/prescriptions.ts';
import { onBothServices } from '../support/test-service.ts';

const DAY_SECONDS = 86_400;
const OCTETS_MAX = 40 * 1024;

interface Opened {
  report: { indication: string; validatedAt: string; signatures: { signer: Record<string, string> }[] };
  summary: Record<'fa' | 'en', { headline: string }>;
  documentSha256: string;
  seal: string;
  expiresAt: string;
}

await onBothServices(t, async (t, service) => {
  const { app, clock, house } = service;
  const doctor = await issueDoctor(service);
  const { applicant } = doctor.body;
  const { content } = fhirDocument(writtenBy(applicant.councilNumber, clock.now()));
  const signature = await signCades({
    content: Buffer.from(content, 'base64'),
    signer: doctor.signer,
    certificate: doctor.certificate,
    signingTime: clock.now(),
  });
  clock.advanceSeconds(2);
  const body = { signature: signature.toString('base64') };
  // Each from an address of its own: the rate is a test by itself.
  let caller = 0;
  const keep = async (remoteAddress = `198.51.100.${(caller += 1)}`) =>
    app.inject({ method: 'POST', url: '/api/v1/kept-verdicts', payload: body, remoteAddress });
  const secretOf = (link: string) => new URL(link).hash.slice('#kept='.length);
  const by = (method: 'GET' | 'DELETE', secret: string) =>
    app.inject({
      method,
      url: '/api/v1/kept-verdicts/current',
      headers: { authorization: `Bearer ${secret}` },
    });
  const rows = () =>
    house.stores.database.query<{ sealed: Buffer; row: string }>({
      text: 'select sealed, k::text as row from kept_verdict k',
    });

  await t.test('nothing of a validation or of a report is kept', async (t) => {
    for (const url of ['/api/v1/validations', '/api/v1/validation-reports'])
      t.equal((await app.inject({ method: 'POST', url, payload: body })).statusCode, 200, url);
    t.strictSame(await rows(), []);
  });

  const kept = await keep();
  t.equal(kept.statusCode, 201, kept.body);
  const { link, expiresAt } = kept.json<{ link: string; expiresAt: string }>();
  const secret = secretOf(link);

  await t.test('a verdict that somebody asked to have kept is opened by its link', async (t) => {
    t.match(link, /\/verify#kept=[A-Za-z0-9_-]{43}$/);
    const { statusCode, headers, body: text } = await by('GET', secret);
    t.equal(statusCode, 200, text);
    t.equal(headers['cache-control'], 'no-store');
    const opened = JSON.parse(text) as Opened;
    t.equal(opened.report.indication, 'TOTAL-PASSED');
    t.match(opened.report.signatures[0].signer.nationalIdMasked, /^999\*+\d\d$/);
    t.notMatch(text, applicant.nationalId);
    t.match(opened.summary.en.headline, /holds/);
    t.match(opened.documentSha256, /^[0-9a-f]{64}$/);
    t.equal(opened.expiresAt, expiresAt);
    t.equal(Date.parse(expiresAt) - clock.now().getTime(), 30 * DAY_SECONDS * 1000);
  });

  await t.test('the database has neither the link, nor the document, nor anybody’s name', async (t) => {
    const [row, ...others] = await rows();
    t.strictSame(others, []);
    t.ok(row.sealed.length < OCTETS_MAX, `${row.sealed.length} octets`);
    for (const hidden of [
      secret,
      applicant.nationalId,
      applicant.surname,
      'JAdES',
      signature.toString('hex'),
    ])
      for (const text of [row.row, row.sealed.toString('latin1'), row.sealed.toString('utf8')])
        t.notOk(text.includes(hidden), hidden);
  });

  await t.test('another link opens nothing, and what is none is refused', async (t) => {
    t.match((await by('GET', 'A'.repeat(43))).json(), { status: 404, code: 'kept-verdict-unknown' });
    t.match((await by('GET', 'short')).json(), { status: 400 });
  });

  await t.test('what has changed in the database is not shown', async (t) => {
    const other = secretOf((await keep()).json<{ link: string }>().link);
    await house.stores.database.query({
      text: `update kept_verdict set sealed = set_byte(sealed, 100, (get_byte(sealed, 100) + 1) % 256)
        where link_sha256 = sha256($1)`,
      values: [Buffer.from(other)],
    });
    t.equal((await by('GET', other)).statusCode, 500);
    t.equal((await by('DELETE', other)).statusCode, 204);
  });

  await t.test('whoever has the link deletes it, and then it is gone', async (t) => {
    const other = secretOf((await keep()).json<{ link: string }>().link);
    t.equal((await by('DELETE', other)).statusCode, 204);
    t.equal((await by('GET', other)).statusCode, 404);
    t.equal((await by('DELETE', other)).statusCode, 404);
    t.equal((await rows()).length, 1);
  });

  await t.test('a caller has few kept in a minute', async (t) => {
    const answers: number[] = [];
    for (let ask = 0; ask < 7; ask += 1) answers.push((await keep('203.0.113.9')).statusCode);
    t.strictSame(answers, [201, 201, 201, 201, 201, 201, 429]);
  });

  await t.test('there is room for so many and no more', async (t) => {
    const [{ sealed }] = await rows();
    const at = clock.now();
    const one = {
      linkSha256: Buffer.alloc(32, 1),
      sealed,
      keptAt: at,
      expiresAt: new Date(at.getTime() + 1),
    };
    t.equal(await house.stores.keptVerdicts.insert(one, (await rows()).length), false);
    t.equal(await house.stores.keptVerdicts.insert(one, (await rows()).length + 1), true);
  });

  await t.test('after thirty days it is shown no more, and the service deletes it', async (t) => {
    clock.advanceSeconds(30 * DAY_SECONDS - 1);
    t.equal((await by('GET', secret)).statusCode, 200);
    clock.advanceSeconds(1);
    t.equal((await by('GET', secret)).statusCode, 404);
    t.ok((await rows()).length > 0);
    const pruning = pruneKeptVerdicts(house.stores, { clock, logger: pino({ level: 'silent' }) });
    await pruning.stop();
    t.strictSame(await rows(), []);
  });
});

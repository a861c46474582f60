import t from 'tap';
import type { Test } from 'tap';

import { BulkIssuer } from '../../ca/issue/bulk-issuer.ts';
import { CertificateIssuer } from '../../ca/issue/certificate-issuer.ts';
import type { IssuanceRequest } from '../../ca/issue/issuance-request.ts';
import { RENEWAL_WINDOW_DAYS } from '../../ca/issue/renewal-window.ts';
import { changeStatus } from '../../ca/status/change-status.ts';
import type { StatusRequest } from '../../ca/status/change-status.ts';
import { applicationBody } from '../support/applications.ts';
import { approve } from '../support/approve.ts';
import { TEST_ACTOR, issuanceRequest, issuingParts } from '../support/issuing.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { onBothServices } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const REFUSED = { code: 'holder-has-certificate' };
const CARD = { authorityId: 'silver', profileId: 'signing-card' };

await t.test('one active signing certificate per holder and key store', async (t) => {
  await onBothServices(t, async (t, service) => {
    const parts = await issuingParts(service);
    const house = { ...service, parts, issuer: new CertificateIssuer(parts) };
    await t.test('a second one is refused before it is signed, for any other key', (t) => second(t, house));
    await t.test('a held certificate is active, a revoked or an expired one is not', (t) => ended(t, house));
    await t.test('card and phone are two key stores, authentication is another purpose', (t) =>
      others(t, house),
    );
    await t.test('a renewal names the one that may stand beside it, and a third is refused', (t) =>
      renewal(t, house),
    );
    await t.test('of two at once for one holder, one is issued', (t) => race(t, house));
    await t.test('in a batch each row is refused alone, for what stands and for what is beside it', (t) =>
      bulk(t, house),
    );
    await t.test('two batches at once meet in the same rule', (t) => batches(t, house));
    await t.test('an intent that waits for its signature counts, one that was refused does not', (t) =>
      open(t, house),
    );
    await t.test('an approval is refused before it is written', (t) => approval(t, service));
    await t.test('a renewal replaces a certificate of its last 90 days, a re-key one of any', (t) =>
      renewalWindow(t, house),
    );
  });
});

interface House extends TestService {
  parts: Awaited<ReturnType<typeof issuingParts>>;
  issuer: CertificateIssuer;
}

/** Requests for one holder, each with another key. */
function sameHolder(): (override?: Partial<IssuanceRequest>) => IssuanceRequest {
  const { subject, councilNumber } = issuanceRequest();
  return (override) => issuanceRequest({ subject, councilNumber, ...override });
}

async function issue({ issuer }: Pick<House, 'issuer'>, request: IssuanceRequest) {
  return issuer.issue(await issuer.prepare(request), TEST_ACTOR);
}

function change(
  { parts }: House,
  certificate: Pick<StatusRequest, 'authorityId' | 'serialNumber'>,
  event: 'held' | 'revoked',
) {
  return changeStatus(parts, { ...certificate, event, requestedBy: 'test' }, TEST_ACTOR);
}

async function second(t: Test, house: House): Promise<void> {
  const request = sameHolder();
  await issue(house, request());
  const before = await intents(house);
  await t.rejects(issue(house, request()), REFUSED);
  t.equal(await intents(house), before, 'nothing was written, and so nothing signed');
}

async function ended(t: Test, house: House): Promise<void> {
  const request = sameHolder();
  const first = await issue(house, request());
  await change(house, first, 'held');
  await t.rejects(issue(house, request()), REFUSED);
  await change(house, first, 'revoked');
  const next = await issue(house, request());
  await t.rejects(issue(house, request()), REFUSED);

  const { holder } = await house.issuer.prepare(request());
  const atEnd = (offset: number) =>
    house.parts.transactions.transaction((tx) =>
      house.parts.certificates.servedHolders(tx, [holder!], new Date(next.notAfter.getTime() + offset)),
    );
  t.strictSame(await atEnd(-1000), [true], 'a second before its end');
  t.strictSame(await atEnd(1000), [false], 'a second after it');
}

async function others(t: Test, house: House): Promise<void> {
  const request = sameHolder();
  await issue(house, request());
  await issue(house, request(CARD));
  await t.rejects(issue(house, request(CARD)), REFUSED);
  const profileId = [...house.parts.profiles.values()].find(
    ({ purpose }) => purpose === 'authentication',
  )!.id;
  const { assuranceLevels } = house.parts.profiles.get(profileId)!;
  const authorityId = assuranceLevels.includes(1) ? 'bronze' : 'silver';
  await issue(house, request({ authorityId, profileId }));
  await issue(house, request({ authorityId, profileId }));
}

async function renewal(t: Test, house: House): Promise<void> {
  const request = sameHolder();
  const first = await issue(house, request());
  const next = await issue(house, request({ replaces: first }));
  await t.rejects(issue(house, request({ replaces: first })), REFUSED, 'it has its successor');
  await t.rejects(issue(house, request({ replaces: next })), REFUSED, 'the first is still active');
  const stranger = await issue(house, issuanceRequest());
  const foreign = { code: 'replaced-unknown' };
  await t.rejects(issue(house, request({ replaces: stranger })), foreign, "another holder's certificate");
  const card = await issue(house, request(CARD));
  await t.rejects(issue(house, request({ replaces: card })), foreign, 'the certificate of another key store');
  const unknown = { authorityId: 'bronze', serialNumber: Buffer.from('0badcafe', 'hex') };
  await t.rejects(issue(house, request({ replaces: unknown })), foreign, 'none at all');
  await change(house, first, 'revoked');
  await issue(house, request({ replaces: next }));
}

/** Last: it moves the clock. */
async function renewalWindow(t: Test, house: House): Promise<void> {
  const { clock } = house;
  const request = sameHolder();
  const first = await issue(house, request());
  const prepared = (override: Partial<IssuanceRequest>) =>
    house.issuer.prepare(request({ replaces: first, ...override }));
  const opensAt = first.notAfter.getTime() - RENEWAL_WINDOW_DAYS * 86_400_000;
  const early = { code: 'renewal-early' };
  const late = { code: 'renewal-late' };
  await t.rejects(prepared({ isRenewal: true }), early);
  await t.resolves(prepared({}), 'a key that is lost does not wait');
  clock.set(new Date(opensAt - 1000));
  await t.rejects(prepared({ isRenewal: true }), early);
  clock.set(new Date(opensAt));
  await t.resolves(prepared({ isRenewal: true }));
  clock.set(first.notAfter);
  await t.resolves(prepared({ isRenewal: true }));
  clock.set(new Date(first.notAfter.getTime() + 1000));
  await t.rejects(prepared({ isRenewal: true }), late);
  clock.set(new Date(opensAt));
  await change(house, first, 'held');
  await t.rejects(prepared({ isRenewal: true }), late, 'a held one proves nothing');
  await change(house, first, 'revoked');
  await t.rejects(prepared({ isRenewal: true }), late);
  await t.resolves(prepared({}));
}

async function race(t: Test, house: House): Promise<void> {
  const request = sameHolder();
  const tokens = await Promise.all(Array.from({ length: 6 }, () => house.issuer.prepare(request())));
  const outcomes = await Promise.allSettled(tokens.map((token) => house.issuer.issue(token, TEST_ACTOR)));
  t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
  for (const outcome of outcomes) if (outcome.status === 'rejected') t.match(outcome.reason, REFUSED);

  const [{ value: first }] = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  const renewals = await Promise.allSettled(
    Array.from({ length: 4 }, () => issue(house, request({ replaces: first }))),
  );
  t.equal(
    renewals.filter(({ status }) => status === 'fulfilled').length,
    1,
    'so are renewals of one certificate',
  );
}

async function bulk(t: Test, house: House): Promise<void> {
  const [holder, other, renewing] = [sameHolder(), sameHolder(), sameHolder()];
  await issue(house, holder());
  const standing = await issue(house, renewing());
  const requests = [
    holder(),
    other(),
    other(),
    issuanceRequest(),
    renewing({ replaces: standing }),
    renewing({ replaces: standing }),
  ];
  const tokens = await Promise.all(requests.map((request) => house.issuer.prepare(request)));
  t.strictSame(
    (await house.issuer.holderRefusals(tokens)).map((refusal) => refusal?.code),
    ['holder-has-certificate', undefined, undefined, undefined, undefined, undefined],
    'before, as far as it can be seen',
  );
  const outcomes = await bulkIssuer(house).issueAll(tokens, TEST_ACTOR);
  t.strictSame(
    outcomes.map(({ refusal }) => refusal?.code),
    [
      'holder-has-certificate',
      undefined,
      'holder-has-certificate',
      undefined,
      undefined,
      'holder-has-certificate',
    ],
  );
}

async function batches(t: Test, house: House): Promise<void> {
  const holders = Array.from({ length: 5 }, sameHolder);
  const batch = async () => Promise.all(holders.map((request) => house.issuer.prepare(request())));
  const [one, two] = await Promise.all([batch(), batch()]);
  const outcomes = await Promise.all(
    [one, two].map((tokens) => bulkIssuer(house).issueAll(tokens, TEST_ACTOR)),
  );
  holders.forEach((_, at) => {
    const codes = outcomes.map((ofBatch) => ofBatch[at].refusal?.code ?? 'issued').sort();
    t.strictSame(codes, ['holder-has-certificate', 'issued']);
  });
}

async function open(t: Test, house: House): Promise<void> {
  const request = sameHolder();
  const { signer } = house.parts.authorities.get('bronze')!;
  const away = { ...signer, algorithm: signer.algorithm, sign: () => Promise.reject(new Error('away')) };
  const bronze = { ...house.parts.authorities.get('bronze')!, signer: away };
  const authorities = new Map([...house.parts.authorities, ['bronze', bronze]]);
  const faulty = new CertificateIssuer({ ...house.parts, authorities });
  await t.rejects(issue({ issuer: faulty }, request()), /away/);
  await t.rejects(issue(house, request()), REFUSED);
  const { certificates, transactions } = house.parts;
  await transactions.transaction(async (tx) => {
    const [left] = await certificates.openIntents(tx);
    t.ok(await certificates.refuseIntent(tx, left, { code: 'test', at: house.clock.now() }));
  });
  await issue(house, request());
}

async function approval(t: Test, service: TestService): Promise<void> {
  const [clerk, approver] = [await service.cookieOf('clerk'), await service.cookieOf('approving-officer')];
  const post = async (cookie: string, url: string, payload: object) => {
    const response = await service.app.inject({
      method: 'POST',
      url: `/api/v1${url}`,
      headers: { cookie },
      payload,
    });
    return {
      status: response.statusCode,
      body: response.json<{ id: string; code?: string; state?: string }>(),
    };
  };
  const body = await applicationBody();
  const again = await applicationBody({ applicant: body.applicant }, memorySigner());
  const first = await post(clerk, '/applications', body);
  const next = await post(clerk, '/applications', again);
  t.equal(next.status, first.status, 'who files may mean to revoke the first');
  t.match(await approve(service.app, approver, first.body.id), { body: { state: 'issued' } });
  t.match(await post(approver, `/applications/${next.body.id}/approve`, { version: 1 }), {
    status: 409,
    body: { code: 'holder-has-certificate' },
  });
  const read = await service.app.inject({
    url: `/api/v1/applications/${next.body.id}`,
    headers: { cookie: approver },
  });
  t.match(read.json(), { state: 'submitted', version: 1 });
}

function bulkIssuer({ parts, issuer, house }: House): BulkIssuer {
  const { certificates, statuses, audit } = house.stores;
  return new BulkIssuer({ ...parts, certificates, statuses, audit, issuer });
}

async function intents({ house }: TestService): Promise<number> {
  const [{ n }] = await house.stores.database.query<{ n: number }>({
    text: 'select count(*)::int as n from issuance_intent',
  });
  return n;
}

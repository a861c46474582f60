import t from 'tap';
import type { Test } from 'tap';

import { CertificateIssuer } from '../../ca/issue/certificate-issuer.ts';
import { OPEN_APPROVAL_SECONDS_MAX } from '../../ca/approval/assert-activated.ts';
import type { ActivationProof, IssuanceAuthorization } from '../../ca/approval/issuance-authorization.ts';
import type { IssuanceRequest } from '../../ca/issue/issuance-request.ts';
import { SoftwareAuthenticator } from '../../cli/demo/software-authenticator.ts';
import { ManualClock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import { encodeApprovalDocument, parseApprovalDocument } from '../../pki/approval/approval-document.ts';
import type { ApprovalDocument } from '../../pki/approval/approval-document.ts';
import type { PasskeyProof } from '../../pki/approval/approval-proof.ts';
import { makeCertificationRequest } from '../../keys/make-certification-request.ts';
import { AT } from '../../pki/oid.ts';
import { decodePem } from '../../pki/pem.ts';
import { originOf } from '../../ra/application.ts';
import { recordApproval } from '../../ra/approve-application.ts';
import type { Approval } from '../../ra/approval/approval-store.ts';
import { fileApplication } from '../../ra/file-application.ts';
import { setContact } from '../../ra/holders/set-contact.ts';
import type { Officer, Role } from '../../ra/officer.ts';
import { challengeForRegistration, registerPasskey } from '../../ra/passkeys/register-passkey.ts';
import { applicationBody } from '../support/applications.ts';
import { TEST_ORIGIN } from '../support/approve.ts';
import { proofOf } from '../support/approve-in-process.ts';
import { TEST_ACTOR, issuanceRequest, issuingParts } from '../support/issuing.ts';
import { memorySigner } from '../support/memory-signer.ts';
import type { MemorySigner } from '../support/memory-signer.ts';
import { tamper } from '../support/tamper.ts';
import { onBothServices } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

/** An application that is approved and not issued, and what the CA would be asked for it. */
interface Case {
  issuer: CertificateIssuer;
  request: IssuanceRequest;
  approval: Approval;
  approver: Officer;
  /** With the request of the key. */
  activation: ActivationProof;
}

t.test('what the CA issues without believing who asks', async (t) => {
  await onBothServices(t, async (t, service) => {
    const part = (name: string, run: (t: Test, service: TestService) => Promise<void>) =>
      t.test(name, (t) => run(t, service));
    await part('nothing without an authorization, and each exemption for its own purpose', exemptions);
    await part('an approval for exactly this certificate and no other', facts);
    await part('an approval that leaves the key open, for the key of the activation, once', openKey);
    await part('what a crash left is completed if what it rests on still holds', resumed);
    await part('a signature by a credential of the approving officer, in force when it signed', credentials);
  });
});

async function open(service: TestService, delivery: 'request' | 'phone' = 'request'): Promise<Case> {
  const { stores, services } = service.house;
  await service.cookieOf('approving-officer');
  const officers = await stores.database.transaction((tx) => stores.officers.listOfficers(tx));
  const officer = (role: Role) => officers.find(({ roles }) => roles.includes(role))!;
  const signer = memorySigner();
  const { profile, certificationRequest, ...body } = await applicationBody({}, signer);
  const filed = await fileApplication(services.registration, officer('clerk'), {
    ...body,
    ...(delivery === 'request' && { certificationRequest }),
    profileId: profile,
    delivery,
  });
  await setContact(services.contacts, officer('clerk'), filed.id, { mobile: '09990000001' });
  const approver = officer('approving-officer');
  const proof = await proofOf(service, approver, filed.id);
  await recordApproval(services.registration, approver, { id: filed.id, version: 1, proof });
  const { nationalId, givenName, surname, latinName, councilNumber } = filed.applicant;
  const request: IssuanceRequest = {
    authorityId: filed.authorityId,
    profileId: filed.profileId,
    origin: originOf(filed.id),
    subjectPublicKeyInfo: signer.subjectPublicKeyInfo,
    subject: { nationalId, givenName, surname, latinName },
    councilNumber,
  };
  const approval = (await stores.approvals.find(filed.id))!;
  const activation = {
    activationId: 'test',
    usedAt: service.clock.now(),
    certificationRequest: decodePem(certificationRequest, ['CERTIFICATE REQUEST'])[0].bytes,
  };
  return {
    issuer: new CertificateIssuer(await issuingParts(service)),
    request,
    approval,
    approver,
    activation,
  };
}

/** `issued`, or the code of the refusal. */
async function issue(
  issuer: CertificateIssuer,
  request: IssuanceRequest,
  authorization?: IssuanceAuthorization,
) {
  try {
    const { authorization: _, ...rest } = request;
    await issuer.issue(
      await issuer.prepare({ ...rest, ...(authorization && { authorization }) }),
      TEST_ACTOR,
    );
    return 'issued';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

const authorizationOf = ({ document, proof, approvedAt }: Approval) =>
  ({ kind: 'approval', document, proof, approvedAt }) as const;

async function exemptions(t: Test, service: TestService): Promise<void> {
  const issuer = new CertificateIssuer(await issuingParts(service));
  const campaign = {
    kind: 'campaign-exemption',
    campaign: 'x',
    filedBy: 'one',
    approvedBy: 'another',
  } as const;
  const officerChange = {
    kind: 'officer-change-exemption',
    changeId: 'x',
    requestedBy: 'one',
    confirmedBy: 'another',
  } as const;
  const refused: [name: string, authorization: IssuanceAuthorization | undefined][] = [
    ['none', undefined],
    ['the service for a doctor', { kind: 'service-exemption' }],
    ['a change of officers for a doctor', officerChange],
    ['a campaign of one officer', { ...campaign, approvedBy: 'one' }],
  ];
  for (const [name, authorization] of refused)
    t.equal(await issue(issuer, issuanceRequest(), authorization), 'authorization-missing', name);
  const responder: IssuanceRequest = {
    ...issuanceRequest(),
    profileId: 'ocsp-responder',
    origin: 'responder:test',
    subject: { organization: 'x', serviceName: 'x' },
  };
  t.equal(await issue(issuer, responder, campaign), 'authorization-missing', 'a campaign for a responder');
  t.equal(await issue(issuer, issuanceRequest(), campaign), 'issued');
  const [{ count }] = await service.house.stores.database.query<{ count: number }>({
    text: `select count(*)::int as count from issuance_intent where origin like 'application:test-%'`,
  });
  t.equal(count, 1, 'and nothing was intended for what was refused');
}

async function facts(t: Test, service: TestService): Promise<void> {
  const { issuer, request, approval } = await open(service);
  const authorization = authorizationOf(approval);
  const other = await applicationBody();
  const changed: [name: string, override: Partial<IssuanceRequest>][] = [
    ['another key', { subjectPublicKeyInfo: memorySigner().subjectPublicKeyInfo }],
    ['another surname', { subject: { ...request.subject, surname: 'دیگری' } }],
    ['another person', { subject: { ...request.subject, nationalId: other.applicant.nationalId } }],
    ['another council number', { councilNumber: { ...request.councilNumber!, digits: '424242' } }],
    ['another profile', { profileId: 'signing-phone-legacy-ir' }],
    ['another application', { origin: originOf(newId(service.clock)) }],
  ];
  for (const [name, override] of changed)
    t.equal(await issue(issuer, { ...request, ...override }, authorization), 'approval-differs', name);
  t.equal(
    await issue(issuer, request, { ...authorization, document: Buffer.from('{}') }),
    'approval-differs',
  );
  const said = parseApprovalDocument(approval.document);
  const rewritten = encodeApprovalDocument({ ...said, nonce: 'another' } satisfies ApprovalDocument);
  t.equal(
    await issue(issuer, request, { ...authorization, document: rewritten.bytes }),
    'approval-signature',
    'another document of the same facts was not signed',
  );
  t.equal(await issue(issuer, request, authorization), 'issued');
}

async function credentials(t: Test, service: TestService): Promise<void> {
  const { issuer, request, approval, approver } = await open(service);
  const authorization = authorizationOf(approval);
  const proof = approval.proof as PasskeyProof;
  const { signIn } = service.house.services;
  const { stores } = service.house;
  const attempt = (change: Partial<typeof authorization>) =>
    issue(issuer, request, { ...authorization, ...change });

  const early = new Date(approval.approvedAt.getTime() - 24 * 3600 * 1000);
  t.equal(await attempt({ approvedAt: early }), 'approval-credential', 'before the passkey was enrolled');
  t.equal(
    await attempt({ proof: { ...proof, credentialId: Buffer.alloc(32, 1) } }),
    'approval-credential',
    'a credential that nobody has',
  );
  const flipped = Buffer.from(proof.signature);
  flipped[flipped.length - 1] ^= 1;
  t.equal(await attempt({ proof: { ...proof, signature: flipped } }), 'approval-signature');
  const unverified = Buffer.from(proof.authenticatorData);
  unverified[32] &= ~0x04;
  t.equal(await attempt({ proof: { ...proof, authenticatorData: unverified } }), 'approval-signature');

  // Another officer signs the very document, and is handed over for the one whom it names.
  const officers = await stores.database.transaction((tx) => stores.officers.listOfficers(tx));
  const operator = officers.find(({ roles }) => roles.includes('ca-operator'))!;
  const theirs = new SoftwareAuthenticator(TEST_ORIGIN);
  const response = theirs.create(await challengeForRegistration(signIn, operator));
  await registerPasskey(signIn, operator, { name: 'x', response });
  const challenge = encodeApprovalDocument(parseApprovalDocument(approval.document)).digest.toString(
    'base64url',
  );
  const signed = theirs.get({ challenge, rpId: 'mohr.test', userVerification: 'required' }).response;
  const foreign: PasskeyProof = {
    method: 'passkey',
    credentialId: theirs.credentialId,
    clientDataJson: Buffer.from(signed.clientDataJSON, 'base64url'),
    authenticatorData: Buffer.from(signed.authenticatorData, 'base64url'),
    signature: Buffer.from(signed.signature, 'base64url'),
  };
  t.equal(await attempt({ proof: foreign }), 'approval-credential', "another officer's passkey");
  const own = parseApprovalDocument(approval.document);
  const byFiler = encodeApprovalDocument({ ...own, approvedBy: own.application.filedBy });
  t.equal(await attempt({ document: byFiler.bytes }), 'approval-credential', 'by whoever filed it');

  // Removed after it has signed: what it has signed stands, what it would sign now does not.
  service.clock.advanceSeconds(60);
  await stores.database.transaction((tx) =>
    stores.offices.removePasskeys(tx, approver.id, service.clock.now()),
  );
  service.clock.advanceSeconds(60);
  t.equal(await attempt({ approvedAt: service.clock.now() }), 'approval-credential');
  t.equal(await attempt({}), 'issued');
}

async function openKey(t: Test, service: TestService): Promise<void> {
  const { issuer, request, approval, activation } = await open(service, 'phone');
  const authorization = authorizationOf(approval);
  const attempt = (change: Partial<ActivationProof> = {}, of: IssuanceRequest = request) =>
    issue(issuer, of, { ...authorization, activation: { ...activation, ...change } });
  const requestOf = (signer: MemorySigner) =>
    makeCertificationRequest(signer, [{ type: AT.commonName, value: 'x' }]);

  t.equal(await issue(issuer, request, authorization), 'activation-missing', 'nobody has activated');
  const before = new Date(Date.parse(parseApprovalDocument(approval.document).preparedAt) - 1);
  t.equal(await attempt({ usedAt: before }), 'activation-missing', 'before the approval');
  t.equal(await attempt({ usedAt: new Date(NaN) }), 'activation-missing', 'at no time');
  t.equal(await attempt({ certificationRequest: Buffer.from('x') }), 'activation-missing');
  const swapped = memorySigner();
  t.equal(
    await attempt({ certificationRequest: await requestOf(swapped) }),
    'approval-differs',
    'another key than the one that was proven',
  );
  const card = { authorityId: 'silver', profileId: 'signing-card' };
  t.equal(await attempt({}, { ...request, ...card }), 'approval-differs', 'what was approved is for a phone');
  const said = parseApprovalDocument(approval.document);
  const forCard = encodeApprovalDocument({ ...said, certificate: { ...said.certificate, ...card } });
  t.equal(
    await issue(issuer, { ...request, ...card }, { ...authorization, document: forCard.bytes, activation }),
    'approval-differs',
    'a card has no open key, whatever the document says',
  );
  const both = { ...said.certificate, subjectPublicKeyInfoSha256: 'x' };
  const twofold = encodeApprovalDocument({ ...said, certificate: both });
  t.equal(
    await issue(issuer, request, { ...authorization, document: twofold.bytes, activation }),
    'approval-differs',
  );
  const known = await open(service);
  t.equal(
    await issue(known.issuer, known.request, {
      ...authorizationOf(known.approval),
      activation: known.activation,
    }),
    'approval-differs',
    'an approval with its key takes no other',
  );

  const clock = new ManualClock(service.clock.now());
  clock.advanceSeconds(OPEN_APPROVAL_SECONDS_MAX + 60);
  const later = new CertificateIssuer({ ...(await issuingParts(service)), clock });
  t.equal(
    await issue(later, request, { ...authorization, approvedAt: clock.now(), activation }),
    'activation-missing',
    'too old, whatever is said of when it was signed',
  );
  t.equal(await attempt(), 'issued');
  const { stores } = service.house;
  const [{ serial_number: serialNumber }] = await stores.database.query<{ serial_number: Buffer }>({
    text: 'select serial_number from certificate where origin = $1',
    values: [request.origin],
  });
  // Out of the holder's place, so that nothing else is in the way of a second one.
  await service.house.services.statusChanger.changeStatus(
    { authorityId: 'bronze', serialNumber, event: 'revoked', reason: 'superseded', requestedBy: 'test' },
    TEST_ACTOR,
  );
  const again = { ...request, subjectPublicKeyInfo: swapped.subjectPublicKeyInfo };
  t.equal(
    await attempt({ certificationRequest: await requestOf(swapped) }, again),
    'approval-used',
    'one approval, one certificate',
  );
}

async function resumed(t: Test, service: TestService): Promise<void> {
  const parts = await issuingParts(service);
  const bronze = parts.authorities.get('bronze')!;
  const { label, algorithm, subjectPublicKeyInfo } = bronze.signer;
  const sign = () => Promise.reject(new Error('a crash'));
  const away = { ...bronze, signer: { label, algorithm, subjectPublicKeyInfo, sign } };
  const faulty = new CertificateIssuer({
    ...parts,
    authorities: new Map([...parts.authorities, ['bronze', away]]),
  });
  const leave = async (delivery: 'request' | 'phone' = 'request') => {
    const one = await open(service, delivery);
    const { activation } = one;
    const id = one.request.origin.slice('application:'.length);
    if (delivery === 'phone')
      await service.house.stores.database.query({
        text: 'update activation set used_at = $2, certification_request = $3 where application_id = $1',
        values: [id, activation.usedAt, activation.certificationRequest],
      });
    const authorization = {
      ...authorizationOf(one.approval),
      ...(delivery === 'phone' && { activation }),
    };
    t.match(await issue(faulty, one.request, authorization), /a crash/);
    return { id, origin: one.request.origin };
  };
  const left = {
    good: await leave(),
    phone: await leave('phone'),
    flipped: await leave(),
    gone: await leave(),
    moved: await leave(),
    anotherKey: await leave('phone'),
    notActivated: await leave('phone'),
  };
  const unissued = await open(service);
  const of = ({ id }: { id: string }) => `application_id = '${id}'`;
  await tamper(
    service.house.stores.database,
    `update application_approval set signature = set_byte(signature, octet_length(signature) - 1,
        get_byte(signature, octet_length(signature) - 1) # 1) where ${of(left.flipped)};
      delete from application_approval where ${of(left.gone)};
      update issuance_intent set origin = '${unissued.request.origin}', approval_sha256 = null
        where origin = '${left.moved.origin}';
      update activation set certification_request =
        (select certification_request from activation where ${of(left.phone)} and used_at is not null)
        where ${of(left.anotherKey)};
      update activation set used_at = null, certification_request = null where ${of(left.notActivated)}`,
  );
  const refused = new Map<string, unknown>();
  const issuer = new CertificateIssuer(parts);
  const completed = await issuer.resume(TEST_ACTOR, undefined, ({ origin }, { code }) =>
    refused.set(origin, code),
  );
  t.same(
    completed.map(({ origin }) => origin).sort(),
    [left.good.origin, left.phone.origin].sort(),
    'what was approved',
  );
  t.same(
    refused,
    new Map([
      [left.flipped.origin, 'approval-signature'],
      [left.gone.origin, 'authorization-missing'],
      [unissued.request.origin, 'approval-differs'],
      [left.anotherKey.origin, 'approval-differs'],
      [left.notActivated.origin, 'activation-missing'],
    ]),
  );
  t.strictSame(await issuer.resume(TEST_ACTOR), [], 'they are closed');
}

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { PGlite } from '@electric-sql/pglite';
import t from 'tap';
import type { Test } from 'tap';

import { systemClock } from '../../core/clock.ts';
import { migrate } from '../../db/migrate.ts';
import { openPool } from '../../db/open-embedded.ts';
import type { OpenedPool } from '../../db/open-embedded.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { parseCertificationRequest } from '../../pki/certification-request.ts';
import { CE } from '../../pki/oid.ts';
import { encodePem } from '../../pki/pem.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { CEREMONY_NAMES } from '../support/ceremony-fixtures.ts';
import { CeremonyFolder, KEY_STORE, MAKE_ROOT } from '../support/ceremony-folder.ts';
import { OpensslRoot } from '../support/openssl-root.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { openTestService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

// One deployment from its first ceremony to the second generation of its keys. Files go from machine to machine by way of
// one folder; each machine opens its own keys only.

const names = CEREMONY_NAMES;
const profile = { id: 'intermediate', version: 1 };

class Deployment {
  readonly machine: CeremonyFolder;
  readonly opened: OpenedPool;

  constructor(t: Test, opened: OpenedPool) {
    this.machine = new CeremonyFolder(t, systemClock.now());
    this.opened = opened;
  }

  get dataDirectory(): string {
    return this.machine.path('data');
  }

  /** Runs an act of the online machine, over the database that stays open. */
  online(name: string, act: object) {
    const openDatabase = async () => ({ ...this.opened, close: async () => undefined });
    return this.machine.run(name, act, { openDatabase });
  }

  request(id: string, commonName: string) {
    const key = { reference: `file:${id}.key`, make: 'p-256' };
    const act = { act: 'make-intermediate-request', names, profile, authority: { id, commonName }, key };
    return this.online(`request-${id}.yaml`, act);
  }

  sign(id: string, commonName: string, validity: string) {
    const authority = { id, commonName, assuranceLevel: 1 };
    const request = this.machine.reviewed(`out/${id}.request.pem`);
    const act = {
      act: 'sign-intermediate',
      keyStore: KEY_STORE,
      names,
      profile,
      authority,
      request,
      validity,
    };
    return this.machine.run(`sign-${id}.yaml`, { ...act, issuer: this.issuer });
  }

  get issuer() {
    return { id: 'root', certificate: this.machine.reviewed('out/root.pem'), key: 'file:root.key' };
  }

  imported(id: string, commonName: string) {
    return {
      names,
      profile,
      authority: { id, commonName, assuranceLevel: 1 },
      key: `file:${id}.key`,
      request: this.machine.reviewed(`out/${id}.request.pem`),
      certificate: this.machine.reviewed(`out/${id}.pem`),
      issuers: [{ id: 'root', certificate: this.machine.reviewed('out/root.pem') }],
    };
  }

  /** Starts the service, lets it work, and stops it. */
  async serving<T>(work: (service: TestService) => Promise<T>): Promise<T> {
    const { opened, dataDirectory } = this;
    const service = await openTestService({ opened, dataDirectory, publicUrl: names.publicUrl });
    try {
      return await work(service);
    } finally {
      await service.close();
    }
  }
}

/** Issues to a synthetic doctor as the registration authority would; returns who issued, and the certificate. */
async function issue(
  service: TestService,
  profileId: string,
): Promise<{ authorityId: string; certificate: Certificate }> {
  const authorityId = await service.house.services.registration.issuer.authorityFor(profileId);
  const { certificate } = await issueDoctor(service, { profile: profileId });
  return { authorityId, certificate };
}

/** What OpenSSL makes of the service's OCSP answer about a certificate. */
async function ocspAnswer(
  cwd: string,
  { app }: TestService,
  authorityId: string,
  leaf: Certificate,
): Promise<string> {
  const ca = await app.inject({ url: `/ca/${authorityId}.cer` });
  writeFileSync(join(cwd, 'ca.pem'), encodePem('CERTIFICATE', ca.rawPayload));
  writeFileSync(join(cwd, 'leaf.pem'), encodePem('CERTIFICATE', leaf.bytes));
  const about = ['-issuer', 'ca.pem', '-cert', 'leaf.pem'];
  runOpenssl(['ocsp', ...about, '-no_nonce', '-reqout', 'request.der'], { cwd });
  const answer = await app.inject({
    method: 'POST',
    url: `/ocsp/${authorityId}`,
    headers: { 'content-type': 'application/ocsp-request' },
    payload: readFileSync(join(cwd, 'request.der')),
  });
  writeFileSync(join(cwd, 'response.der'), answer.rawPayload);
  return runOpenssl(
    ['ocsp', ...about, '-respin', 'response.der', '-CAfile', 'out/root.pem', '-partial_chain'],
    {
      cwd,
    },
  ).toString();
}

t.test('a deployment, from its first ceremony to the second generation of its keys', async (t) => {
  const opened = await openPool(await PGlite.create(), async () => undefined);
  await migrate(opened.pool, MIGRATIONS);
  const deployment = new Deployment(t, opened);
  const { machine } = deployment;
  const first = await firstGeneration(t, deployment);
  await crlOfRoot(deployment);
  await secondGeneration(t, deployment);
  await sisterCa(t, deployment);
  await bothGenerationsAnswer(t, deployment, first);
  t.notMatch(readFileSync(machine.path('out/import-bronze.transcript.json'), 'latin1'), /PRIVATE/);
  await opened.close();
});

async function firstGeneration(t: Test, deployment: Deployment): Promise<Certificate> {
  const { machine } = deployment;
  await machine.run('root.yaml', MAKE_ROOT);
  const requested = await deployment.request('bronze', 'Health Bronze CA');
  t.match(requested.keys[1], { role: 'intermediate', reference: 'file:bronze.key', made: true });
  await deployment.sign('bronze', 'Health Bronze CA', 'P5Y');
  const act = { act: 'import-certificate', ...deployment.imported('bronze', 'Health Bronze CA') };
  const wrongKey = { ...act, key: 'file:ceremony.key' };
  await t.rejects(deployment.online('import-wrong.yaml', wrongKey), { code: 'key-mismatch' });
  const refused = await deployment.opened.pool.query("select * from audit_event where outcome = 'refused'");
  t.match(refused.rows, [
    { action: 'import-certificate', subject: 'authority:bronze', refusal_code: 'key-mismatch' },
  ]);
  await deployment.online('import-bronze.yaml', act);
  await t.rejects(deployment.online('import-again.yaml', act), { code: 'authority-exists' });
  return deployment.serving(async (service) => {
    t.strictSame(
      service.house.services.authorities.map(({ id }) => id),
      ['root', 'bronze'],
      'no evaluation hierarchy is made beside it',
    );
    const { authorityId, certificate } = await issue(service, 'signing-phone');
    t.equal(authorityId, 'bronze');
    t.match(await ocspAnswer(machine.folder, service, 'bronze', certificate), /leaf\.pem: good/);
    return certificate;
  });
}

async function crlOfRoot(deployment: Deployment): Promise<void> {
  const { machine, issuer } = deployment;
  const act = { act: 'root-crl', keyStore: KEY_STORE, issuer, crlNumber: 1, validity: 'P1Y' };
  await machine.run('root-crl.yaml', act);
  const crl = machine.reviewed('out/root-1.crl');
  await deployment.online('import-crl.yaml', { act: 'import-crl', issuer: { id: 'root' }, crl });
}

async function secondGeneration(t: Test, deployment: Deployment): Promise<void> {
  await deployment.request('bronze-g2', 'Health Bronze CA G2');
  await deployment.sign('bronze-g2', 'Health Bronze CA G2', 'P10Y');
  const act = { act: 'roll-over-intermediate', ...deployment.imported('bronze-g2', 'Health Bronze CA G2') };
  const transcript = await deployment.online('roll-over.yaml', { ...act, predecessor: 'bronze' });
  t.match(transcript.facts, { succeeds: 'bronze' });
}

async function sisterCa(t: Test, deployment: Deployment): Promise<void> {
  const { machine } = deployment;
  mkdirSync(machine.path('data/profiles'));
  const phone = readFileSync(new URL('../../ca/profiles/signing-phone.yaml', import.meta.url), 'utf8');
  writeFileSync(
    machine.path('data/profiles/signing-oil.yaml'),
    phone.replace('id: signing-phone', 'id: signing-oil\nlistedOnly: true'),
  );
  const own = { ...names, organization: 'Oil Sector Authority', admissionAuthority: 'وزارت نفت' };
  const root = new OpensslRoot(t);
  await deployment.online('request-oil.yaml', {
    act: 'make-intermediate-request',
    names: own,
    profile,
    authority: { id: 'oil', commonName: 'Oil Bronze CA' },
    key: { reference: 'file:oil.key', make: 'p-256' },
  });
  const request = parseCertificationRequest(readFileSync(machine.path('out/oil.request.pem'), 'utf8'));
  writeFileSync(machine.path('out/oil.pem'), encodePem('CERTIFICATE', root.sign(request.bytes).bytes));
  writeFileSync(machine.path('out/national.cer'), root.certificate.bytes);
  const imported = deployment.imported('oil', 'Oil Bronze CA');
  const act = {
    act: 'import-certificate',
    ...imported,
    names: own,
    authority: { ...imported.authority, profiles: ['signing-oil'], crlShards: 2 },
    issuers: [{ id: 'national-root', certificate: machine.reviewed('out/national.cer') }],
  };
  machine.clock.set(systemClock.now());
  await deployment.online('import-oil.yaml', act);
}

async function bothGenerationsAnswer(t: Test, deployment: Deployment, old: Certificate): Promise<void> {
  const { machine } = deployment;
  await deployment.serving(async (service) => {
    const { authorityId, certificate } = await issue(service, 'signing-phone');
    t.equal(authorityId, 'bronze-g2', 'new certificates come from the new generation');
    t.match(
      await ocspAnswer(machine.folder, service, 'bronze', old),
      /leaf\.pem: good/,
      'the old one answers',
    );
    t.match(await ocspAnswer(machine.folder, service, 'bronze-g2', certificate), /leaf\.pem: good/);
    for (const id of ['bronze', 'bronze-g2']) {
      const crl = await service.app.inject({ url: `/crl/${id}.crl` });
      writeFileSync(machine.path(`${id}.crl`), crl.rawPayload);
      const ca = await service.app.inject({ url: `/ca/${id}.cer` });
      writeFileSync(machine.path(`${id}.pem`), encodePem('CERTIFICATE', ca.rawPayload));
      const verify = ['crl', '-inform', 'DER', '-in', `${id}.crl`, '-CAfile', `${id}.pem`, '-noout'];
      runOpenssl(verify, { cwd: machine.folder });
    }
    const offering = service.house.services.authorities.filter(({ profiles }) =>
      profiles.includes('signing-phone'),
    );
    t.strictSame(
      offering.map(({ id }) => id),
      ['bronze-g2'],
    );
    const rootCrl = await service.app.inject({ url: '/crl/root.crl' });
    t.ok(
      rootCrl.rawPayload.equals(readFileSync(machine.path('out/root-1.crl'))),
      "the root's list is served",
    );
    await sectorsAreApart(t, service, certificate);
  });
}

async function sectorsAreApart(t: Test, service: TestService, health: Certificate): Promise<void> {
  const oil = await issue(service, 'signing-oil');
  t.equal(oil.authorityId, 'oil');
  const names = (text: string, { extensions }: Certificate) =>
    extensions.get(CE.admission)!.value.includes(Buffer.from(text));
  t.ok(names('وزارت نفت', oil.certificate), 'its certificates say what its sector says');
  t.ok(names('سازمان نظام پزشکی', health));
}

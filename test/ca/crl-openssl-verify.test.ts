import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { shardCrlUri } from '../../ca/authority/distribution-points.ts';
import { crlUri } from '../../ca/crl/crl-scope.ts';
import { CrlScheduler } from '../../ca/crl/crl-scheduler.ts';
import { shardOf } from '../../ca/crl/shard.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { crlDistributionPointsExtension } from '../../pki/extensions/crl-distribution-points.ts';
import { encodePem } from '../../pki/pem.ts';
import { fixtureCertificate, physicianTemplate } from '../support/fixture-certificate.ts';
import { CRL_NOW, crlSerial, memoryCrlHouse } from '../support/memory-crl-house.ts';
import type { MemoryCrlHouse } from '../support/memory-crl-house.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SHARDS = 4;

/** A physician's certificate with the CDP of its shard. */
async function leafOf(house: MemoryCrlHouse, serialNumber: Buffer): Promise<Certificate> {
  const template = physicianTemplate(memorySigner().subjectPublicKeyInfo);
  const cdp = crlDistributionPointsExtension([shardCrlUri(house.publicUrl, 'bronze', serialNumber, SHARDS)]);
  return fixtureCertificate(
    { ...template, serialNumber, extensions: [...template.extensions, cdp] },
    { certificate: house.authorities[0].authority.certificate, signer: house.signer },
  );
}

/** What openssl says of a leaf with a CRL: `OK` or its error. */
function verify(folder: string, leaf: Certificate, crl: Uint8Array): string {
  writeFileSync(join(folder, 'leaf.pem'), encodePem('CERTIFICATE', leaf.bytes));
  writeFileSync(join(folder, 'crl.pem'), encodePem('X509 CRL', crl));
  const seconds = String(CRL_NOW.getTime() / 1000 + 60);
  const args = ['verify', '-attime', seconds, '-crl_check', '-extended_crl', '-CRLfile', 'crl.pem'];
  try {
    return /: (OK)/.exec(
      runOpenssl([...args, '-CAfile', 'ca.pem', 'leaf.pem'], { cwd: folder }).toString(),
    )![1];
  } catch (error) {
    return /lookup: (.*)/.exec(String(error))?.[1] ?? String(error);
  }
}

t.test('openssl checks leaves against the complete CRL and against their own shard', async (t) => {
  const house = await memoryCrlHouse({ shards: true });
  const scheduler = new CrlScheduler({
    house,
    lock: { lead: async () => true, release: async () => undefined },
    onFailure: (error) => {
      throw error;
    },
  });
  const good = await leafOf(house, crlSerial(1));
  const held = await leafOf(house, crlSerial(2));
  const revoked = await leafOf(house, crlSerial(3));
  house.source.add({ serialNumber: held.serialNumber, event: 'held', reason: 'certificateHold' });
  house.source.add({ serialNumber: revoked.serialNumber, event: 'revoked', reason: 'keyCompromise' });
  await scheduler.tick();
  const folder = temporaryFolder(t);
  writeFileSync(
    join(folder, 'ca.pem'),
    encodePem('CERTIFICATE', house.authorities[0].authority.certificate.bytes),
  );
  const complete = Buffer.concat(house.cache.current({ authorityId: 'bronze', kind: 'complete' })!.der);
  const shardNumber = (leaf: Certificate, offset = 0) =>
    (shardOf(leaf.serialNumber, SHARDS) + offset) % SHARDS;
  const shard = (leaf: Certificate, offset?: number) =>
    Buffer.concat(
      house.cache.current({ authorityId: 'bronze', kind: 'shard', shard: shardNumber(leaf, offset) })!.der,
    );
  t.equal(verify(folder, good, complete), 'OK');
  t.equal(verify(folder, held, complete), 'certificate revoked');
  t.equal(verify(folder, revoked, complete), 'certificate revoked');
  t.equal(verify(folder, good, shard(good)), 'OK');
  t.equal(verify(folder, held, shard(held)), 'certificate revoked');
  t.equal(verify(folder, revoked, shard(revoked)), 'certificate revoked');
  t.match(
    verify(folder, revoked, shard(revoked, 1)),
    /^different CRL scope$/i,
    'not fooled by another shard',
  );
});

t.test('the address of a shard is the one in the CDP of its leaves', (t) => {
  for (let number = 0; number < 40; number += 1) {
    const serialNumber = crlSerial(number);
    const scope = {
      authorityId: 'bronze',
      kind: 'shard',
      shard: shardOf(serialNumber, SHARDS),
    } as const;
    t.equal(
      crlUri('http://pki.example', scope),
      shardCrlUri('http://pki.example', 'bronze', serialNumber, SHARDS),
    );
  }
  t.end();
});

import t from 'tap';
import type { Test } from 'tap';

import { importCertificate } from '../../../ca/ceremony/import-certificate.ts';
import { registerAuthority } from '../../../ca/ceremony/register-authority.ts';
import type { RegisterInputs } from '../../../ca/ceremony/register-authority.ts';
import { rollOverIntermediate } from '../../../ca/ceremony/roll-over-intermediate.ts';
import { certificateFingerprint } from '../../../pki/certificate.ts';
import type { OpenedPool } from '../../../db/open-embedded.ts';
import { onBothDatabases } from '../../support/both-databases.ts';
import { CEREMONY_NAMES, PROFILES } from '../../support/ceremony-fixtures.ts';
import { ROOT, belowRoot, registeredHouse } from '../../support/registered-house.ts';

const { publicUrl, ...authorityNames } = CEREMONY_NAMES;
const knownProfiles = PROFILES;
const bronze = await belowRoot('bronze', 'Health Bronze CA', { validity: 'P5Y' });
const silver = await belowRoot('silver', 'Health Silver CA', { assuranceLevel: 2 });
const second = await belowRoot('bronze-g2', 'Health Bronze CA G2');

t.test('the register of authorities', (t) =>
  onBothDatabases(t, async (t, { opened }) => {
    await imports(t, opened);
    await refusals(t, opened);
    await rollover(t, opened);
  }),
);

const imports = (t: Test, opened: OpenedPool) =>
  t.test(
    'an import records the root, the authority, its certificate, status and event together',
    async (t) => {
      const { house, stores } = registeredHouse(opened);
      await importCertificate(house, { ...bronze, crlShards: 16, knownProfiles });
      await importCertificate(house, { ...silver, crlShards: 4, knownProfiles });
      const records = await stores.database.transaction((tx) => stores.authorities.listAuthorities(tx));
      t.match(records, [
        { id: 'root', assuranceLevel: 0, certificate: ROOT.certificate.bytes },
        { id: 'bronze', issuerId: 'root', assuranceLevel: 1, crlShards: 16, keyReference: 'file:bronze.key' },
        { id: 'silver', issuerId: 'root', assuranceLevel: 2, crlShards: 4, names: authorityNames },
      ]);
      t.equal(records[0].keyReference, undefined, "a root's key is not here");
      const changes = await stores.statusHistory.changesOf('root', bronze.certificate.serialNumber);
      t.match(changes, [{ event: 'issued', effectiveAt: bronze.certificate.notBefore }]);
      const events = await opened.pool.query(
        'select subject, outcome, details from audit_event where action = $1 order by id',
        ['import-certificate'],
      );
      t.equal(events.rows.length, 3);
      const sha256 = certificateFingerprint(bronze.certificate).toString('hex');
      t.match(events.rows[1], { outcome: 'accepted', details: { sha256, ceremonySha256: '00'.repeat(32) } });
    },
  );

const refusals = (t: Test, opened: OpenedPool) =>
  t.test('what is known is never replaced', async (t) => {
    const { house } = registeredHouse(opened);
    const plain = (inputs: RegisterInputs) => registerAuthority(house, inputs, () => ({ crlShards: 1 }));
    await t.rejects(plain(bronze), { code: 'authority-exists' }, 'an id');
    await t.rejects(plain({ ...bronze, authorityId: 'root' }), { code: 'authority-exists' }, "the root's id");
    await t.rejects(
      plain({ ...bronze, authorityId: 'bronze-2' }),
      { code: 'subject-reused' },
      'a certificate',
    );
    const twin = await belowRoot('bronze-2', 'Health Bronze CA 2', {}, bronze.signer);
    await t.rejects(plain(twin), { code: 'key-reused' }, 'a key');
    const otherRoot = { ...second, issuers: [{ ...second.issuers[0], id: 'national-root' }] };
    await t.rejects(plain(otherRoot), { code: 'authority-exists' }, 'a root under another id');
    const third = await belowRoot('bronze-3', 'Health Bronze CA 3');
    const dual = { ...third, crlShards: 16, knownProfiles };
    await t.rejects(importCertificate(house, dual), {
      code: 'profile-offered-twice',
      detail: /bronze offers signing-phone[a-z-]* already/,
    });
    await t.rejects(importCertificate(house, { ...dual, profiles: ['signing-oil'] }), {
      code: 'profile-unknown',
    });
    await importCertificate(house, { ...dual, profiles: ['time-stamping'] });
  });

const rollover = (t: Test, opened: OpenedPool) =>
  t.test('a generation is succeeded once, by one of its level that lasts longer', async (t) => {
    const { house, stores } = registeredHouse(opened);
    const over = (inputs: RegisterInputs, predecessor = 'bronze') =>
      rollOverIntermediate(house, { ...inputs, predecessor });
    await t.rejects(over(second, 'gold'), { code: 'authority-unknown' });
    await t.rejects(over(second, 'root'), { code: 'authority-unknown' });
    await t.rejects(over(second, 'silver'), { code: 'assurance-level' });
    const short = await belowRoot('bronze-g2', 'Health Bronze CA G2', { validity: 'P5Y' });
    await t.rejects(over(short), { code: 'validity', detail: /is not after/ });
    await over(second);
    const records = await stores.database.transaction((tx) => stores.authorities.listAuthorities(tx));
    t.match(
      records.find(({ id }) => id === 'bronze-g2'),
      { successorOf: 'bronze', crlShards: 16 },
    );
    const third = await belowRoot('bronze-g3', 'Health Bronze CA G3');
    await t.rejects(over(third), { code: 'generation-succeeded', detail: /bronze-g2 already/ });
  });

import t from 'tap';

import { CE, AT } from '../../pki/oid.ts';
import { signerIdentity } from '../../validation/signer-identity.ts';
import { FixtureDeployment } from '../support/fixture-deployment.ts';

const arc = '2.999.364.1.4';
const deployment = await FixtureDeployment.create();
const identityOf = async (overrides: Parameters<FixtureDeployment['issue']>[1], professionArc = arc) =>
  signerIdentity((await deployment.issue(undefined, overrides)).certificate, professionArc);

t.test('takes name, masked id, council number and profession', async (t) => {
  t.same(await identityOf({}), {
    name: 'مینا رضایی',
    givenName: 'مینا',
    surname: 'رضایی',
    commonName: 'Mina Rezaei [Mobile Sign]',
    nationalIdMasked: '999*****01',
    councilNumber: '112233',
    profession: 'physician',
    professionTitles: ['پزشک'],
    professionOids: ['2.999.364.1.4.1'],
  });
});

t.test('knows the ETSI form of the national id, and shows no other numbers', async (t) => {
  const withNumber = (value: string) => identityOf({ subject: [{ type: AT.serialNumber, value }] });
  t.equal((await withNumber('PNOIR-9990000001')).nationalIdMasked, '999*****01');
  for (const value of ['9990000002', '80276883110000095767', 'PNODE-9990000001']) {
    t.notOk('nationalIdMasked' in (await withNumber(value)), value);
  }
});

t.test('falls back on the common name', async (t) => {
  t.equal((await identityOf({ subject: [{ type: AT.commonName, value: 'Praxis' }] })).name, 'Praxis');
});

t.test('knows no profession of another arc', async (t) => {
  const identity = await identityOf({}, '1.2.276.0.76.4');
  t.notOk('profession' in identity);
  t.same(identity.professionOids, ['2.999.364.1.4.1']);
});

t.test('leaves out what cannot be read', async (t) => {
  const broken = { oid: CE.admission, critical: false, value: Buffer.from('3003', 'hex') };
  for (const extensions of [[], [broken]]) {
    const identity = await identityOf({ extensions });
    t.notOk('councilNumber' in identity);
    t.same(identity.professionOids, []);
  }
});

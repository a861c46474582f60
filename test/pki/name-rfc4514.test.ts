import t from 'tap';

import { encodeName, parseName } from '../../pki/name.ts';
import { rfc4514Text } from '../../pki/name-rfc4514.ts';
import { AT } from '../../pki/oid.ts';

t.test('names as LDAP writes them', async (t) => {
  const text = (...template: Parameters<typeof encodeName>[0]) =>
    rfc4514Text(parseName(encodeName(template)));
  t.equal(
    text(
      { type: AT.countryName, value: 'IR' },
      { type: AT.surname, value: 'نمونه' },
      { type: AT.serialNumber, value: '9990000018' },
      { type: AT.commonName, value: 'Sara Nemuneh' },
    ),
    'CN=Sara Nemuneh,serialNumber=9990000018,sn=نمونه,C=IR',
    'the last relative name first',
  );
  t.equal(
    text({ type: AT.commonName, value: ' #a,b+c"d\\e<f>g;h ' }),
    'CN=\\ #a\\,b\\+c\\"d\\\\e\\<f\\>g\\;h\\ ',
  );
  t.equal(text({ type: AT.commonName, value: '#x\ny' }), 'CN=\\#x\\0ay');
  t.equal(
    text({ type: AT.organizationIdentifier, value: 'NTRIR-1' }),
    '2.5.4.97=#0c074e545249522d31',
    'a type without a descriptor has its number and encoding',
  );
});

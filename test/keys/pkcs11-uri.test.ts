import t from 'tap';

import { parsePkcs11Uri } from '../../keys/pkcs11-uri.ts';

const MODULE = 'module-path=/usr/lib/hsm.so';

t.test('reads every attribute that it knows', async (t) => {
  const uri = parsePkcs11Uri(
    'pkcs11:token=Health%20CA;manufacturer=Maker;model=M1;serial=00%2F42;slot-id=7;object=silver-ca;id=%01%FFA;' +
      `type=private?${MODULE}&pin-source=file:/run/secrets/hsm%20pin`,
  );
  t.match(uri, {
    token: 'Health CA',
    manufacturer: 'Maker',
    model: 'M1',
    serial: '00/42',
    slotId: 7,
    object: 'silver-ca',
    modulePath: '/usr/lib/hsm.so',
    pinSource: '/run/secrets/hsm pin',
  });
  t.same(uri.id, Buffer.from([0x01, 0xff, 0x41]));
});

t.test('leaves what is not said open', async (t) => {
  const uri = parsePkcs11Uri(`pkcs11:?${MODULE}`);
  t.strictSame([uri.token, uri.object, uri.id, uri.slotId, uri.pinSource], Array(5).fill(undefined));
});

t.test('its label is fit for logs: the path component alone', async (t) => {
  const uri = parsePkcs11Uri(`pkcs11:token=T;object=k?${MODULE}&pin-source=/run/pin`);
  t.equal(uri.label, 'pkcs11:token=T;object=k');
});

t.test('reads pin-source as file: URI and as path', async (t) => {
  const sources = { 'file:/run/pin': '/run/pin', 'file:///run/pin': '/run/pin', '/run/pin': '/run/pin' };
  for (const [source, path] of Object.entries(sources)) {
    t.equal(parsePkcs11Uri(`pkcs11:token=T?${MODULE}&pin-source=${source}`).pinSource, path, source);
  }
});

t.test('reads names in UTF-8', async (t) => {
  const uri = parsePkcs11Uri(`pkcs11:object=${encodeURIComponent('مهر')}?${MODULE}`);
  t.equal(uri.object, 'مهر');
});

t.test('refuses pin-value, and does not repeat it', async (t) => {
  const refuse = (): unknown => parsePkcs11Uri(`pkcs11:token=T?${MODULE}&pin-value=567890`);
  t.throws(refuse, { code: 'pkcs11-uri-malformed', detail: /pin-source/ });
  t.throws(refuse, { message: /^(?!.*567890)/ });
  t.throws(() => parsePkcs11Uri(`pkcs11:token=T?${MODULE}&pin-value=56 78`), { message: /^(?!.*56 78)/ });
});

const malformed: Record<string, string> = {
  nothing: '',
  'another scheme': 'http://example.org/',
  'no module': 'pkcs11:token=T;object=k',
  'a relative module': 'pkcs11:token=T?module-path=hsm.so',
  'an attribute without a value sign': `pkcs11:token?${MODULE}`,
  'an unknown attribute': `pkcs11:tokens=T?${MODULE}`,
  'a vendor attribute': `pkcs11:token=T;x-firmware=2?${MODULE}`,
  'an attribute of the query in the path': 'pkcs11:token=T;module-path=/usr/lib/hsm.so',
  'an attribute twice': `pkcs11:token=T;token=U?${MODULE}`,
  'a blank': `pkcs11:token=Health CA?${MODULE}`,
  'half a percent encoding': `pkcs11:token=%4?${MODULE}`,
  'a separator of the query in the path': `pkcs11:token=T&object=k#x?${MODULE}`,
  'a second question mark': `pkcs11:token=T?${MODULE}?pin-source=/run/pin`,
  'a slot that is no number': `pkcs11:slot-id=0x7?${MODULE}`,
  'a public key': `pkcs11:object=k;type=public?${MODULE}`,
  'a command as pin-source': `pkcs11:token=T?${MODULE}&pin-source=%7Ccat%20/run/pin`,
  'a relative pin-source': `pkcs11:token=T?${MODULE}&pin-source=pin`,
  'a remote pin-source': `pkcs11:token=T?${MODULE}&pin-source=https://example.org/pin`,
  '4097 characters': `pkcs11:token=${'x'.repeat(4097)}?${MODULE}`,
};

t.test('refuses anything else', async (t) => {
  for (const [name, uri] of Object.entries(malformed)) {
    t.throws(() => parsePkcs11Uri(uri), { code: 'pkcs11-uri-malformed' }, name);
  }
});

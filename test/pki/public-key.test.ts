import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';

import { fromBER } from 'asn1js';
import * as pkijs from 'pkijs';
import t from 'tap';

import * as asn1 from '../../pki/der/encode.ts';
import { ALG } from '../../pki/oid.ts';
import {
  importPublicKey,
  importPublicKeyRaw,
  keyIdentifier,
  subjectPublicKeyBits,
} from '../../pki/public-key.ts';

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spki = publicKey.export({ type: 'spki', format: 'der' });
const identifier = asn1.sequence(asn1.oid(ALG.ecPublicKey), asn1.oid(ALG.prime256v1));
const point = spki.subarray(-65);

t.test('imports the key that node has exported', async (t) => {
  t.ok(importPublicKey(spki).equals(publicKey));
  t.ok(importPublicKey(new Uint8Array(spki)).equals(publicKey));
});

t.test('imports the same key the quick way, whatever its type', async (t) => {
  const pairs = [
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    generateKeyPairSync('ec', { namedCurve: 'P-384' }),
    generateKeyPairSync('ed25519'),
  ];
  for (const pair of pairs) {
    const key = await importPublicKeyRaw(pair.publicKey.export({ type: 'spki', format: 'der' }));
    t.ok(key.equals(pair.publicKey));
    const digestName = key.asymmetricKeyType === 'ec' ? 'sha256' : null;
    t.ok(verify(digestName, Buffer.from('a'), key, sign(digestName, Buffer.from('a'), pair.privateKey)));
  }
});

t.test('refuses what is no key', async (t) => {
  const offCurve = Buffer.from(spki);
  offCurve[offCurve.length - 1] ^= 1;
  const cases: [string, Buffer][] = [
    ['nothing', Buffer.alloc(0)],
    ['an empty SEQUENCE', asn1.sequence()],
    ['a point off its curve', offCurve],
    ['the point at infinity', asn1.sequence(identifier, asn1.bitString(Buffer.from([0])))],
    ['half a point', asn1.sequence(identifier, asn1.bitString(point.subarray(0, 33)))],
    [
      'an unknown curve',
      asn1.sequence(asn1.sequence(asn1.oid(ALG.ecPublicKey), asn1.oid('1.2.3')), asn1.bitString(point)),
    ],
    ['an unknown algorithm', asn1.sequence(asn1.sequence(asn1.oid('1.2.3')), asn1.bitString(point))],
    ['a key cut off', spki.subarray(0, -1)],
  ];
  for (const [name, bytes] of cases) {
    t.throws(() => importPublicKey(bytes), { name: 'PkiError', code: 'key-malformed' }, name);
    await t.rejects(
      importPublicKeyRaw(bytes),
      { name: 'PkiError', code: 'key-malformed' },
      `${name}, the quick way`,
    );
  }
});

t.test('identifies a key by SHA-1 over the octets of its BIT STRING', async (t) => {
  t.same(subjectPublicKeyBits(spki), point);
  t.same(keyIdentifier(spki), createHash('sha1').update(point).digest());
  const theirs = new pkijs.PublicKeyInfo({ schema: fromBER(spki).result });
  t.same(Buffer.from(theirs.subjectPublicKey.valueBlock.valueHexView), point);
});

t.test('refuses to identify what is no SubjectPublicKeyInfo', async (t) => {
  const cases = [
    Buffer.alloc(0),
    identifier,
    asn1.sequence(identifier),
    asn1.sequence(identifier, asn1.octetString(point)),
    asn1.sequence(identifier, asn1.bitString(Buffer.from([2]), 1)),
    asn1.sequence(identifier, asn1.bitString(point), asn1.NULL),
    Buffer.concat([spki, asn1.NULL]),
  ];
  for (const bytes of cases)
    t.throws(() => keyIdentifier(bytes), { name: 'PkiError', code: 'der-malformed' });
});

import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { fromBER } from 'asn1js';
import * as pkijs from 'pkijs';
import t from 'tap';

import * as asn1 from '../../pki/der/encode.ts';
import { digest, digestIdentifier, digestOfOid, digestOid } from '../../pki/digest-algorithm.ts';
import { ALG } from '../../pki/oid.ts';
import {
  SIGNATURE_SCHEMES,
  paddingOf,
  parseSignatureAlgorithm,
  signatureAlgorithmIdentifier,
  verifySignature,
} from '../../pki/signature-algorithm.ts';
import type { SignatureAlgorithmName, SignatureScheme } from '../../pki/signature-algorithm.ts';

const names = Object.keys(SIGNATURE_SCHEMES) as SignatureAlgorithmName[];
const data = Buffer.from('tbsCertificate');
const unsupported = { name: 'PkiError', code: 'algorithm-unsupported' };

// Large enough for PSS with SHA-512 and its salt; a real key would be 2048.
const rsa = generateKeyPairSync('rsa', { modulusLength: 1536 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed25519 = generateKeyPairSync('ed25519');
const ed448 = generateKeyPairSync('ed448');
const dsa = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 });
const keyOf = { 'rsa-pkcs1': rsa, 'rsa-pss': rsa, ecdsa: ec, dsa, ed25519, ed448 };

const signed = (scheme: SignatureScheme, privateKey: KeyObject) =>
  sign(scheme.digest, data, { key: privateKey, ...paddingOf(scheme) });

t.test('writes the parameters that each algorithm prescribes', async (t) => {
  const expected: Partial<Record<SignatureAlgorithmName, string>> = {
    'rsa-sha256': '300d06092a864886f70d01010b0500',
    'ecdsa-sha256': '300a06082a8648ce3d040302',
    'ecdsa-sha384': '300a06082a8648ce3d040303',
    ed25519: '300506032b6570',
    'ml-dsa-65': '300b0609608648016503040312',
    // As `openssl req -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest` writes it.
    'rsa-pss-sha256':
      '304106092a864886f70d01010a3034a00f300d06096086480165030402010500' +
      'a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120',
  };
  for (const [name, hex] of Object.entries(expected)) {
    t.equal(signatureAlgorithmIdentifier(name as SignatureAlgorithmName).toString('hex'), hex, name);
  }
});

t.test('reads what it writes, and so does pkijs', async (t) => {
  for (const name of names) {
    const identifier = signatureAlgorithmIdentifier(name);
    t.same(parseSignatureAlgorithm(identifier), SIGNATURE_SCHEMES[name], name);
    const theirs = new pkijs.AlgorithmIdentifier({ schema: fromBER(identifier).result });
    t.ok(Object.values<string>(ALG).includes(theirs.algorithmId), name);
    t.equal(signatureAlgorithmIdentifier(name), identifier, 'encoded once');
  }
});

t.test('verifies what node signs by each scheme, and nothing else', async (t) => {
  const schemes: SignatureScheme[] = names.map((name) => SIGNATURE_SCHEMES[name]);
  for (const scheme of [...schemes, { kind: 'ed448', digest: null } as const]) {
    if (scheme.kind === 'ml-dsa-65') continue;
    const { publicKey, privateKey } = keyOf[scheme.kind];
    const signature = signed(scheme, privateKey);
    const label = JSON.stringify(scheme);
    t.ok(verifySignature(scheme, publicKey, data, signature), label);
    t.notOk(verifySignature(scheme, publicKey, Buffer.from('tbsCertificatf'), signature), label);
    t.notOk(verifySignature(scheme, publicKey, data, signature.subarray(1)), label);
    t.notOk(verifySignature(scheme, publicKey, data, Buffer.alloc(0)), label);
    for (const other of [rsa, ec, ed25519, ed448]) {
      if (other.publicKey !== publicKey)
        t.notOk(verifySignature(scheme, other.publicKey, data, signature), label);
    }
  }
});

t.test('a signature of another digest, padding or salt is none', async (t) => {
  const pss = SIGNATURE_SCHEMES['rsa-pss-sha256'];
  const signature = signed(pss, rsa.privateKey);
  t.notOk(verifySignature(SIGNATURE_SCHEMES['rsa-sha256'], rsa.publicKey, data, signature));
  t.notOk(verifySignature(SIGNATURE_SCHEMES['rsa-pss-sha384'], rsa.publicKey, data, signature));
  t.notOk(verifySignature({ ...pss, saltOctets: 20 } as SignatureScheme, rsa.publicKey, data, signature));
  const ecdsa = signed(SIGNATURE_SCHEMES['ecdsa-sha256'], ec.privateKey);
  t.notOk(verifySignature(SIGNATURE_SCHEMES['ecdsa-sha384'], ec.publicKey, data, ecdsa));
  const trailing = Buffer.concat([ecdsa, Buffer.from([0])]);
  t.notOk(
    verifySignature(SIGNATURE_SCHEMES['ecdsa-sha256'], ec.publicKey, data, trailing),
    'a second encoding',
  );
});

t.test('a key bound to PSS verifies PSS only', async (t) => {
  const options = {
    modulusLength: 1536,
    hashAlgorithm: 'sha256',
    mgf1HashAlgorithm: 'sha256',
  };
  const bound = generateKeyPairSync('rsa-pss', options);
  const pss = SIGNATURE_SCHEMES['rsa-pss-sha256'];
  t.ok(verifySignature(pss, bound.publicKey, data, signed(pss, bound.privateKey)));
  t.notOk(verifySignature(SIGNATURE_SCHEMES['rsa-sha256'], bound.publicKey, data, Buffer.alloc(192, 1)));
  t.notOk(verifySignature(SIGNATURE_SCHEMES['rsa-pss-sha384'], bound.publicKey, data, Buffer.alloc(192, 1)));
});

t.test('lets missing and superfluous NULL parameters through, no others', async (t) => {
  const identifier = (oid: string, ...parameters: Buffer[]) => asn1.sequence(asn1.oid(oid), ...parameters);
  for (const oid of [ALG.sha256WithRsa, ALG.ecdsaWithSha256, ALG.ed25519]) {
    const scheme = parseSignatureAlgorithm(identifier(oid));
    t.same(parseSignatureAlgorithm(identifier(oid, asn1.NULL)), scheme);
    for (const junk of [[asn1.integer(1)], [asn1.NULL, asn1.NULL], [asn1.oid(ALG.prime256v1)]]) {
      t.throws(() => parseSignatureAlgorithm(identifier(oid, ...junk)), { code: 'der-malformed' }, oid);
    }
  }
});

t.test('SHA-1 is read, for the caller to refuse', async (t) => {
  t.match(parseSignatureAlgorithm(asn1.sequence(asn1.oid(ALG.sha1WithRsa), asn1.NULL)), {
    kind: 'rsa-pkcs1',
    digest: 'sha1',
  });
  t.match(parseSignatureAlgorithm(asn1.sequence(asn1.oid(ALG.ecdsaWithSha1))), {
    kind: 'ecdsa',
    digest: 'sha1',
  });
});

t.test('takes the digest of a CMS signer for a bare key algorithm, and only then', async (t) => {
  const bareRsa = asn1.sequence(asn1.oid(ALG.rsaEncryption), asn1.NULL);
  const bareEc = asn1.sequence(asn1.oid(ALG.ecPublicKey), asn1.oid(ALG.prime256v1));
  t.same(parseSignatureAlgorithm(bareRsa, { digestAlgorithm: 'sha384' }), {
    kind: 'rsa-pkcs1',
    digest: 'sha384',
  });
  t.same(parseSignatureAlgorithm(bareEc, { digestAlgorithm: 'sha256' }), { kind: 'ecdsa', digest: 'sha256' });
  t.same(
    parseSignatureAlgorithm(signatureAlgorithmIdentifier('rsa-sha256'), { digestAlgorithm: 'sha512' }),
    SIGNATURE_SCHEMES['rsa-sha256'],
    'a complete algorithm speaks for itself',
  );
  t.throws(() => parseSignatureAlgorithm(bareRsa), unsupported);
  t.throws(() => parseSignatureAlgorithm(bareEc), unsupported);
});

t.test('refuses algorithms that it does not know, and junk', async (t) => {
  const md5 = asn1.sequence(asn1.oid('1.2.840.113549.1.1.4'), asn1.NULL);
  t.throws(() => parseSignatureAlgorithm(md5), { ...unsupported, detail: /1\.2\.840\.113549\.1\.1\.4/ });
  t.throws(() => parseSignatureAlgorithm(md5, { digestAlgorithm: 'sha256' }), unsupported);
  for (const junk of [Buffer.alloc(0), asn1.NULL, asn1.sequence(), asn1.sequence(asn1.NULL)]) {
    t.throws(() => parseSignatureAlgorithm(junk), { code: 'der-malformed' });
  }
});

t.test('reads indefinite lengths by the rules of BER alone', async (t) => {
  const indefinite = Buffer.from('3080 06082a8648ce3d040302 0000'.replaceAll(' ', ''), 'hex');
  t.match(parseSignatureAlgorithm(indefinite, { rules: 'ber' }), { kind: 'ecdsa', digest: 'sha256' });
  t.throws(() => parseSignatureAlgorithm(indefinite), { code: 'der-malformed' });
});

const hash = (oid: string) => asn1.sequence(asn1.oid(oid), asn1.NULL);
const mgf = (oid: string) => asn1.sequence(asn1.oid(ALG.mgf1), hash(oid));
const pssWith = (...parameters: Buffer[]) =>
  asn1.sequence(asn1.oid(ALG.rsassaPss), asn1.sequence(...parameters));

t.test('RSASSA-PSS parameters default to SHA-1 with 20 octets of salt', async (t) => {
  const defaults = { kind: 'rsa-pss', digest: 'sha1', mgfDigest: 'sha1', saltOctets: 20 };
  t.same(parseSignatureAlgorithm(pssWith()), defaults);
  t.same(parseSignatureAlgorithm(asn1.sequence(asn1.oid(ALG.rsassaPss))), defaults);
  t.same(parseSignatureAlgorithm(pssWith(asn1.explicit(3, asn1.integer(1)))), defaults);
  t.match(parseSignatureAlgorithm(pssWith(asn1.explicit(2, asn1.integer(0)))), { saltOctets: 0 });
  const withoutNull = pssWith(
    asn1.explicit(0, digestIdentifier('sha256')),
    asn1.explicit(1, asn1.sequence(asn1.oid(ALG.mgf1), digestIdentifier('sha256'))),
  );
  t.match(parseSignatureAlgorithm(withoutNull), { digest: 'sha256', mgfDigest: 'sha256', saltOctets: 20 });
});

t.test('refuses RSASSA-PSS parameters that cannot be verified', async (t) => {
  const cases: [string, Buffer, string][] = [
    ['two digests', pssWith(asn1.explicit(0, hash(ALG.sha256))), 'algorithm-unsupported'],
    ['two digests', pssWith(asn1.explicit(1, mgf(ALG.sha256))), 'algorithm-unsupported'],
    ['unknown digest', pssWith(asn1.explicit(0, hash('1.2.840.113549.2.5'))), 'algorithm-unsupported'],
    [
      'no MGF1',
      pssWith(asn1.explicit(1, asn1.sequence(asn1.oid('1.2.3'), hash(ALG.sha1)))),
      'algorithm-unsupported',
    ],
    ['negative salt', pssWith(asn1.explicit(2, asn1.integer(-1))), 'algorithm-unsupported'],
    ['salt of 513 octets', pssWith(asn1.explicit(2, asn1.integer(513))), 'algorithm-unsupported'],
    ['trailer field 2', pssWith(asn1.explicit(3, asn1.integer(2))), 'algorithm-unsupported'],
    [
      'wrong order',
      pssWith(asn1.explicit(2, asn1.integer(20)), asn1.explicit(0, hash(ALG.sha1))),
      'der-malformed',
    ],
    ['endless salt', pssWith(asn1.explicit(2, asn1.integer(2n ** 80n))), 'der-malformed'],
    ['more parameters', asn1.sequence(asn1.oid(ALG.rsassaPss), asn1.sequence(), asn1.NULL), 'der-malformed'],
  ];
  for (const [name, identifier, code] of cases)
    t.throws(() => parseSignatureAlgorithm(identifier), { code }, name);
});

t.test('knows its digests by name and by object identifier', async (t) => {
  for (const name of ['sha1', 'sha256', 'sha384', 'sha512'] as const)
    t.equal(digestOfOid(digestOid(name)), name);
  t.equal(digestIdentifier('sha256').toString('hex'), '300b0609608648016503040201');
  t.equal(digest('sha256', Buffer.from('a'), Buffer.from('bc')).toString('hex').slice(0, 8), 'ba7816bf');
  t.throws(() => digestOfOid('1.2.840.113549.2.5'), unsupported);
});

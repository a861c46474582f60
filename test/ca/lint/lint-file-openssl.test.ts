import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { lintFile } from '../../../ca/lint/lint-file.ts';
import type { LintedObject } from '../../../ca/lint/lint-file.ts';
import { parseCertificate } from '../../../pki/certificate.ts';
import { decodePem } from '../../../pki/pem.ts';
import { runOpenssl } from '../../support/run-openssl.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const CA_CONFIGURATION = `
[ca]
default_ca = own
[own]
database = index.txt
default_md = sha256
crlnumber = crlnumber
default_crl_days = 1
crl_extensions = crl
[crl]
authorityKeyIdentifier = keyid
`;

t.test('reads what OpenSSL makes, and finds what OpenSSL lets through', async (t) => {
  const folder = temporaryFolder(t);
  const openssl = (line: string) => runOpenssl(line.split(' '), { cwd: folder });
  openssl(
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 30' +
      ' -subj /C=IR/O=Health/CN=Root -addext keyUsage=critical,keyCertSign,cRLSign',
  );
  const authority = decodePem(readFileSync(join(folder, 'ca.pem'), 'latin1'), ['CERTIFICATE'])[0].bytes;
  const issuer = parseCertificate(authority);

  await t.test('a root has no error', async (t) => {
    const [root] = lintFile(authority);
    t.strictSame(findingsOf(root, 'error'), []);
    t.ok(passesOf(root) > 30);
  });

  await t.test('a leaf by defaults lacks what we ask of one', async (t) => {
    openssl(
      'req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout leaf.key -out leaf.csr -subj /C=IR/CN=x',
    );
    openssl('x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -days 1 -out leaf.pem');
    const [leaf] = lintFile(readFileSync(join(folder, 'leaf.pem')), { issuer });
    const errors = findingsOf(leaf, 'error');
    for (const id of ['basic-constraints-present', 'ca-issuers-present', 'status-source-present']) {
      t.ok(errors.includes(id), id);
    }
  });

  await t.test('a CRL has no error', async (t) => {
    writeFileSync(join(folder, 'ca.cnf'), CA_CONFIGURATION);
    writeFileSync(join(folder, 'crlnumber'), '01\n');
    writeFileSync(
      join(folder, 'index.txt'),
      'R\t491231235959Z\t200101000000Z,keyCompromise\t1001\tunknown\t/CN=x\n',
    );
    openssl('ca -config ca.cnf -gencrl -keyfile ca.key -cert ca.pem -out list.pem');
    const [crl] = lintFile(readFileSync(join(folder, 'list.pem')), { issuer });
    t.equal(crl.kind, 'crl');
    t.strictSame(findingsOf(crl, 'error'), []);
  });

  await t.test('an OCSP response by the CA itself lacks CertHash alone', async (t) => {
    writeFileSync(join(folder, 'index.txt'), 'V\t491231235959Z\t\t1001\tunknown\t/CN=x\n');
    openssl('ocsp -issuer ca.pem -serial 0x1001 -reqout request.der -no_nonce');
    openssl(
      'ocsp -index index.txt -rsigner ca.pem -rkey ca.key -CA ca.pem -reqin request.der -respout response.der -ndays 1',
    );
    const [response] = lintFile(readFileSync(join(folder, 'response.der')), { issuer });
    t.equal(response.kind, 'ocsp-response');
    t.strictSame(findingsOf(response, 'error'), ['ocsp-cert-hash-with-good']);
  });
});

function findingsOf({ reports }: LintedObject, severity: string): string[] {
  return reports.flatMap(({ id, result }) =>
    typeof result === 'object' && result.severity === severity ? [id] : [],
  );
}

function passesOf({ reports }: LintedObject): number {
  return reports.filter(({ result }) => result === 'pass').length;
}

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { parseSignedData } from '../../pki/cms/signed-data.ts';
import { FixtureDeployment } from '../support/fixture-deployment.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { sharedDataFolder } from '../support/shared-data.ts';

const folder = sharedDataFolder('eprescriptions-signed');
const skip = folder ? false : 'the 29 real prescriptions are not beside this checkout';
const prescriptions = folder ? readdirSync(folder).filter((file) => file.endsWith('.p7')) : [];
const deployment = await FixtureDeployment.create();

t.test('there are 29 real prescriptions', { skip }, async (t) => {
  t.equal(prescriptions.length, 29);
});

t.test('finds every real prescription genuine, of an issuer that it does not know', { skip }, async (t) => {
  for (const { name, signature } of samples()) {
    const report = await deployment.validate(signature);
    t.match(
      report,
      {
        indication: 'INDETERMINATE',
        subIndication: 'NO_CERTIFICATE_CHAIN_FOUND',
        cryptographic: 'PASSED',
        reasons: [{ code: 'chain-not-found' }],
        signatures: [
          { format: 'CAdES', packaging: 'enveloping', signer: { professionTitles: ['Ärztin/Arzt'] } },
        ],
      },
      name,
    );
    t.equal(report.reasons.length, 1, `${name}: nothing else speaks against it`);
    t.equal(
      parseSignedData(signature).revocation[0]?.kind,
      'ocsp-response',
      `${name}: an OCSP response is embedded`,
    );
  }
});

t.test('takes the same content out of them as openssl', { skip }, async (t) => {
  const verify = ['cms', '-verify', '-noverify', '-inform', 'DER', '-binary'];
  for (const { name, signature, content } of samples()) {
    t.ok(runOpenssl(verify, { cwd: folder ?? '', input: signature }).equals(content), name);
  }
});

t.test('sees that one byte of the content was changed', { skip }, async (t) => {
  for (const { name, signature, content } of samples()) {
    const at = signature.indexOf(content.subarray(0, 100)) + 50;
    const report = await deployment.validate(flipped(signature, at));
    t.match(
      report,
      { indication: 'TOTAL-FAILED', subIndication: 'HASH_FAILURE', cryptographic: 'FAILED' },
      name,
    );
  }
});

t.test('sees that one byte of the signature was changed', { skip }, async (t) => {
  for (const { name, signature } of samples()) {
    const value = parseSignedData(signature).signerInfos[0].signature;
    const report = await deployment.validate(flipped(signature, signature.lastIndexOf(value) + 100));
    t.match(
      report,
      { indication: 'TOTAL-FAILED', subIndication: 'SIG_CRYPTO_FAILURE', cryptographic: 'FAILED' },
      name,
    );
  }
});

t.test('compares a document that is handed in with the one that was signed', { skip }, async (t) => {
  const [{ signature, content }] = samples();
  t.match(await deployment.validate(signature, { content }), { cryptographic: 'PASSED' });
  const other = await deployment.validate(signature, { content: flipped(content, 0) });
  t.match(other, { subIndication: 'HASH_FAILURE', cryptographic: 'FAILED' });
});

/** The .xml files beside them are not byte for byte what was signed (line ends differ), so the content is their own. */
function* samples(): Generator<{ name: string; signature: Buffer; content: Buffer }> {
  for (const name of prescriptions) {
    const signature = readFileSync(join(folder ?? '', name));
    yield { name, signature, content: parseSignedData(signature).content ?? Buffer.alloc(0) };
  }
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] ^= 1;
  return copy;
}

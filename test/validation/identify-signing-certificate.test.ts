import t from 'tap';

import { encodeSignedData } from '../../pki/cms/encode-signed-data.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import type { ValidationReport } from '../../validation/report.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import type { Holder } from '../support/fixture-deployment.ts';
import { opensslSign, signerFiles } from '../support/openssl-signatures.ts';

const content = Buffer.from('{"docId":"0000112233","prescDate":"14050325"}');
const deployment = await FixtureDeployment.create();
const doctor = await deployment.issue();

t.test('validates what openssl signs with the same key', async (t) => {
  const cwd = t.testdir(signerFiles(doctor, deployment.bronze, content));
  const cades = await deployment.validate(opensslSign(cwd, ['-nodetach', '-cades']));
  t.match(cades, { indication: 'TOTAL-PASSED', signatures: [{ format: 'CAdES' }] });
  // openssl claims the time of the test run, which the fixture's noon knows nothing of.
  t.same(
    codesOf(cades).filter((code) => code !== 'signing-time-after-proof'),
    [],
  );
  const forms = [['-nodetach'], ['-nodetach', '-stream'], ['-nodetach', '-noattr'], ['-nodetach', '-keyid']];
  for (const options of forms) {
    const report = await deployment.validate(opensslSign(cwd, options));
    t.match(report, { indication: 'TOTAL-PASSED', signatures: [{ format: 'CMS' }] }, options.join(' '));
    t.ok(codesOf(report).includes('signing-certificate-unbound-accepted'), options.join(' '));
  }
  t.match(
    await deployment.validate(opensslSign(cwd, []), { content }),
    { indication: 'TOTAL-PASSED' },
    'detached',
  );
});

t.test('insists on a bound certificate when the policy does', async (t) => {
  const cwd = t.testdir(signerFiles(doctor, deployment.bronze, content));
  const policy = { ...deployment.policy, signingCertificateReference: 'required' as const };
  const report = await deployment.validate(opensslSign(cwd), { policy, receivedAt: NOON });
  t.match(report, {
    indication: 'INDETERMINATE',
    subIndication: 'SIG_CONSTRAINTS_FAILURE',
    cryptographic: 'PASSED',
  });
  t.match(await deployment.validate(await sign(doctor), { policy }), { indication: 'TOTAL-PASSED' });
});

t.test('finds no signing certificate where none fits', async (t) => {
  const { content: eContent, signerInfos } = parseSignedData(await sign(doctor));
  const namesake = await deployment.issue(doctor.signer, { serialNumber: doctor.certificate.serialNumber });
  const attributes = signerInfos[0].signedAttributes?.content ?? Buffer.alloc(0);
  const withCertificates = (certificates: Buffer[]) =>
    encodeSignedData({
      content: eContent ?? Buffer.alloc(0),
      certificates,
      signerInfos: [
        {
          certificate: doctor.certificate,
          digestAlgorithm: signerInfos[0].digestAlgorithm.bytes,
          signedAttributes: [attributes],
          signatureAlgorithm: signerInfos[0].signatureAlgorithm.bytes,
          signature: signerInfos[0].signature,
        },
      ],
    });
  const verdict = {
    indication: 'INDETERMINATE',
    subIndication: 'NO_SIGNING_CERTIFICATE_FOUND',
    cryptographic: 'NOT_CHECKED',
  };
  const none = await deployment.validate(withCertificates([deployment.bronze.certificate.bytes]));
  t.match(none, { ...verdict, reasons: [{ code: 'signing-certificate-missing' }] });
  const swapped = await deployment.validate(withCertificates([namesake.certificate.bytes]));
  t.match(
    swapped,
    { ...verdict, reasons: [{ code: 'signing-certificate-differs' }] },
    'same key, name and serial, other certificate',
  );
  const both = await deployment.validate(
    withCertificates([namesake.certificate.bytes, doctor.certificate.bytes]),
  );
  t.match(both, { indication: 'TOTAL-PASSED' }, 'the signed hash picks the right one');
});

function sign({ signer, certificate }: Holder): Promise<Buffer> {
  return signCades({ content, signer, certificate, signingTime: NOON });
}

function codesOf(report: ValidationReport): string[] {
  return report.reasons.map(({ code }) => code);
}

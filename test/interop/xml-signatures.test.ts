import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import t from 'tap';

import { encodePem } from '../../pki/pem.ts';
import { signXades } from '../../signing/xades/sign-xades.ts';
import type { XadesSubject } from '../../signing/xades/xades-request.ts';
import { readXades } from '../../validation/xades/read-xades.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { runProgram } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PROGRAM = fileURLToPath(new URL('XmlSignatures.java', import.meta.url));
/** Started quickly rather than run fast. */
const JVM = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#';
const CANONICALIZATIONS = [
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments',
  'http://www.w3.org/2006/12/xml-c14n11',
  'http://www.w3.org/2006/12/xml-c14n11#WithComments',
  'http://www.w3.org/2001/10/xml-exc-c14n#',
  'http://www.w3.org/2001/10/xml-exc-c14n#WithComments',
];

interface KeyKind {
  name: string;
  key: KeyObject;
  algorithm: 'rsa-sha256' | 'ecdsa-sha256';
  /** Name → SignatureMethod. */
  jdk: Record<string, string>;
  xmlsec: Record<string, string>;
}

const RSA_METHODS = { rsa256: `${MORE}rsa-sha256`, rsa512: `${MORE}rsa-sha512` };
const EC_METHODS = {
  ec256: `${MORE}ecdsa-sha256`,
  ec384: `${MORE}ecdsa-sha384`,
  ec512: `${MORE}ecdsa-sha512`,
};
const KINDS: KeyKind[] = [
  {
    name: 'RSA',
    key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
    algorithm: 'rsa-sha256',
    jdk: {
      ...RSA_METHODS,
      mgf256: 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
      pss: 'http://www.w3.org/2007/05/xmldsig-more#rsa-pss',
    },
    xmlsec: RSA_METHODS,
  },
  {
    name: 'P-256',
    key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
    algorithm: 'ecdsa-sha256',
    jdk: EC_METHODS,
    xmlsec: EC_METHODS,
  },
];

const deployment = await FixtureDeployment.create();

for (const { name, key, algorithm, jdk, xmlsec } of KINDS) {
  t.test(`${name}: what the JDK signs is validated, and the other way round`, async (t) => {
    const folder = temporaryFolder(t);
    const doctor = await deployment.issue(memorySigner(key, algorithm));
    writeFileSync(join(folder, 'key.pem'), key.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(join(folder, 'certificate.pem'), encodePem('CERTIFICATE', doctor.certificate.bytes));
    const files = ['-inkey', 'key.pem', '-in', 'certificate.pem', '-out', 'key.p12'];
    runOpenssl(['pkcs12', '-export', ...files, '-passout', 'pass:secret'], { cwd: folder });
    const methods = Object.entries(jdk).map(([method, uri]) => `${method}=${uri}`);
    const signed = await runProgram('java', [...JVM, PROGRAM, 'sign', 'key.p12', 'secret', ...methods], {
      folder,
    });
    t.equal(signed.code, 0, signed.output);
    const made = readdirSync(folder).filter((file) => file.endsWith('.xml'));
    t.equal(made.length, methods.length * CANONICALIZATIONS.length);
    for (const file of made) {
      t.strictSame(judge(readFileSync(join(folder, file))), GENUINE, file);
    }

    const ours: string[] = [];
    for (const subject of subjects()) {
      const file = `${subject.packaging}-ours.xml`;
      writeFileSync(join(folder, file), await signXades({ subject, ...doctor, signingTime: NOON }));
      ours.push(file);
    }
    writeFileSync(join(folder, 'content.bin'), CONTENT);
    const verified = await runProgram('java', [...JVM, PROGRAM, 'verify', ...ours], { folder });
    t.strictSame(
      verified.output.trim().split('\n'),
      ours.map((file) => `${file}: true`),
    );
  });

  t.test(`${name}: what xmlsec1 signs is validated`, async (t) => {
    const folder = temporaryFolder(t);
    const { certificate } = await deployment.issue(memorySigner(key, algorithm));
    writeFileSync(join(folder, 'key.pem'), key.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(join(folder, 'certificate.pem'), encodePem('CERTIFICATE', certificate.bytes));
    for (const [at, [method, uri]] of Object.entries(xmlsec).entries()) {
      // Each method once, each canonicalization once.
      for (const [index, canonicalization] of CANONICALIZATIONS.entries()) {
        if (at > 0 && index > 0) continue;
        writeFileSync(join(folder, 'template.xml'), template(uri, canonicalization));
        const { code, output } = await runProgram(
          'xmlsec1',
          [
            ...['--sign', '--privkey-pem', 'key.pem,certificate.pem', '--id-attr:Id', 'urn:d:Body'],
            ...['--output', 'signed.xml', 'template.xml'],
          ],
          { folder },
        );
        t.equal(code, 0, output);
        t.strictSame(judge(readFileSync(join(folder, 'signed.xml'))), GENUINE, `${method} ${index}`);
      }
    }
  });
}

const GENUINE = { verdict: 'PASSED', format: 'XML-DSig', packaging: 'enveloped', reasons: [] };

/** What the one signature of a document is, whatever its certificate is worth. */
function judge(document: Buffer) {
  const { signatures, reasons } = readXades({
    signature: document,
    signingCertificateReference: 'checked-if-present',
  });
  const [{ format, packaging, signingCertificate, verify, reasons: own }] = signatures;
  const result = verify(signingCertificate.certificate!);
  return {
    verdict: result.verdict,
    format,
    packaging,
    reasons: [...reasons, ...own, ...result.reasons].map(({ code }) => code),
  };
}

const CONTENT = Buffer.from('<n xmlns="urn:n">نسخه</n>\r\n');

function subjects(): XadesSubject[] {
  return [
    { packaging: 'enveloped', content: CONTENT },
    { packaging: 'enveloping', content: CONTENT },
    { packaging: 'detached', contents: [{ uri: 'content.bin', bytes: CONTENT }] },
  ];
}

/** What xmlsec1 fills in: the whole document, and a part of it that inherits much. */
function template(method: string, canonicalization: string): string {
  const transform = `<Transform Algorithm="${canonicalization}"/>`;
  const digest = '<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/>';
  const enveloped = '<Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>';
  const prefixed = canonicalization.startsWith('http://www.w3.org/2001/10/')
    ? `<Transform Algorithm="${canonicalization}"><InclusiveNamespaces xmlns="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="e #default unused"/></Transform>`
    : transform;
  return `<?xml version="1.0"?>
<!-- before -->
<e:Envelope xmlns:e="urn:e" xmlns="urn:d" xmlns:unused="urn:u" xml:lang="fa" xml:space="preserve" xml:base="http://example.test/a/b/">
  <e:Part xmlns:unused="urn:other" xml:lang="en" xml:base="../c/"><Body Id="body" xml:base="d/" z="1" e:b="&lt;2&gt;&#9;" a="3"><!-- inside --><n xmlns=""><e:x xmlns:e="urn:e2"/></n>&#13; نسخه &amp;<![CDATA[<&>]]></Body>
  <Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>
    <CanonicalizationMethod Algorithm="${canonicalization}"/>
    <SignatureMethod Algorithm="${method}"/>
    <Reference URI=""><Transforms>${enveloped}${transform}</Transforms>${digest}</Reference>
    <Reference URI="#body"><Transforms>${prefixed}</Transforms>${digest}</Reference>
    <Reference URI="#body">${digest}</Reference>
  </SignedInfo><SignatureValue/><KeyInfo><X509Data><X509Certificate/></X509Data></KeyInfo></Signature></e:Part>
</e:Envelope>
<!-- after -->
`;
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import t from 'tap';

import { readAsicManifest } from '../../formats/asic/asic-manifest.ts';
import { readZip } from '../../formats/zip/read-zip.ts';
import { writeZip } from '../../formats/zip/write-zip.ts';
import { encodePem } from '../../pki/pem.ts';
import { parseTimeStampToken } from '../../pki/tsp/time-stamp-token.ts';
import { augmentAsic } from '../../signing/asic/augment-asic.ts';
import { signAsic } from '../../signing/asic/sign-asic.ts';
import { SIGNATURE_LEVELS } from '../../signing/signature-level.ts';
import type { SignatureLevel } from '../../signing/signature-level.ts';
import { augmentationFixture } from '../support/augmentation-fixture.ts';
import { NOON } from '../support/fixture-deployment.ts';
import { runOpenssl } from '../support/run-openssl.ts';

const { deployment, doctor, tsa, trust, ports } = await augmentationFixture();
const FILES = [
  { name: 'report.txt', bytes: Buffer.from('متن گزارش\r\n'), mediaType: 'text/plain' },
  { name: 'پیوست/scan.bin', bytes: Buffer.from([0, 1, 2]), mediaType: 'application/octet-stream' },
];
const MANIFEST = 'META-INF/ASiCArchiveManifest.xml';
const FIRST_TOKEN = 'META-INF/timestamp001.tst';
const SIGNATURE = 'META-INF/signature001.p7s';

const signed = await signAsic({ ...doctor, files: FILES, form: 'CAdES', signingTime: NOON });
const lift = (container: Buffer, level: SignatureLevel) => augmentAsic(container, { ...ports, level });
const archived = await lift(signed, 'B-LTA');
const again = await lift(archived, 'B-LTA');

t.test('each level has what it asks for, and the engine finds it', async (t) => {
  let container = signed;
  for (const level of SIGNATURE_LEVELS) {
    container = await lift(container, level);
    const verdict = await deployment.validate(container, { trust });
    t.match(verdict, { indication: 'TOTAL-PASSED', reasons: [] }, level);
    // A time stamp counts once the status of its authority is there, which nobody can be asked for here.
    t.equal(verdict.signatures[0].level.reached, level === 'B-T' ? 'B-B' : level);
    const kinds = verdict.signatures[0].timeStamps.map(({ kind }) => kind);
    t.strictSame(
      kinds,
      { 'B-B': [], 'B-T': ['signature'], 'B-LT': ['signature'], 'B-LTA': ['signature', 'archive'] }[level],
    );
  }
});

t.test('the archive manifest has the digest of everything that is worth one', async (t) => {
  const { signedBy, files } = readAsicManifest(fileOf(archived, MANIFEST));
  t.equal(signedBy, FIRST_TOKEN);
  t.strictSame(
    files.map(({ name }) => name),
    ['report.txt', 'پیوست/scan.bin', 'META-INF/ASiCManifest001.xml', SIGNATURE],
  );
  t.match(
    fileOf(archived, MANIFEST).toString(),
    'URI="META-INF/ASiCManifest001.xml" MimeType="text/xml" Rootfile="true"',
  );
});

t.test(
  'stamped once more, the first token and its manifest are covered, and the signature stays as it is',
  async (t) => {
    const verdict = await deployment.validate(again, { trust });
    t.match(verdict, { indication: 'TOTAL-PASSED', signatures: [{ level: { reached: 'B-LTA' } }] });
    t.strictSame(
      verdict.signatures[0].timeStamps.map(({ kind, indication }) => `${kind} ${indication}`),
      ['signature TOTAL-PASSED', 'archive TOTAL-PASSED', 'archive TOTAL-PASSED'],
    );
    t.ok(fileOf(again, SIGNATURE).equals(fileOf(archived, SIGNATURE)));
    const former = 'META-INF/ASiCArchiveManifest001.xml';
    t.ok(fileOf(again, former).equals(fileOf(archived, MANIFEST)), 'the newest has the plain name');
    const { signedBy, files } = readAsicManifest(fileOf(again, MANIFEST));
    t.equal(signedBy, 'META-INF/timestamp002.tst');
    for (const name of [former, FIRST_TOKEN, SIGNATURE])
      t.ok(
        files.some((file) => file.name === name),
        name,
      );
    const { revocation } = parseTimeStampToken(fileOf(again, FIRST_TOKEN)).signedData;
    t.equal(revocation.length, 3, 'what validates the first token stands in it');
  },
);

t.test('what is changed under an archive time stamp is found', async (t) => {
  const failed = async (container: Buffer, name: string) => {
    const bytes = Buffer.from(fileOf(container, name));
    bytes[bytes.length - 1] ^= 1;
    return deployment.validate(repacked(container, name, bytes), { trust });
  };
  t.match(await failed(archived, 'report.txt'), {
    indication: 'TOTAL-FAILED',
    subIndication: 'HASH_FAILURE',
  });
  const { signatures } = await deployment.validate(repacked(archived, FIRST_TOKEN, undefined), { trust });
  t.equal(signatures[0].level.reached, 'B-LT', 'without its token it is archived no more');
  const bare = await lift(signed, 'B-LT');
  const swapped = await deployment.validate(repacked(archived, SIGNATURE, fileOf(bare, SIGNATURE)), {
    trust,
  });
  t.match(swapped.signatures[0].timeStamps, [{}, { kind: 'archive', subIndication: 'HASH_FAILURE' }]);
  t.equal(swapped.signatures[0].level.reached, 'B-LT');
});

t.test('openssl verifies the signature over its manifest, and the tokens over theirs', async (t) => {
  const folder = t.testdir();
  for (const { name, bytes } of readZip(again).entries) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  writeFileSync(join(folder, 'tsa-root.pem'), encodePem('CERTIFICATE', tsa.root.certificate.bytes));
  const cms = ['cms', '-verify', '-noverify', '-binary', '-inform', 'DER', '-in', SIGNATURE];
  runOpenssl([...cms, '-content', 'META-INF/ASiCManifest001.xml', '-out', 'signed'], { cwd: folder });
  // The first token as it was made: openssl ts reads no OCSP response beside a token, openssl cms does.
  writeFileSync(join(folder, 'made.tst'), fileOf(archived, FIRST_TOKEN));
  for (const [token, manifest] of [
    ['made.tst', 'META-INF/ASiCArchiveManifest001.xml'],
    ['META-INF/timestamp002.tst', MANIFEST],
  ]) {
    const ts = ['ts', '-verify', '-token_in', '-in', token, '-data', manifest, '-CAfile', 'tsa-root.pem'];
    const at = ['-attime', String(Math.floor(NOON.getTime() / 1000) + 60)];
    // It throws unless the token is over exactly that.
    t.ok(runOpenssl([...ts, ...at], { cwd: folder }), token);
  }
  const completed = ['cms', '-verify', '-noverify', '-inform', 'DER', '-in', FIRST_TOKEN];
  const info = runOpenssl(completed, { cwd: folder });
  t.ok(info.equals(runOpenssl([...completed.slice(0, -1), 'made.tst'], { cwd: folder })));
});

function fileOf(container: Buffer, wanted: string): Buffer {
  return readZip(container).entries.find(({ name }) => name === wanted)!.bytes;
}

/** With other octets in place of a file's, or without it. */
function repacked(container: Buffer, changed: string, bytes: Buffer | undefined): Buffer {
  const entries = readZip(container).entries.flatMap((entry) => {
    const content = { name: entry.name, bytes: entry.bytes, stored: entry.isStored };
    if (entry.name !== changed) return content;
    return bytes ? { ...content, bytes } : [];
  });
  return writeZip(entries, NOON);
}

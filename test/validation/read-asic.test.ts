import { execFileSync } from 'node:child_process';

import fc from 'fast-check';
import t from 'tap';

import { FormatError } from '../../formats/format-error.ts';
import { readZip } from '../../formats/zip/read-zip.ts';
import { writeZip } from '../../formats/zip/write-zip.ts';
import type { ZipContent } from '../../formats/zip/write-zip.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { signAsic } from '../../signing/asic/sign-asic.ts';
import type { AsicFile } from '../../signing/asic/pack-asic.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { readAsic } from '../../validation/asic/read-asic.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import { mutatedBytes } from '../support/hostile-input.ts';

const deployment = await FixtureDeployment.create();
const doctor = await deployment.issue();
const FILES: AsicFile[] = [
  { name: 'report.txt', bytes: Buffer.from('متن گزارش\r\n'), mediaType: 'text/plain' },
  { name: 'پیوست/a b&c.bin', bytes: Buffer.from([0, 1, 2]), mediaType: 'application/octet-stream' },
];

for (const form of ['XAdES', 'CAdES'] as const) {
  const sound = await sign(form);

  t.test(`${form}: what is signed is read, file by file`, async (t) => {
    t.match(await deployment.validate(sound), {
      indication: 'TOTAL-PASSED',
      signatures: [{ format: form, packaging: 'detached' }],
    });
    const [{ contents }] = readAsic(input(sound)).signatures;
    t.strictSame(
      contents.map(({ name, mediaType, bytes }) => ({ name, mediaType, bytes: Buffer.from(bytes) })),
      FILES.map(({ name, mediaType, bytes }) => ({ name, mediaType, bytes: Buffer.from(bytes) })),
    );
    t.equal(sound.subarray(38, 38 + 31).toString(), 'application/vnd.etsi.asic-e+zip');
  });

  t.test(`${form}: a changed file, a missing one, one more`, async (t) => {
    const changed = repacked(sound, (entry) =>
      entry.name === 'report.txt' ? { ...entry, bytes: Buffer.from('another') } : entry,
    );
    t.match(await deployment.validate(changed), {
      indication: 'TOTAL-FAILED',
      subIndication: 'HASH_FAILURE',
      cryptographic: 'FAILED',
    });
    const missing = repacked(sound, (entry) => (entry.name === 'report.txt' ? undefined : entry));
    t.match(await deployment.validate(missing), {
      indication: 'INDETERMINATE',
      subIndication: 'SIGNED_DATA_NOT_FOUND',
    });
    for (const name of ['more.txt', 'META-INF/more.txt', 'META-INF/signature.exe']) {
      t.match(await deployment.validate(withMore(sound, { name, bytes: Buffer.from('9') })), {
        indication: 'INDETERMINATE',
        subIndication: 'SIG_CONSTRAINTS_FAILURE',
        reasons: [{ code: 'content-not-covered', text: `no signature covers the file ${name}` }],
      });
    }
  });

  t.test(`${form}: the media type is first, plain, and one that is known`, async (t) => {
    const entries = entriesOf(sound);
    const refused = { indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE' };
    const moved = writeZip([...entries.slice(1), entries[0]], NOON);
    t.match(await deployment.validate(moved), refused);
    const longer = { name: 'mimetype', bytes: Buffer.from('application/zip') };
    const other = writeZip([longer, ...entries.slice(1)], NOON);
    await t.rejects(deployment.validate(other), { code: 'container-malformed' });
    t.match(await deployment.validate(writeZip(entries.slice(1), NOON)), { indication: 'TOTAL-PASSED' });
  });

  t.test(
    `${form}: whatever happens to its octets, it is judged or refused, and never shows anything else`,
    async (t) => {
      let judged = 0;
      fc.assert(
        fc.property(mutatedBytes(sound), (bytes) => {
          try {
            const { signatures, reasons } = readAsic(input(bytes));
            judged += 1;
            for (const { signingCertificate, verify, contents, reasons: own } of signatures) {
              const { certificate } = signingCertificate;
              if (!certificate || reasons.length + own.length > 0) continue;
              if (verify(certificate).verdict !== 'PASSED') continue;
              t.same(
                contents.map((content) => content.bytes),
                FILES.map((file) => file.bytes),
              );
            }
          } catch (error) {
            if (!(error instanceof FormatError) && !(error instanceof PkiError)) throw error;
          }
        }),
        { numRuns: 150 },
      );
      t.comment(`${judged} judged`);
    },
  );
}

t.test('signatures of both forms in one container, each over its files', async (t) => {
  const [first, second] = [await sign('XAdES', FILES.slice(0, 1)), await sign('CAdES', FILES.slice(1))];
  const both = writeZip(
    [...entriesOf(first), ...entriesOf(second).filter(({ name }) => !/^mimetype|manifest\.xml$/.test(name))],
    NOON,
  );
  t.match(await deployment.validate(both), { indication: 'TOTAL-PASSED', signatures: [{}, {}] });
});

t.test('ASiC-S: CMS over the one file', async (t) => {
  const content = Buffer.from('one');
  const signature = await signCades({ ...doctor, content, detached: true, signingTime: NOON });
  const container = (...more: ZipContent[]) =>
    writeZip(
      [
        { name: 'mimetype', bytes: Buffer.from('application/vnd.etsi.asic-s+zip'), stored: true },
        { name: 'one.txt', bytes: content },
        ...more,
        { name: 'META-INF/signature.p7s', bytes: signature },
      ],
      NOON,
    );
  t.match(await deployment.validate(container()), {
    indication: 'TOTAL-PASSED',
    signatures: [{ format: 'CAdES', packaging: 'detached' }],
  });
  t.match(await deployment.validate(container({ name: 'two.txt', bytes: content })), {
    indication: 'TOTAL-FAILED',
    subIndication: 'FORMAT_FAILURE',
  });
});

t.test('a manifest for another signature, a broken one, two for one', async (t) => {
  const sound = await sign('CAdES');
  const manifest = entriesOf(sound).find(({ name }) => name === 'META-INF/ASiCManifest001.xml')!;
  const failed = { indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE' };
  const changed = (bytes: Buffer) =>
    repacked(sound, (entry) => (entry.name === manifest.name ? { ...entry, bytes } : entry));
  const text = Buffer.from(manifest.bytes).toString();
  t.match(
    await deployment.validate(changed(Buffer.from(text.replace('signature001', 'signature002')))),
    failed,
  );
  t.match(await deployment.validate(changed(Buffer.from('<!DOCTYPE a><a/>'))), failed);
  t.match(
    await deployment.validate(
      changed(Buffer.from(text.replace('URI="report.txt"', 'URI="http://127.0.0.1/"'))),
    ),
    failed,
  );
  const second = { name: 'META-INF/ASiCManifest002.xml', bytes: manifest.bytes };
  t.match(await deployment.validate(withMore(sound, second)), failed);
});

t.test('a broken signature file is reported beside the others', async (t) => {
  const sound = await sign('XAdES');
  for (const [name, text] of [
    ['META-INF/signatures002.xml', '<!DOCTYPE a><a/>'],
    ['META-INF/signature002.p7s', 'x'],
  ]) {
    t.match(await deployment.validate(withMore(sound, { name, bytes: Buffer.from(text) })), {
      indication: 'TOTAL-FAILED',
      subIndication: 'FORMAT_FAILURE',
      signatures: [{ indication: 'TOTAL-PASSED' }, { reasons: [{ code: 'signature-malformed' }] }],
    });
  }
  const many = Array.from({ length: 17 }, (_, index) => ({
    name: `META-INF/signatures1${index}.xml`,
    bytes: Buffer.from('x'),
  }));
  t.match(await deployment.validate(withMore(sound, ...many)), { subIndication: 'FORMAT_FAILURE' });
});

t.test('a ZIP file without signatures is no container', async (t) => {
  const plain = writeZip([{ name: 'a.txt', bytes: Buffer.from('a') }], NOON);
  await t.rejects(deployment.validate(plain), { code: 'container-malformed' });
});

t.test('refuses to sign files whose names a container cannot have', async (t) => {
  for (const name of ['mimetype', 'META-INF/a.txt', 'meta-inf/a.txt', 'a/'])
    await t.rejects(sign('XAdES', [{ ...FILES[0], name }]), { code: 'document-format' }, name);
  await t.rejects(sign('XAdES', [{ ...FILES[0], name: '../a' }]), { code: 'container-malformed' });
  await t.rejects(sign('XAdES', [FILES[0], FILES[0]]), { code: 'document-format' });
  await t.rejects(sign('XAdES', []), { code: 'document-format' });
});

t.test('xmlsec1 and openssl verify what is in it', async (t) => {
  const folder = t.testdir();
  const unpack = 'import io,sys,zipfile; zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())).extractall()';
  execFileSync('python3', ['-c', unpack], { cwd: folder, input: await sign('XAdES') });
  const ids = ['--id-attr:Id', 'http://uri.etsi.org/01903/v1.3.2#:SignedProperties'];
  const signature = readZip(await sign('XAdES')).entries.find(({ name }) => name.includes('signatures001'))!;
  t.match(signature.bytes.toString(), '<asic:XAdESSignatures');
  // References are relative to the root of the container, and xmlsec1 takes them so from its working folder.
  const verify = [
    '--verify',
    '--enabled-key-data',
    'x509',
    '--insecure',
    ...ids,
    'META-INF/signatures001.xml',
  ];
  t.match(
    execFileSync('sh', ['-c', `xmlsec1 ${verify.join(' ')} 2>&1`], { cwd: folder, encoding: 'utf8' }),
    /^OK/m,
  );

  execFileSync('python3', ['-c', unpack], { cwd: folder, input: await sign('CAdES') });
  const cms = [
    'cms',
    '-verify',
    '-noverify',
    '-binary',
    '-inform',
    'DER',
    '-in',
    'META-INF/signature001.p7s',
  ];
  const output = execFileSync('openssl', [...cms, '-content', 'META-INF/ASiCManifest001.xml'], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.match(output, '<asic:ASiCManifest');
});

function sign(form: 'XAdES' | 'CAdES', files: readonly AsicFile[] = FILES): Promise<Buffer> {
  return signAsic({ files, form, ...doctor, signingTime: NOON });
}

function entriesOf(container: Buffer): ZipContent[] {
  return readZip(container).entries.map(({ name, bytes, isStored }) => ({ name, bytes, stored: isStored }));
}

function repacked(container: Buffer, change: (entry: ZipContent) => ZipContent | undefined): Buffer {
  return writeZip(
    entriesOf(container).flatMap((entry) => change(entry) ?? []),
    NOON,
  );
}

function withMore(container: Buffer, ...more: ZipContent[]): Buffer {
  return writeZip([...entriesOf(container), ...more], NOON);
}

function input(signature: Buffer) {
  return { signature, signingCertificateReference: 'required' } as const;
}

import { execFileSync } from 'node:child_process';
import { deflateRawSync } from 'node:zlib';

import fc from 'fast-check';
import t from 'tap';

import { FormatError } from '../../formats/format-error.ts';
import { looksLikeZip, readZip } from '../../formats/zip/read-zip.ts';
import { writeZip } from '../../formats/zip/write-zip.ts';
import type { ZipContent } from '../../formats/zip/write-zip.ts';
import { mutatedBytes } from '../support/hostile-input.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const AT = new Date('2026-06-15T12:00:02Z');
const FILES: ZipContent[] = [
  { name: 'mimetype', bytes: Buffer.from('text/plain'), stored: true },
  { name: 'folder/نسخه.txt', bytes: Buffer.from('سلام '.repeat(100)) },
  { name: 'empty', bytes: Buffer.alloc(0) },
];
const sound = writeZip(FILES, AT);

t.test('what is written is read, by others too', async (t) => {
  const folder = temporaryFolder(t);
  t.same(
    readZip(sound).entries.map(({ name, bytes }) => ({ name, bytes })),
    FILES.map(({ name, bytes }) => ({ name, bytes })),
  );
  t.strictSame(
    readZip(sound).entries.map(({ isStored, hasExtra }) => [isStored, hasExtra]),
    [
      [true, false],
      [false, false],
      [true, false],
    ],
  );
  t.ok(looksLikeZip(sound));
  const script =
    'import io,sys,zipfile; z=zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())); print(z.testzip()); print([(i.filename,i.file_size,i.date_time) for i in z.infolist()])';
  const output = execFileSync('python3', ['-c', script], { cwd: folder, input: sound, encoding: 'utf8' });
  t.match(output, /^None\n/);
  t.match(output, /'folder\/نسخه\.txt', 900, \(2026, 6, 15, 12, 0, 2\)/);
});

t.test('what Python and the JDK write is read, streamed as well', async (t) => {
  const folder = temporaryFolder(t);
  const script =
    "import sys,zipfile; z=zipfile.ZipFile(sys.stdout.buffer,'w',zipfile.ZIP_DEFLATED); z.writestr('mimetype','m',zipfile.ZIP_STORED); z.writestr('a/b.txt','x'*1000); z.close()";
  const file = execFileSync('python3', ['-c', script], { cwd: folder });
  t.ok((file.readUInt16LE(6) & 8) !== 0, 'with data descriptors');
  t.strictSame(
    readZip(file).entries.map(({ name, bytes }) => [name, bytes.length]),
    [
      ['mimetype', 1],
      ['a/b.txt', 1000],
    ],
  );
});

t.test('refuses what two programs could read differently', async (t) => {
  const directoryAt = sound.readUInt32LE(sound.length - 6);
  const changed = (change: (copy: Buffer) => Buffer | void) => {
    const copy = Buffer.from(sound);
    return change(copy) ?? copy;
  };
  const named = (...names: string[]) =>
    writeZip(
      names.map((name) => ({ name, bytes: Buffer.from('x') })),
      AT,
    );
  const bomb = deflateRawSync(Buffer.alloc(8 * 1024 * 1024));
  const cases: Record<string, Buffer> = {
    'something before': Buffer.concat([Buffer.from('MZ'), sound]),
    'something after': Buffer.concat([sound, Buffer.from('x')]),
    'something between': changed((copy) =>
      Buffer.concat([copy.subarray(0, directoryAt), Buffer.from('xx'), copy.subarray(directoryAt)]),
    ),
    'two ends': changed((copy) => {
      copy.writeUInt16LE(22, copy.length - 2);
      const end = Buffer.alloc(22);
      end.writeUInt32LE(0x06054b50, 0);
      return Buffer.concat([copy, end]);
    }),
    'a local name that differs': changed((copy) => void copy.write('mimetypf', 30)),
    'a size that differs': changed((copy) => void copy.writeUInt32LE(9, 22)),
    'a checksum that differs': changed((copy) => void copy.writeUInt32LE(9, 14)),
    'content that differs': changed((copy) => void copy.write('T', 38)),
    'another method': changed((copy) => void copy.writeUInt16LE(8, 8)),
    'a count too small': changed((copy) => {
      copy.writeUInt16LE(2, copy.length - 14);
      copy.writeUInt16LE(2, copy.length - 12);
    }),
    'an encrypted entry': changed((copy) => {
      copy.writeUInt16LE(1, 6);
      copy.writeUInt16LE(1, directoryAt + 8);
    }),
    ZIP64: changed((copy) => void copy.writeUInt32LE(0xffffffff, directoryAt + 24)),
    'two disks': changed((copy) => void copy.writeUInt16LE(1, copy.length - 18)),
    'a name twice': named('a', 'a'),
    'a name that Windows takes for the same': named('a', 'A'),
    'a name that composes to the same': named('\u00e9', 'e\u0301'),
    'a way out': named('../a'),
    'a way out in the middle': named('a/../../b'),
    'an absolute name': named('/a'),
    'a name of Windows': named('C:\\a'),
    'a backslash': named('a\\b'),
    'a control character': named('a\nb'),
    'an empty name': named(''),
    'a long name': named('a'.repeat(513)),
    'a folder with content': named('a/'),
    'many files': writeZip(
      Array.from({ length: 1_001 }, (_, index) => ({ name: `f${index}`, bytes: Buffer.alloc(0) })),
      AT,
    ),
    'a bomb that says its size': declared(bomb, 65 * 1024 * 1024),
    'a bomb that lies of its size': declared(bomb, 10),
    'a bomb that says less': declared(bomb, 8 * 1024 * 1024 + 1),
    'something after the compressed data': declared(
      Buffer.concat([deflateRawSync(Buffer.from('x')), bomb]),
      1,
    ),
    'data that is not compressed': declared(Buffer.from('garbage'), 7),
  };
  for (const [what, file] of Object.entries(cases))
    t.throws(() => readZip(file), { code: 'container-malformed' }, what);
});

t.test('entries that overlap are refused', async (t) => {
  // One entry, twice in the directory under two names: the classic bomb of overlapping files.
  const one = writeZip([{ name: 'a', bytes: Buffer.from('x') }], AT);
  const directoryAt = one.readUInt32LE(one.length - 6);
  const header = one.subarray(directoryAt, one.length - 22);
  const end = Buffer.from(one.subarray(one.length - 22));
  end.writeUInt16LE(2, 8);
  end.writeUInt16LE(2, 10);
  end.writeUInt32LE(2 * header.length, 12);
  const second = Buffer.from(header);
  second.write('b', 46);
  const file = Buffer.concat([one.subarray(0, directoryAt), header, second, end]);
  t.throws(() => readZip(file), { code: 'container-malformed' });
});

t.test('whatever is handed in is read as it was, or refused', async () => {
  fc.assert(
    fc.property(mutatedBytes(sound), (bytes) => {
      try {
        readZip(bytes);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    }),
    { numRuns: 2_000 },
  );
});

/** A ZIP file with one compressed entry that says to unpack to so many octets. */
function declared(packed: Buffer, octets: number): Buffer {
  const file = writeZip([{ name: 'a', bytes: packed, stored: true }], AT);
  const directoryAt = file.readUInt32LE(file.length - 6);
  for (const at of [8, directoryAt + 10]) file.writeUInt16LE(8, at);
  for (const at of [22, directoryAt + 24]) file.writeUInt32LE(octets, at);
  return file;
}

import { deflateRawSync } from 'node:zlib';

import fc from 'fast-check';
import t from 'tap';

import { DomainError } from '../../core/errors.ts';
import { writeZip } from '../../formats/zip/write-zip.ts';
import { parseApprovalDocument } from '../../pki/approval/approval-document.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { NOON } from '../support/fixture-deployment.ts';
import { hostileParsers } from '../support/hostile-parsers.ts';
import type { Family, HostileParser } from '../support/hostile-parsers.ts';
import { mutatedFrom } from '../support/mutate-octets.ts';

// Every parser of outside octets, each with changed real ones and with bombs: a value or a refusal, within bounds of time and memory.
// MOHR_FUZZ_RUNS makes it longer (docs/HOSTILE-INPUT.md); a failure prints the seed and path that bring it back.

const RUNS = Number(process.env['MOHR_FUZZ_RUNS'] ?? 80);
/** Processor time of one document: many times what the largest take, so that a loaded machine makes no difference. */
const DOCUMENT_SECONDS_MAX = 2;
const DOCUMENT_MIB_MAX = 256;

const parsers = await hostileParsers();

t.test('changed octets are read or refused', async (t) => {
  for (const parser of parsers) {
    await fc.assert(
      fc.asyncProperty(mutatedFrom(parser.corpus), (bytes) => outcomeOf(parser, bytes)),
      { numRuns: RUNS },
    );
    t.pass(parser.name);
  }
});

t.test('the corpora are read as they are', async (t) => {
  for (const { name, corpus, read } of parsers)
    await t.resolves(
      Promise.resolve().then(() => read(corpus[0])),
      name,
    );
});

t.test('what was found stays a case', async (t) => {
  for (const lacking of [
    '{"schema":"mohr-approval-1"}',
    '{"certificate":null,"schema":"mohr-approval-1"}',
    '{"certificate":{"key":"of-the-activation"},"schema":"mohr-approval-1"}',
  ])
    t.throws(() => parseApprovalDocument(Buffer.from(lacking)), { code: 'approval-malformed' }, lacking);
});

t.test('bombs end within bounds', async (t) => {
  const bombs = bombsByFamily();
  for (const parser of parsers)
    for (const [bomb, bytes] of Object.entries({ ...bombs.any, ...bombs[parser.family] })) {
      await outcomeOf(parser, bytes).catch((cause: unknown) => {
        throw new Error(`${parser.name}: ${bomb}: ${String(cause)}`, { cause });
      });
    }
  t.pass(`${parsers.length} parsers`);
});

/** Resolves for a value or a refusal, and rejects with everything else. */
async function outcomeOf({ read }: HostileParser, bytes: Buffer): Promise<void> {
  const time = process.cpuUsage();
  const held = heldMib();
  try {
    await read(bytes);
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
  }
  const { user, system } = process.cpuUsage(time);
  const seconds = (user + system) / 1e6;
  if (seconds > DOCUMENT_SECONDS_MAX) throw new Error(`${bytes.length} octets took ${seconds} CPU seconds`);
  const grown = heldMib() - held;
  if (grown > DOCUMENT_MIB_MAX) throw new Error(`${bytes.length} octets took ${grown} MiB`);
}

function heldMib(): number {
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

type Bombs = Record<string, Buffer>;

const MANY = 1_000_000;

function bombsByFamily(): Record<Family, Bombs> {
  const text = (value: string) => Buffer.from(value, 'latin1');
  const repeated = (hex: string) => Buffer.alloc(2 * MANY, Buffer.from(hex, 'hex'));
  return {
    any: { nothing: Buffer.alloc(0), zeros: Buffer.alloc(MANY), ones: Buffer.alloc(MANY, 0xff) },
    der: {
      'empty sequences': asn1.sequence(repeated('3000')),
      'empty sets in a sequence in a sequence': asn1.sequence(asn1.sequence(repeated('3100'))),
      'a deep nest': nest(3_000),
      'indefinite lengths': repeated('3080'),
      'constructed strings': repeated('2480'),
      'a length beyond everything': Buffer.from('30847fffffff02', 'hex'),
      'a length of 126 octets': Buffer.concat([Buffer.from([0x30, 0xfe]), Buffer.alloc(126, 0xff)]),
      'an OBJECT IDENTIFIER without end': asn1.sequence(asn1.element(0x06, Buffer.alloc(MANY, 0xff))),
      'a long integer': asn1.sequence(asn1.element(0x02, Buffer.alloc(MANY, 0x7f))),
      'a tag without end': Buffer.alloc(MANY, 0xbf),
    },
    cbor: {
      'a deep nest': Buffer.alloc(MANY, 0x81),
      'deep maps': Buffer.alloc(MANY, 0xa1),
      'a count beyond everything': Buffer.from('9bffffffffffffffff', 'hex'),
      'a text beyond everything': Buffer.from('7affffffff61', 'hex'),
      'an array without end': Buffer.concat([Buffer.from([0x9f]), Buffer.alloc(MANY)]),
      'tags of tags': Buffer.alloc(MANY, 0xc1),
    },
    json: {
      'a deep nest': text(`{"a":${'['.repeat(MANY)}${']'.repeat(MANY)}}`),
      'a deep nest without end': text(`{"a":`.repeat(MANY)),
      'many members': text(`{${Array.from({ length: 200_000 }, (_, index) => `"${index}":0`).join(',')}}`),
      'a long number': text(`{"a":${'9'.repeat(MANY)}}`),
      'a long text': text(`{"a":"${'\\u0000'.repeat(MANY / 4)}"}`),
      'backslashes without end': text(`{"a":"${'\\'.repeat(MANY)}`),
      'white space': text(' '.repeat(MANY)),
      'a compact header of dots': text('.'.repeat(MANY)),
      'a compact signature of many parts': text(`e30${'.AAAA'.repeat(MANY / 5)}`),
    },
    xml: {
      'a deep nest': text(`<a>`.repeat(MANY / 4)),
      'a billion laughs': text(
        `<!DOCTYPE l [<!ENTITY a "ha">${Array.from({ length: 30 }, (_, index) => `<!ENTITY b${index} "&a;&a;">`).join('')}]><l>&b29;</l>`,
      ),
      'a file of the machine': text('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'),
      'many attributes': text(
        `<a ${Array.from({ length: 100_000 }, (_, index) => `b${index}="c"`).join(' ')}/>`,
      ),
      'many namespaces': text(
        `${Array.from({ length: 5_000 }, (_, index) => `<a xmlns:n${index}="u:${index}">`).join('')}`,
      ),
      'many elements': text(`<a>${'<b/>'.repeat(MANY / 4)}</a>`),
      'a comment without end': text(`<a><!--${'-'.repeat(MANY)}`),
      'character references': text(`<a>${'&#x41;'.repeat(MANY / 4)}</a>`),
      'a name without end': text(`<${'a'.repeat(MANY)}`),
    },
    pdf: {
      'a deep nest': text(`%PDF-1.7\n${'['.repeat(MANY)}`),
      'deep dictionaries': text(`%PDF-1.7\n${'<</A'.repeat(MANY / 4)}`),
      'a text of open brackets': text(`%PDF-1.7\n1 0 obj ${'('.repeat(MANY)}`),
      'many cross-reference tables': text(
        `%PDF-1.7\n${'xref\n0 99999999\ntrailer<</Prev 9>>\nstartxref\n9\n%%EOF\n'.repeat(5_000)}`,
      ),
      'a table of a million rows': text(
        `%PDF-1.7\nxref\n0 99999999\n${'0000000000 65535 n \n'.repeat(MANY / 20)}startxref\n9\n%%EOF\n`,
      ),
    },
    zip: {
      'a bomb': writeZip([{ name: 'a', bytes: Buffer.alloc(30 * MANY), stored: false }], NOON),
      'many names': writeZip(
        Array.from({ length: 1_000 }, (_, index) => ({
          name: `${'n'.repeat(200)}${index}`,
          bytes: Buffer.alloc(0),
          stored: true,
        })),
        NOON,
      ),
      'local headers alone': repeated('504b0304'),
      'ends alone': repeated('504b0506'),
      'a stream without directory': Buffer.concat([
        Buffer.from('504b030414000000080000000000', 'hex'),
        deflateRawSync(Buffer.alloc(8 * MANY)),
      ]),
    },
    text: {
      commas: text(','.repeat(MANY)),
      lines: text('\n'.repeat(MANY)),
      quotes: text('"'.repeat(MANY)),
      'PEM beginnings': text('-----BEGIN CERTIFICATE-----\n'.repeat(MANY / 28)),
      hyphens: text('-'.repeat(MANY)),
      'equals signs': text('='.repeat(MANY)),
      percents: text(`pkcs11:${'%41'.repeat(MANY / 3)}`),
      attributes: text(`pkcs11:${'token=a;'.repeat(MANY / 8)}`),
    },
  };
}

function nest(depth: number): Buffer {
  let inner: Buffer = asn1.NULL;
  for (let level = 0; level < depth; level += 1) inner = asn1.sequence(inner);
  return inner;
}

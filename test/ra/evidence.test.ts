import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

import t from 'tap';
import type { Test } from 'tap';

import { checkEvidence } from '../../cli/fsck/check-evidence.ts';
import { PgEvidenceStore } from '../../db/pg-evidence-store.ts';
import { openEvidenceVault, sealingOptions } from '../../cli/evidence-vault.ts';
import { SealingKeys } from '../../keys/sealing-keys.ts';
import { EVIDENCE_OCTETS_MAX } from '../../ra/evidence/evidence.ts';
import { pruneEvidence } from '../../ra/evidence/prune-evidence.ts';
import { recogniseMedia } from '../../ra/evidence/recognise-media.ts';
import type { Role } from '../../ra/officer.ts';
import { applicationBody } from '../support/applications.ts';
import { onBothDatabases } from '../support/both-databases.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const DAY = 24 * 3600;
const YEAR = 366 * DAY;

const chunk = (type: string, data: Buffer) => {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
};
const PNG = Buffer.concat([
  Buffer.from('89504e470d0a1a0a', 'hex'),
  chunk('IHDR', Buffer.alloc(13)),
  chunk('IEND', Buffer.alloc(0)),
]);
const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000ffda0008010100003f00aaffd9', 'hex');
/** One with an object stream. */
const pdfOf = (compressed: Buffer, entries = '', filter = '/FlateDecode') =>
  pdf(
    `1 0 obj << /Type /ObjStm /N 1 /First 4 /Filter ${filter} ${entries} >> stream\n${compressed.toString('latin1')}\nendstream endobj`,
  );
const scripted = deflateSync('1 0 << /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>');
const pdf = (body = '1 0 obj << /Type /Catalog >> endobj') =>
  Buffer.from(`%PDF-1.7\n${body}\ntrailer << >>\nstartxref\n9\n%%EOF\n`, 'latin1');

t.test('a file is what its content is', async (t) => {
  t.equal(recogniseMedia(PNG), 'image/png');
  t.equal(recogniseMedia(JPEG), 'image/jpeg');
  t.equal(recogniseMedia(pdf()), 'application/pdf');
  t.equal(
    recogniseMedia(pdfOf(deflateSync('<< /Type /Page >>'))),
    'application/pdf',
    'with compressed objects',
  );
  const picture = `1 0 obj << /Subtype /Image /Filter /DCTDecode >> stream\n/JS\nendstream endobj`;
  t.equal(recogniseMedia(pdf(picture.replace('/JS', 'JFIF'))), 'application/pdf', 'with a picture');
  const refused: [string, Buffer, string][] = [
    ['an SVG with a script', Buffer.from('<svg onload="alert(1)"/>'), 'evidence-type'],
    ['a page', Buffer.from('<!doctype html><script>1</script>'), 'evidence-type'],
    ['a program', Buffer.from('4d5a9000', 'hex'), 'evidence-type'],
    ['a GIF', Buffer.from('GIF89a;'), 'evidence-type'],
    ['nothing', Buffer.alloc(0), 'evidence-type'],
    ['a PNG with a page behind it', Buffer.concat([PNG, Buffer.from('<script>')]), 'evidence-type'],
    [
      'a PNG with a wrong checksum',
      Buffer.concat([PNG.subarray(0, -1), Buffer.from('00', 'hex')]),
      'evidence-type',
    ],
    ['a PNG that was cut off', PNG.subarray(0, -4), 'evidence-type'],
    ['a JPEG with an archive behind it', Buffer.concat([JPEG, Buffer.from('PK')]), 'evidence-type'],
    ['a JPEG without a scan', Buffer.from('ffd8ffe00004aabbffd9', 'hex'), 'evidence-type'],
    [
      'a PDF with a script',
      pdf('<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>'),
      'evidence-active-content',
    ],
    ['a PDF that hides it', pdf('<< /S /J#61vaScript >>'), 'evidence-active-content'],
    ['a PDF that hides it in compressed objects', pdfOf(scripted), 'evidence-active-content'],
    ['the same with the type of a picture', pdfOf(scripted, '/Subtype /Image'), 'evidence-active-content'],
    [
      'the same with a name in disguise',
      pdfOf(deflateSync('<< /S /J#61vaScript >>')),
      'evidence-active-content',
    ],
    [
      'compressed in another way',
      pdfOf(scripted, '', '[/ASCIIHexDecode /FlateDecode]'),
      'evidence-active-content',
    ],
    ['compressed by what another object says', pdfOf(scripted, '', '7 0 R'), 'evidence-active-content'],
    [
      'compressed with a predictor',
      pdfOf(scripted, '/DecodeParms << /Predictor 12 >>'),
      'evidence-active-content',
    ],
    [
      'compressed to a thousandth',
      pdfOf(deflateSync(Buffer.alloc(16 * 1024 * 1024))),
      'evidence-active-content',
    ],
    ['behind a string that looks like an object', pdfOf(scripted, '/X (2 0 obj)'), 'evidence-active-content'],
    ['behind a string that looks like a stream', pdfOf(scripted, '/X (stream)'), 'evidence-active-content'],
    ['compressed and cut off', pdfOf(scripted.subarray(0, 8)), 'evidence-active-content'],
    ['encrypted', pdf('trailer << /Encrypt 5 0 R >>'), 'evidence-active-content'],
    ['a PDF that starts programs', pdf('<< /S /Launch >>'), 'evidence-active-content'],
    ['a PDF without an end', pdf().subarray(0, -8), 'evidence-type'],
  ];
  for (const [name, content, code] of refused) t.throws(() => recogniseMedia(content), { code }, name);
});

t.test('papers of applications', async (t) => {
  await onBothDatabases(
    t,
    async (t, { opened, dataDirectory }) => {
      const service = await openTestService({ opened, dataDirectory });
      const desk = new Desk(service, dataDirectory);
      try {
        await t.test('a paper is kept, listed and opened again', (t) => kept(t, desk));
        await t.test('the database alone shows nobody what is in it', (t) => sealed(t, desk));
        await t.test('what is too large, of another type or badly named is refused', (t) =>
          refusals(t, desk),
        );
        await t.test('a new key seals, the old one still opens', (t) => rotation(t, desk));
        await t.test('fsck finds content that is not the recorded one', (t) => fsck(t, desk));
        await t.test('content goes when its time is over, and no hold keeps it; the hash stays', (t) =>
          retention(t, desk),
        );
      } finally {
        await service.close();
      }
    },
    'first-start',
  );
});

interface Paper {
  id: string;
  kind: string;
  mediaType: string;
  octets: number;
  sha256: string;
  retainUntil?: string;
  isHeld?: boolean;
  deletedAt?: string;
}

class Desk {
  readonly service: TestService;
  readonly dataDirectory: string;

  constructor(service: TestService, dataDirectory: string) {
    this.service = service;
    this.dataDirectory = dataDirectory;
  }

  async send(
    id: string,
    content: Buffer,
    fileName: string,
    { kind = 'id-copy', role = 'clerk' }: { kind?: string; role?: Role } = {},
  ) {
    const boundary = 'between-the-parts';
    const head =
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${fileName}"\r\n` +
      `content-type: application/octet-stream\r\n\r\n`;
    const answer = await this.service.app.inject({
      method: 'POST',
      url: `/api/v1/applications/${id}/evidence?kind=${kind}`,
      headers: {
        cookie: await this.service.cookieOf(role),
        'content-type': `multipart/form-data; boundary=${boundary}`,
      },
      payload: Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    });
    return { status: answer.statusCode, body: answer.json<Paper & { code?: string; detail?: string }>() };
  }

  async ask(role: Role, method: 'GET' | 'POST', url: string, payload?: object) {
    const headers = { cookie: await this.service.cookieOf(role) };
    return this.service.app.inject({ method, url: `/api/v1/applications/${url}`, headers, payload });
  }

  async papers(id: string): Promise<Paper[]> {
    return (await this.ask('auditor', 'GET', `${id}/evidence`)).json<{ items: Paper[] }>().items;
  }

  async file(): Promise<string> {
    const headers = { cookie: await this.service.cookieOf('clerk') };
    const payload = await applicationBody();
    const answer = await this.service.app.inject({
      method: 'POST',
      url: '/api/v1/applications',
      headers,
      payload,
    });
    return answer.json<{ id: string }>().id;
  }

  prune() {
    return pruneEvidence(this.service.house.services.papers, { kind: 'operator', id: 'test' });
  }
}

async function kept(t: Test, desk: Desk): Promise<void> {
  const id = await desk.file();
  const first = await desk.send(id, PNG, 'کارت ملی.png', { kind: 'id-copy' });
  t.match(first, { status: 201, body: { kind: 'id-copy', mediaType: 'image/png', octets: PNG.length } });
  const again = await desk.send(id, PNG, 'again.PNG');
  t.match(again, { status: 200, body: { id: first.body.id } }, 'sent twice, it is one');
  t.equal(
    (await desk.send(id, PNG, 'a.png', { kind: 'photo' })).status,
    201,
    'as another kind it is another paper',
  );
  t.equal((await desk.send(id, pdf(), 'form.pdf', { kind: 'signed-form' })).status, 201);
  t.strictSame(
    (await desk.papers(id)).map(({ kind, deletedAt, retainUntil }) => [kind, deletedAt, retainUntil]),
    [
      ['id-copy', undefined, undefined],
      ['photo', undefined, undefined],
      ['signed-form', undefined, undefined],
    ],
    'an open case has no date yet',
  );
  const opened = await desk.ask('approving-officer', 'GET', `${id}/evidence/${first.body.id}`);
  t.equal(opened.statusCode, 200);
  t.ok(opened.rawPayload.equals(PNG));
  t.match(opened.headers, {
    'content-type': 'image/png',
    'content-disposition': /^attachment; filename="id-copy-[0-9a-f-]+\.png"$/,
    'content-security-policy': /sandbox/,
    'x-content-type-options': 'nosniff',
  });
  t.equal((await desk.ask('office-manager', 'GET', `${id}/evidence/${first.body.id}`)).statusCode, 403);
  t.equal((await desk.ask('auditor', 'GET', `${id}/evidence/${id}`)).statusCode, 404);
  const events = await desk.service.house.stores.database.query<{ action: string }>({
    text: `select action from audit_event where subject = $1 and action like '%evidence' and outcome = 'accepted' order by id`,
    values: [`application:${id}`],
  });
  t.strictSame(
    events.map(({ action }) => action),
    ['add-evidence', 'add-evidence', 'add-evidence', 'read-evidence'],
    'adding and opening are recorded',
  );
}

async function sealed(t: Test, desk: Desk): Promise<void> {
  const id = await desk.file();
  const content = pdf('very readable words '.repeat(20));
  const { body } = await desk.send(id, content, 'form.pdf');
  const { stores, services } = desk.service.house;
  const stored = (await stores.evidence.content(body.id as never))!;
  t.notOk(stored.sealed.includes('readable'));
  t.match(stored.keyId, /^evidence-[0-9a-f]{12}-[0-9a-f]{8}$/);
  await t.rejects(
    services.papers.vault.unseal(id, stored),
    { code: 'sealed-content-damaged' },
    'bound to its row',
  );
  const elsewhere = openEvidenceVault({ dataDirectory: temporaryFolder(t), clock: desk.service.clock });
  await t.rejects(elsewhere.unseal(body.id, stored), { code: 'sealing-key-missing' });
}

async function refusals(t: Test, desk: Desk): Promise<void> {
  const id = await desk.file();
  const refused: [string, Buffer, string, number, string][] = [
    [
      'a scan of 20 MB',
      Buffer.concat([PNG, randomBytes(20 * 1024 * 1024)]),
      'scan.png',
      413,
      'evidence-too-large',
    ],
    ['an octet too many', Buffer.alloc(EVIDENCE_OCTETS_MAX + 1, 1), 'scan.png', 413, 'evidence-too-large'],
    ['a script as a picture', Buffer.from('<svg onload="alert(1)"/>'), 'photo.png', 415, 'evidence-type'],
    ['a PDF called a picture', pdf(), 'photo.png', 415, 'evidence-type'],
    ['a path', PNG, '../../etc/passwd.png', 422, 'evidence-name-malformed'],
    ['a script in the name', PNG, '<script>alert(1)</script>.png', 422, 'evidence-name-malformed'],
    ['letters that turn the name around', PNG, 'gnp.\u202efdp.png', 422, 'evidence-name-malformed'],
    ['a hidden file', PNG, '.png', 422, 'evidence-name-malformed'],
    ['a name without end', PNG, `${'a'.repeat(300)}.png`, 422, 'evidence-name-malformed'],
  ];
  for (const [name, content, fileName, status, code] of refused)
    t.match(await desk.send(id, content, fileName), { status, body: { code } }, name);
  t.match(
    (await desk.send(id, Buffer.alloc(20 * 1024 * 1024), 'scan.png')).body.detail,
    /allowed are 10485760/,
  );
  t.equal((await desk.send(id, PNG, 'a.png', { kind: 'nonsense' })).status, 400);
  t.equal((await desk.send(id, PNG, 'a.png', { role: 'approving-officer' })).status, 403);
  t.equal((await desk.send('0190a000-0000-7000-8000-000000000000', PNG, 'a.png')).status, 404);
  t.match(
    await desk.ask('clerk', 'POST', `${id}/evidence?kind=photo`, {}),
    { statusCode: 415 },
    'JSON is no file',
  );
  t.strictSame(await desk.papers(id), [], 'nothing was kept');
}

async function retention(t: Test, desk: Desk): Promise<void> {
  const { applicationId: id, certificate } = await issueDoctor(desk.service);
  const withdrawn = await desk.file();
  await desk.ask('clerk', 'POST', `${withdrawn}/withdraw`, { version: 1 });
  const paper = (await desk.send(id, PNG, 'a.png')).body;
  await desk.send(withdrawn, PNG, 'a.png');
  const [{ retainUntil }] = await desk.papers(id);
  const until = new Date(certificate.notAfter);
  until.setUTCFullYear(until.getUTCFullYear() + 15);
  t.equal(retainUntil, until.toISOString(), 'fifteen years after expiry');
  t.equal(await desk.prune(), 0);
  const { database } = desk.service.house.stores;
  await t.rejects(database.query({ text: 'delete from evidence_content' }), /evidence is kept/);
  await t.rejects(database.query({ text: 'delete from evidence' }), /append-only/);

  desk.service.clock.advanceSeconds(YEAR);
  t.equal(await desk.prune(), 1, 'of what came to nothing, a year after');
  t.match(await desk.papers(withdrawn), [{ deletedAt: /^2/, sha256: paper.sha256 }], 'the hash stays');

  const laid = await desk.ask('auditor', 'POST', `${id}/legal-holds`, { orderNumber: '1404/17-ب' });
  t.equal(laid.statusCode, 201);
  desk.service.clock.set(new Date(until.getTime() + DAY * 1000));
  t.equal(await desk.prune(), 0, 'the hold keeps it');
  t.match(await desk.papers(id), [{ isHeld: true }]);
  const lift = `${id}/legal-holds/${laid.json<{ id: string }>().id}/lift`;
  t.equal((await desk.ask('clerk', 'POST', lift)).statusCode, 403);
  t.equal((await desk.ask('auditor', 'POST', lift)).statusCode, 204);
  t.equal((await desk.ask('auditor', 'POST', lift)).statusCode, 404, 'once');
  const counts = await Promise.all([desk.prune(), desk.prune(), desk.prune()]);
  t.equal(
    counts.reduce((a, b) => a + b),
    1,
    'three at once delete it once',
  );
  t.match(await desk.ask('auditor', 'GET', `${id}/evidence/${paper.id}`), { statusCode: 410 });
}

async function rotation(t: Test, desk: Desk): Promise<void> {
  const { clock } = desk.service;
  const vault = () => openEvidenceVault({ dataDirectory: desk.dataDirectory, clock });
  const [before, running] = [vault(), vault()];
  const old = await before.seal('one', PNG);
  await running.unseal('one', old);
  clock.advanceSeconds(1);
  const newId = await SealingKeys.rotate(await sealingOptions({ dataDirectory: desk.dataDirectory, clock }));
  const after = vault();
  const fresh = await after.seal('two', PNG);
  t.equal(fresh.keyId, newId);
  t.ok((await after.unseal('one', old)).equals(PNG));
  t.ok((await running.unseal('two', fresh)).equals(PNG), 'a process that was running finds the new key');
  fresh.sealed[20] ^= 1;
  await t.rejects(after.unseal('two', fresh), { code: 'sealed-content-damaged' });
}

async function fsck(t: Test, desk: Desk): Promise<void> {
  const { stores, services } = desk.service.house;
  const found = async () => {
    const findings: string[] = [];
    for await (const { code, subject } of checkEvidence(stores.evidence, services.papers.vault))
      findings.push(`${code} ${subject}`);
    return findings;
  };
  t.strictSame(await found(), []);
  const id = await desk.file();
  const [one, other] = [await desk.send(id, PNG, 'a.png'), await desk.send(id, JPEG, 'a.jpg')];
  await stores.database.query({
    text: `begin; set local session_replication_role = replica;
      update evidence_content set sealed = set_byte(sealed, 20, 255 - get_byte(sealed, 20)) where evidence_id = '${one.body.id}';
      delete from evidence_content where evidence_id = '${other.body.id}'; commit`,
  });
  // Its time was over after the row was read.
  const late = await desk.send(await desk.file(), PNG, 'late.png');
  await stores.database.query({
    text: `begin; set local session_replication_role = replica;
      insert into evidence_deletion (evidence_id, deleted_at, deleted_by) values ('${late.body.id}', now(), 'test');
      delete from evidence_content where evidence_id = '${late.body.id}'; commit`,
  });
  class ReadBefore extends PgEvidenceStore {
    override async *all(pageRows: number) {
      for await (const { evidence } of super.all(pageRows)) yield { evidence, isDeleted: false };
    }
  }
  const before = new ReadBefore(stores.database);
  const damaged: string[] = [];
  for await (const { subject } of checkEvidence(before, services.papers.vault)) damaged.push(subject);
  t.notOk(damaged.includes(`evidence:${late.body.id}`), 'what is deleted meanwhile is not damaged');
  t.strictSame(
    (await found()).sort(),
    [`evidence-content evidence:${one.body.id}`, `evidence-content evidence:${other.body.id}`].sort(),
  );
}

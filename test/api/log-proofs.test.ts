import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { pino } from 'pino';
import t from 'tap';

import { buildWitnessApp } from '../../api/witness/witness-app.ts';
import { parseCheckpoint } from '../../audit/checkpoint.ts';
import { parseLeaf } from '../../audit/log-leaf.ts';
import { parseEntryBundle } from '../../audit/merkle/entry-bundle.ts';
import { leafHash } from '../../audit/merkle/tree-hash.ts';
import { verifyConsistency } from '../../audit/merkle/verify-proof.ts';
import {
  cosignedAt,
  encodeNoteKey,
  isSignatureOf,
  noteKeyOf,
  parseNoteKey,
} from '../../audit/note/note-key.ts';
import { parseNote } from '../../audit/note/signed-note.ts';
import { verifyEventProof } from '../../audit/prove-event.ts';
import { showCheckpoint } from '../../audit/witness/show-checkpoint.ts';
import { WitnessFolder } from '../../cli/audit/witness-folder.ts';
import { HttpWitness, readWitnesses } from '../../cli/transparency/http-witness.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { parseTimeStampToken } from '../../pki/tsp/time-stamp-token.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { ed25519Signer } from '../support/memory-witness.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { onOneService } from '../support/test-service.ts';

interface Proof {
  leaf: Record<string, unknown>;
  leafIndex: number;
  treeSize: number;
  checkpoint: string;
  tlogProof: string;
  timeStamp?: string;
}

await t.test('the log is served, and proves what is in it', async (t) => {
  await onOneService(t, async (t, service) => {
    const { app, house, cookieOf } = service;
    const { transparency, database, logKeys } = house.stores;
    const get = (url: string, cookie?: string) =>
      app.inject({ method: 'GET', url, ...(cookie !== undefined && { headers: { cookie } }) });
    await house.log.publish();
    const before = parseCheckpoint(parseNote((await get('/log/checkpoint')).body).text);
    const doctor = await issueDoctor(service);
    const serialNumber = doctor.certificate.serialNumber.toString('hex');
    const asked = `/api/v1/log/inclusion-proof?authorityId=bronze&serialNumber=${serialNumber}`;
    t.equal((await get(asked)).statusCode, 404, 'nothing is proven that is not signed');
    await house.log.publish();
    await house.log.stamp!();
    const keys = (await database.transaction((tx) => logKeys.listKeys(tx))).map(({ noteKey }) =>
      parseNoteKey(noteKey),
    );

    await t.test('a certificate, an approval and an event', async (t) => {
      const proof = (await get(asked)).json<Proof>();
      const proven = verifyEventProof(proof.tlogProof, keys);
      t.match(proven.leaf, { action: 'issue-certificate', subject: `certificate:bronze/${serialNumber}` });
      t.match(proof.leaf, proven.leaf);
      t.ok(proof.timeStamp, 'the time of the checkpoint is certified');
      const approval = (
        await get(`/api/v1/log/inclusion-proof?applicationId=${doctor.applicationId}`)
      ).json<Proof>();
      t.equal(verifyEventProof(approval.tlogProof, keys).leaf.action, 'approve-application');
      const byEvent = await get(`/api/v1/log/inclusion-proof?eventId=${proven.leaf.event}`);
      t.equal(byEvent.json<Proof>().leafIndex, proof.leafIndex);
      t.throws(() => verifyEventProof(proof.tlogProof, []), { code: 'note-signature' });
      const forged = proof.tlogProof.replace(/^extra .*$/m, `extra ${Buffer.from('{}').toString('base64')}`);
      t.throws(() => verifyEventProof(forged, keys), { code: 'proof-wrong' });
      t.equal((await get('/api/v1/log/inclusion-proof')).json<{ code: string }>().code, 'leaf-not-named');
    });

    await t.test('one size begins with another', async (t) => {
      const after = parseCheckpoint(parseNote((await get('/log/checkpoint')).body).text);
      const { hashes } = (
        await get(`/api/v1/log/consistency-proof?from=${before.size}&to=${after.size}`)
      ).json<{ hashes: string[] }>();
      verifyConsistency({
        oldSize: before.size,
        oldRoot: before.root,
        ...after,
        proof: hashes.map((hash) => Buffer.from(hash, 'base64')),
      });
      const beyond = await get(`/api/v1/log/consistency-proof?from=1&to=${after.size + 9999}`);
      t.equal(beyond.json<{ code: string }>().code, 'tree-size');
    });

    await t.test('tiles and entries are those of C2SP', async (t) => {
      const size = await transparency.treeSize();
      const width = Math.min(256, size);
      const partial = width < 256 ? `.p/${width}` : '';
      const entries = parseEntryBundle((await get(`/log/tile/entries/000${partial}`)).rawPayload);
      const hashes = (await get(`/log/tile/0/000${partial}`)).rawPayload;
      t.strictSame(Buffer.concat(entries.map(leafHash)), hashes);
      t.ok(entries.map(parseLeaf).every(({ event }) => event > 0));
      for (const missing of ['entries/000.p/255', '1/000', '0/000.p/0', '0/999', 'x', '0/..%2f..'])
        t.equal((await get(`/log/tile/${missing}`)).statusCode, 404, missing);
      t.equal((await get('/log/checkpoint/999999')).statusCode, 404);
      const { treeSize } = (await get(asked)).json<Proof>();
      const stamped = await get(`/log/checkpoint/${treeSize}/time-stamp`);
      t.equal(stamped.headers['content-type'], 'application/timestamp-token');
      t.equal((await get('/log/time-stamps')).body.split('\n')[0], String(treeSize));
      t.equal((await get(`/log/time-stamps?below=${treeSize}`)).body, '');
      t.equal((await get('/log/time-stamps?below=x')).statusCode, 404);
      const { body } = await get(`/log/checkpoint/${treeSize}/stamped`);
      const { hash } = parseTimeStampToken(stamped.rawPayload).info;
      t.same(hash, digest('sha256', Buffer.from(body)), 'the stamp is over these octets');
      t.equal((await get('/log/checkpoint/999999/stamped')).statusCode, 404);
    });

    await t.test('auditors find events by subject, action and time', async (t) => {
      const cookie = await cookieOf('auditor');
      const find = async (query: string) =>
        (await get(`/api/v1/events?${query}`, cookie)).json<{ items: { id: number; action: string }[] }>()
          .items;
      const subject = `certificate:bronze/${serialNumber}`;
      t.same(
        (await find(`subject=${subject}`)).map(({ action }) => action),
        ['issue-certificate', 'intend-certificate'],
      );
      const [{ id }] = await find(`subject=${subject}&action=issue-certificate`);
      t.same(await find(`subject=${subject}&action=issue-certificate&before=${id}`), []);
      t.same(await find(`subject=${subject}&until=2000-01-01T00:00:00Z`), []);
      t.equal((await find(`subject=${subject}&from=2000-01-01T00:00:00Z&limit=1`)).length, 1);
      t.equal((await get('/api/v1/events')).statusCode, 401);
      t.equal((await get('/api/v1/events', await cookieOf('clerk'))).statusCode, 403);
    });

    await t.test('a witness over HTTP cosigns what follows, and nothing else', async (t) => {
      const signer = ed25519Signer();
      const key = noteKeyOf(signer, 'auditor.test/witness', 'cosignature');
      const memory = new WitnessFolder(temporaryFolder(t));
      const { clock } = service;
      const logger = pino({ level: 'silent' });
      const witnessApp = await buildWitnessApp({ key, signer, logs: keys, memory, clock }, logger);
      t.teardown(() => witnessApp.close());
      const url = await witnessApp.listen({ host: '127.0.0.1', port: 0 });
      const list = join(temporaryFolder(t), 'witnesses');
      writeFileSync(list, `# of the auditor\n${encodeNoteKey(key)} ${url}/\n`);
      const [witness] = await readWitnesses(list);
      const shown = { transparency, transactions: database, clock };
      t.equal(await showCheckpoint(shown, witness), true);
      t.equal(await showCheckpoint(shown, witness), false, 'nothing is new');
      const { text, signatures } = parseNote((await get('/log/checkpoint')).body);
      const line = signatures.find((one) => isSignatureOf(key, text, one))!;
      t.equal(cosignedAt(line).getTime(), Math.floor(clock.now().getTime() / 1000) * 1000);
      t.equal((await memory.last(keys[0].name))?.size, parseCheckpoint(text).size);

      const post = async (body: string) =>
        (await fetch(`${url}/add-checkpoint`, { method: 'POST', body })).status;
      const latest = (await transparency.latestCheckpoint())!;
      t.equal(await post('x'), 400);
      t.equal(await post(`old 1\n\n${latest.note}`), 409, 'it says what it knows');
      t.equal(
        await post(
          `old ${latest.size}\n\n${latest.note.replace(text.split('\n')[2], Buffer.alloc(32).toString('base64'))}`,
        ),
        403,
      );
      t.equal(await post(`old 0\n\n${latest.note.replace(keys[0].name, 'another.test/log')}`), 404);
      const unsigned = latest.note.replace(text.split('\n')[2], Buffer.alloc(32).toString('base64'));
      await t.rejects(
        witness.add({ oldSize: latest.size, proof: [], note: unsigned }),
        { code: 'witness-refused', detail: /HTTP 403: .*`mohr audit keys list`/ },
        'what to do about a key that it was not told is said',
      );

      const older = { ...before, root: Buffer.alloc(32, 1) };
      const forked = await buildWitnessApp(
        {
          key,
          signer,
          logs: keys,
          clock,
          memory: { last: async () => older, remember: async () => undefined },
        },
        logger,
      );
      t.teardown(() => forked.close());
      const forkedWitness = new HttpWitness(key, await forked.listen({ host: '127.0.0.1', port: 0 }));
      await t.rejects(
        showCheckpoint({ ...shown, transparency: withoutWitnesses(transparency) }, forkedWitness),
        { code: 'log-forked' },
        'one that has seen another history says so',
      );
      await t.rejects(
        showCheckpoint(
          { ...shown, transparency: withoutWitnesses(transparency) },
          new HttpWitness(key, 'http://127.0.0.1:1'),
        ),
        { code: 'witness-unreachable' },
      );
    });

    await t.test('its size and ages are measured', async (t) => {
      const { text } = await house.services.metrics.render();
      t.match(
        text,
        new RegExp(`mohr_log_checkpoint_leaves ${(await transparency.latestCheckpoint())!.size}\n`),
      );
      t.match(text, /mohr_log_unsequenced_seconds \d/);
    });
  });
});

/** As a log that has shown nothing to anybody yet. */
function withoutWitnesses<Log extends object>(log: Log): Log {
  return new Proxy(log, {
    get: (target, name) => {
      if (name === 'witnessed') return async () => new Map();
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}

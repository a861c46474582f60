import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import t from 'tap';
import type { Test } from 'tap';

import { parseCertificate } from '../../pki/certificate.ts';
import { parseCertificateList } from '../../pki/crl.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { encodeOcspRequest } from '../../pki/ocsp-request.ts';
import { readVerified } from '../support/fixture-ocsp.ts';
import { jumpingClock } from '../support/jumping-clock.ts';
import { NodeProcess } from '../support/node-process.ts';
import { runMohr } from '../support/run-mohr.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// The clock of a whole running service is set six hours forward, as by a broken time server, and back again.

const JUMP_SECONDS = 6 * 3600;

t.test('a service whose clock jumps', async (t) => {
  const clock = jumpingClock(t);
  const folder = temporaryFolder(t);
  const variables = { ...clock.variables, MOHR_DATA_DIR: join(folder, 'data'), MOHR_CHECKPOINT_SECONDS: '1' };
  const node = await NodeProcess.create(t, variables);
  node.start();
  await node.ready();
  const service = new Observed(node, folder, () => clock.now());
  const links = node.loginLinks.map((link) => new URL(link).hash.slice(1));
  const session = (await service.signIn(links[0]))!;
  const before = { crl: await service.crl(), checkpoint: await service.logSize() };
  t.equal(await service.statusOf(session), 200);
  t.match(await service.stamp(), /Status: Granted/);
  await service.isHonest(t, 'before');

  await t.test('forward', async (t) => {
    clock.jumpTo(JUMP_SECONDS);
    await service.isHonest(t, 'after the jump');
    t.equal(await service.statusOf(session), 401, 'a session that was left for six hours is over');
    t.equal(await service.signIn(links[1]), undefined, 'and so is a link');
    t.ok((await service.crl()).number >= before.crl.number);
    t.match(await service.stamp(), /Status: Rejected/, 'a clock that jumped certifies nothing');
  });

  await t.test('and back', async (t) => {
    clock.jumpTo(0);
    await service.isHonest(t, 'after the jump');
    t.equal(await service.statusOf(session), 401, 'what was over stays over');
    t.match(await service.stamp(), /Status: Rejected/, 'no token is older than another');
    const again = await service.signIn(links[2]);
    t.equal(await service.statusOf(again!), 200, 'officers work');
    while ((await service.logSize()) <= before.checkpoint) await delay(50);
    t.ok((await service.crl()).number >= before.crl.number);
    t.equal(await node.stop(), 0);
    const { code, stdout, stderr } = await runMohr(['fsck'], variables);
    t.equal(code, 0, stdout + stderr);
  });
});

/** What the world sees of the service, and when it is seen. */
class Observed {
  readonly #node: NodeProcess;
  readonly #folder: string;
  readonly #now: () => Date;

  constructor(node: NodeProcess, folder: string, now: () => Date) {
    this.#node = node;
    this.#folder = folder;
    this.#now = now;
  }

  async octets(path: string, init?: RequestInit): Promise<Buffer> {
    return Buffer.from(await (await fetch(this.#node.url + path, init)).arrayBuffer());
  }

  /** OCSP answers and the CRL are of now: neither from a time that has not come, nor over. */
  async isHonest(t: Test, when: string): Promise<void> {
    const issuer = parseCertificate(await this.octets('/ca/bronze.cer'));
    const answer = await this.octets('/ocsp/bronze', {
      method: 'POST',
      headers: { 'content-type': 'application/ocsp-request' },
      body: encodeOcspRequest([
        encodeCertId('sha256', issuer, Buffer.concat([Buffer.of(1), randomBytes(15)])),
      ]),
    });
    const [response] = readVerified(answer, issuer).responses;
    t.ok(response.thisUpdate <= this.#now(), `${when}: OCSP of ${response.thisUpdate.toISOString()}`);
    t.ok(response.nextUpdate! > this.#now(), `${when}: OCSP until ${response.nextUpdate!.toISOString()}`);
    const isOfNow = async () => {
      const { thisUpdate, nextUpdate } = await this.crl();
      return thisUpdate <= this.#now() && nextUpdate > this.#now();
    };
    // The schedule notices.
    while (!(await isOfNow())) await delay(50);
    t.pass(`${when}: the CRL is of now`);
  }

  async crl() {
    const { crlNumber, thisUpdate, nextUpdate } = parseCertificateList(await this.octets('/crl/bronze.crl'));
    return { number: crlNumber!, thisUpdate, nextUpdate: nextUpdate! };
  }

  /** Undefined: the link is none. */
  async signIn(loginLink: string): Promise<string | undefined> {
    const answer = await fetch(`${this.#node.url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ loginLink }),
    });
    return answer.headers.getSetCookie()[0]?.split(';')[0];
  }

  async statusOf(cookie: string): Promise<number> {
    return (await fetch(`${this.#node.url}/api/v1/sessions/current`, { headers: { cookie } })).status;
  }

  /** The answer of the time-stamping authority, as OpenSSL reads it. */
  async stamp(): Promise<string> {
    const digest = randomBytes(32).toString('hex');
    const cwd = this.#folder;
    const query = runOpenssl(['ts', '-query', '-digest', digest, '-sha256', '-cert'], { cwd });
    const answer = await this.octets('/tsa', {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query' },
      body: query,
    });
    writeFileSync(join(cwd, 'answer.tsr'), answer);
    return runOpenssl(['ts', '-reply', '-in', 'answer.tsr', '-text'], { cwd }).toString();
  }

  /** Of the newest checkpoint outside: how many events it has. */
  async logSize(): Promise<number> {
    const [, size] = (await this.octets('/log/checkpoint')).toString().split('\n');
    return Number(size);
  }
}

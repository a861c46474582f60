import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { readAttestationFile } from '../../cli/enrolment/attestation-file.ts';
import { openAttestationJudges } from '../../cli/enrolment/attestation-judge.ts';
import { attestationChallenge } from '../../pki/attestation/key-attestation.ts';
import { ageStatusList, writeAttestationFile } from '../support/attestation-folder.ts';
import { APP, APPLE_APP_ID, androidStatement, manufacturer } from '../support/attestations.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const HOUR = 3_600_000;
const maker = await manufacturer();

t.test('the file of what is asked of phones', async (t) => {
  const folder = temporaryFolder(t);
  const path = writeAttestationFile(folder, maker);
  const file = await readAttestationFile(path);
  t.match(file, { android: { apps: [APP], patchLevelMin: 202_601, statusList: { hoursMax: 48 } } });
  t.strictSame(file.apple?.appIds, [APPLE_APP_ID]);
  t.ok(file.android?.roots[0].bytes.equals(maker.root.bytes));
  const text = readFileSync(path, 'utf8');
  const wrong: [name: string, from: string, to: string, detail: RegExp][] = [
    ['not JSON', '{', '', /not JSON/],
    ['a list', text, '[]', /expected an object/],
    ['an unknown member', '"android"', '"andriod"', /andriod: no such member/],
    ['an unknown member within', '"roots"', '"rotos":1,"roots"', /android: rotos: no such member/],
    ['no roots', '"roots":"roots.pem",', '', /android: roots is missing/],
    ['roots without a certificate', 'roots.pem', 'status.json', /no certificate in/],
    ['no app', text.slice(text.indexOf('[{'), text.indexOf('}]') + 2), '[]', /apps: expected a list/],
    ['an app without its signer', APP.signerSha256[0].toString('hex'), 'ab', /apps: each has/],
    ['a level that is no month', '202601', '2026', /patchLevelMin: expected a whole number/],
    ['an app id without a team', APPLE_APP_ID, 'ir.example.mohr', /appIds: each is/],
  ];
  for (const [name, from, to, detail] of wrong) {
    const changed = text.replace(from, to);
    t.not(changed, text, name);
    writeFileSync(path, changed);
    await t.rejects(readAttestationFile(path), { code: 'attestation-file', detail }, name);
  }
  await t.rejects(readAttestationFile(join(folder, 'none.json')), { code: 'input-unreadable' });
});

t.test(
  'the list of withdrawn devices counts while it is fresh, whole, and read anew when it changes',
  async (t) => {
    const folder = temporaryFolder(t);
    const { judge, judgeAgain } = await openAttestationJudges(writeAttestationFile(folder, maker));
    const now = new Date('2026-06-01T00:00:00Z');
    const nonce = Buffer.alloc(32, 1);
    const origin = 'application:test';
    const { subjectPublicKeyInfo } = memorySigner();
    const key = { subjectPublicKeyInfo, challenge: attestationChallenge(nonce, origin) };
    const statement = await androidStatement(maker, key);
    const asked = {
      attestation: { format: 'android-key' as const, nonce, statement },
      subjectPublicKeyInfo,
      subject: origin,
      now,
    };
    const hardware = { hardware: 'trusted-environment' };
    const outdated = { fault: 'attestation-status-outdated' };
    const write = (text: string, writtenAt: number) => {
      writeFileSync(join(folder, 'status.json'), text);
      ageStatusList(folder, new Date(writtenAt));
    };
    ageStatusList(folder, new Date(now.getTime() - 48 * HOUR));
    t.strictSame(await judge(asked), hardware, 'to the hour');
    ageStatusList(folder, new Date(now.getTime() - 48 * HOUR - 1000));
    t.strictSame(await judge(asked), outdated);
    t.strictSame(judgeAgain(asked), hardware, 'which is not asked of what was judged before');
    write('{"entries":{"1":{"status":"REVOKED"}}}', now.getTime());
    t.strictSame(await judge(asked), { fault: 'attestation-revoked' });
    write('{"entries":', now.getTime() + 1000);
    t.strictSame(await judge(asked), outdated, 'broken');
    const none = await openAttestationJudges(undefined);
    t.strictSame(await none.judge(asked), { fault: 'attestation-not-configured' });
  },
);

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { KNOWN_DOCTORS } from '../registers/registered-person.ts';
import { DoctorsPhone } from './doctor.ts';
import type { Cast } from './enrolment.ts';
import type { Narrator } from './narrator.ts';
import type { SoftwareAuthenticator } from './software-authenticator.ts';

/** A short message is in its file within a second; the demo waits at most this long. */
const MESSAGE_WAIT_MILLISECONDS = 15_000;

/** Of `npm start`, without settings. */
const PHONE_PAGE = 'http://localhost:8080/phone';

export interface PhoneEnrolmentOptions {
  cast: Cast;
  narrator: Narrator;
  /** Of the second officer. */
  passkey: SoftwareAuthenticator;
  /** Where the service writes the messages that nobody sends. */
  dataDirectory: string;
}

/** Another doctor, whose phone makes the key at home, after the approval. */
export async function enrolPhone(options: PhoneEnrolmentOptions): Promise<void> {
  const { cast, narrator, passkey, dataDirectory } = options;
  const [{ mobile, nationalId, givenName, surname, latinName, councilNumber }] = KNOWN_DOCTORS;
  narrator.step(
    `Dr ${latinName} applies with a phone: no key yet, and a number that Shahkar knows as theirs.`,
  );
  const applicant = { nationalId, givenName, surname, latinName, councilNumber };
  const body = { profile: 'signing-phone', applicant, delivery: 'phone' };
  const { body: application } = await cast.clerk.json('POST', '/api/v1/applications', body);
  const path = `/api/v1/applications/${application.id}`;
  narrator.expect('contact', (await cast.clerk.json('PUT', `${path}/contact`, { mobile })).status, 200);
  const prepared = await cast.secondOfficer.json('GET', `${path}/approval`);
  const assertion = passkey.get(prepared.body.options);
  const approve = { version: application.version, assertion };
  const approved = await cast.secondOfficer.json('POST', `${path}/approve`, approve);
  narrator.expect('approved, and waiting for the phone', approved.body.state, 'activation');

  narrator.step('The desk shows a secret as a QR code, the code comes by short message; the phone has both.');
  const shown = await cast.clerk.json('POST', `${path}/activation-codes`, { renew: 'desk-secret' });
  const secrets = {
    applicationId: application.id,
    deskSecret: shown.body.deskSecret,
    code: await codeIn(join(dataDirectory, 'messages.ndjson'), mobile),
    certificationRequest: await new DoctorsPhone().certificationRequest(),
  };
  const enrol = (override: object) =>
    cast.public.json('POST', '/api/v1/enrolments', { ...secrets, ...override });
  narrator.expect('the code alone', (await enrol({ deskSecret: 'guessed' })).body.code, 'activation-refused');
  const enrolled = await enrol({});
  narrator.expect('both', [enrolled.status, enrolled.body.profile], [200, 'signing-phone']);
  const page = (await cast.public.download('/phone')).toString();
  narrator.expect('the page that does this in a browser', /<title>[^<]+<\/title>/.test(page), true);
  narrator.say(
    `      Yours to try: npm start, file an application for a phone in the console, and scan its QR code. It leads to ${PHONE_PAGE}\n` +
      '      on the same machine; on a real phone it takes https (docs/PHONE.md).',
  );
}

/** The code of the newest message to a number. */
export async function codeIn(path: string, mobile: string): Promise<string> {
  for (let waited = 0; waited < MESSAGE_WAIT_MILLISECONDS; waited += 200) {
    const lines = (await readFile(path, 'utf8').catch(() => '')).trim().split('\n');
    const texts = lines.flatMap((line) =>
      line.includes(mobile) ? (JSON.parse(line) as { text: string }).text : [],
    );
    const code = /[0-9]{8}/.exec(texts.at(-1) ?? '');
    if (code) return code[0];
    await delay(200);
  }
  throw new Error('no code came');
}

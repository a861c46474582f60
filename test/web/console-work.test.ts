import t from 'tap';

import { LANGUAGES } from '../../web/i18n/language.ts';
import { startBrowser } from '../support/console-browser.ts';
import { startConsoleService } from '../support/console-service.ts';
import { seatStaff } from '../support/console-staff.ts';
import { activatesPhone, withdrawsActivation } from './activation.cases.ts';
import { blocksAtNight } from './block.cases.ts';
import { takesUpDrafts } from './drafts.cases.ts';
import { addsEvidence } from './evidence.cases.ts';
import { inspects } from './inspections.cases.ts';
import { managesOfficers } from './offices.cases.ts';
import { changesPasskeys } from './passkeys.cases.ts';
import { asksRegistersAgain, outlastsHangingRegister } from './registers.cases.ts';
import { allowsDigests, registersParty } from './relying-parties.cases.ts';
import { changesStatus } from './status.cases.ts';

// What goes on at an office besides the main job, and what goes wrong. One service and one browser for all: both take seconds.
const service = await startConsoleService(t);
const browser = await startBrowser();
t.teardown(() => browser.close());
const staff = await seatStaff(browser, service);

for (const language of LANGUAGES) {
  await t.test(`drafts are saved, taken up elsewhere and filed once (${language})`, (t) =>
    takesUpDrafts(t, language, browser, service, staff),
  );
  await t.test(`a phone is activated after the approval (${language})`, (t) =>
    activatesPhone(t, language, service, staff),
  );
  await t.test(`a holder blocks the key by code and by password (${language})`, (t) =>
    blocksAtNight(t, language, browser, service, staff),
  );
  await t.test(`a sample is drawn and a finding recorded (${language})`, (t) =>
    inspects(t, language, staff.security),
  );
  await t.test(`a relying party may hand in digests, and may not any more (${language})`, (t) =>
    allowsDigests(t, language, staff),
  );
  await t.test(`a relying party is registered, gets a key, is disabled (${language})`, (t) =>
    registersParty(t, language, staff),
  );
}
await t.test('what waits for its holder is withdrawn', (t) => withdrawsActivation(t, 'en', staff));
await t.test('papers are added; what is none, or too much, is not sent', (t) =>
  addsEvidence(t, 'fa', staff.clerk),
);
await t.test('a certificate is held, released and revoked', (t) => changesStatus(t, 'en', staff));
await t.test('officers come, race, change and go by the word of two', (t) =>
  managesOfficers(t, 'fa', browser, service, staff),
);
let waiting = '';
await t.test('a register that hangs holds nobody up, and lets nothing through', async (t) => {
  waiting = await outlastsHangingRegister(t, 'fa', service, staff);
});
await t.test('an officer changes computers', (t) => changesPasskeys(t, 'fa', staff.manager));
await t.test('a register that answers again lets the same case through', (t) =>
  asksRegistersAgain(t, 'fa', service, staff, waiting),
);
await t.test('no page breaks its policy, asks another origin for anything, or fails', async (t) => {
  const faults = Object.values(staff).flatMap((desk) => desk.faults);
  t.strictSame(faults, []);
});

import t from 'tap';

import { startBrowser } from '../support/console-browser.ts';
import { startConsoleService } from '../support/console-service.ts';
import { seatStaff } from '../support/console-staff.ts';
import { findsNoViolation } from './accessibility.cases.ts';
import { enrols } from './enrolment.cases.ts';
import { filesByKeyboard } from './keyboard.cases.ts';
import { laysOutRightToLeft } from './layout.cases.ts';
import { signsInAgain } from './session.cases.ts';

// One service and one browser for all: both take seconds to start.
const service = await startConsoleService(t);
const browser = await startBrowser();
t.teardown(() => browser.close());
const staff = await seatStaff(browser, service);

await t.test('two officers enrol a doctor, in Persian', (t) => enrols(t, 'fa', staff));
await t.test('two officers enrol a doctor, in English', (t) => enrols(t, 'en', staff));
await t.test('a clerk files by keyboard alone', (t) => filesByKeyboard(t, staff.clerk));
await t.test('pages are right to left in Persian, identifiers left to right, on desk and tablet', (t) =>
  laysOutRightToLeft(t, staff.clerk),
);
await t.test('a session that ends in the middle of typing takes nothing with it', (t) =>
  signsInAgain(t, staff.clerk),
);
await t.test('axe finds no violation of WCAG 2.2 AA on any page, in either language', (t) =>
  findsNoViolation(t, browser, service, staff),
);
await t.test('no page breaks its policy, asks another origin for anything, or fails', async (t) => {
  const faults = Object.values(staff).flatMap((desk) => desk.faults);
  t.strictSame(faults, []);
});

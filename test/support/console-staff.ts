import type { Browser } from 'playwright-core';

import { signInByLink } from './console-acts.ts';
import { openDesk } from './console-browser.ts';
import type { Desk, DeskOptions } from './console-browser.ts';
import type { ConsoleService } from './console-service.ts';

/** The demonstration office's officers in the order of the banner's sign-in links. */
const STAFF = ['clerk', 'approver', 'operator', 'manager', 'security'] as const;

/** Each with a passkey of their own, at a desk of their own. */
export type Staff = Record<(typeof STAFF)[number], Desk>;

export async function seatStaff(
  browser: Browser,
  { origin, loginSecrets }: ConsoleService,
  options: DeskOptions = {},
): Promise<Staff> {
  const seated = await Promise.all(
    STAFF.map(async (name, index) => {
      const desk = await openDesk(browser, origin, options);
      await signInByLink(desk.page, options.language ?? 'fa', loginSecrets[index]);
      return [name, desk] as const;
    }),
  );
  return Object.fromEntries(seated) as Staff;
}

import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

import { syntheticDoctor } from '../../cli/registers/registered-person.ts';
import type { ConsoleService } from './console-service.ts';

/** The code in the last short message to a number. The service sends from its outbox, in its own time. */
export async function codeSentTo({ messagesFile }: ConsoleService, mobile: string): Promise<string> {
  for (;;) {
    const lines = readFileSync(messagesFile, { encoding: 'utf8', flag: 'a+' }).split('\n').filter(Boolean);
    const sent = lines.map((line) => JSON.parse(line) as { to: string; text: string });
    const code = /\d{6,8}/.exec(sent.findLast(({ to }) => to === mobile)?.text ?? '');
    if (code) return code[0];
    await wait(50);
  }
}

/** The number that Shahkar knows for a synthetic doctor. */
export function mobileOf(nationalId: string): string {
  for (let seed = 1; ; seed += 1) {
    const doctor = syntheticDoctor(seed);
    if (doctor.nationalId === nationalId) return doctor.mobile;
  }
}

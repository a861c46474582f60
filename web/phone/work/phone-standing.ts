import type { IconName } from '../../app/icons.tsx';
import type { TextKey } from '../../i18n/catalogue.ts';
import type { Tone } from '../../parts/notice.tsx';
import type { Standing } from '../keys/phone-records.ts';

export type PhoneStanding = 'good' | 'on-hold' | 'revoked' | 'expired' | 'unknown';

/** How a certificate stands, and what its holder should know of it. */
export const PHONE_STANDINGS: Readonly<
  Record<PhoneStanding, { tone: Tone; icon: IconName; text?: TextKey }>
> = {
  good: { tone: 'good', icon: 'check' },
  'on-hold': { tone: 'warn', icon: 'hold', text: 'phone.on-hold-text' },
  revoked: { tone: 'bad', icon: 'cross', text: 'phone.revoked-text' },
  expired: { tone: 'bad', icon: 'wait', text: 'phone.expired-text' },
  unknown: { tone: 'quiet', icon: 'info' },
};

/** What the service says comes before what the phone's clock says. */
export function phoneStanding(
  status: Standing['status'] | undefined,
  notAfter: string,
  now: Date,
): PhoneStanding {
  if (status?.kind === 'revoked') return status.reason === 'certificateHold' ? 'on-hold' : 'revoked';
  if (now > new Date(notAfter)) return 'expired';
  return status ? 'good' : 'unknown';
}

import type { IconName } from '../../app/icons.tsx';
import type { TextKey } from '../../i18n/catalogue.ts';
import type { Tone } from '../../parts/notice.tsx';
import type { PhoneStanding } from '../tasks/phone-standing.ts';

/** How a standing looks, and what its holder should know of it. */
export const PHONE_STANDINGS: Readonly<
  Record<PhoneStanding, { tone: Tone; icon: IconName; text?: TextKey }>
> = {
  good: { tone: 'good', icon: 'check' },
  'on-hold': { tone: 'warn', icon: 'hold', text: 'phone.on-hold-text' },
  revoked: { tone: 'bad', icon: 'cross', text: 'phone.revoked-text' },
  expired: { tone: 'bad', icon: 'wait', text: 'phone.expired-text' },
  unknown: { tone: 'quiet', icon: 'info' },
};

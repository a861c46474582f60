import { isPushHostPattern } from '../../signing/push/push-hosts.ts';

/** Whether and where phones are woken. */
export interface PushSettings {
  /** Empty: not at all. */
  pushHosts: readonly string[];
  /** Absent: the console's address. */
  pushContact?: string;
}

/** Push services of the browsers that phones have. */
const BROWSERS =
  'fcm.googleapis.com,updates.push.services.mozilla.com,web.push.apple.com,*.push.apple.com,*.notify.windows.com';

/** Rows of `SETTINGS`. */
export const PUSH_SETTINGS = {
  pushHosts: {
    flag: 'push-hosts',
    variable: 'MOHR_PUSH_HOSTS',
    fallback: BROWSERS,
    meaning:
      'push services that may be called to wake phones, with commas between them; `*.` stands for any part before a domain, `none` for waking nobody',
  },
  pushContact: {
    flag: 'push-contact',
    variable: 'MOHR_PUSH_CONTACT',
    fallback: '(the console URL)',
    meaning: 'mailto: or https: address by which push services can reach who runs this one',
  },
} as const;

export interface PushSettingsSource {
  text(name: keyof typeof PUSH_SETTINGS): string | undefined;
  where(name: keyof typeof PUSH_SETTINGS): string;
}

/** Reads the settings; what is wrong goes to `faults`. */
export function readPushSettings({ text, where }: PushSettingsSource, faults: string[]): PushSettings {
  const list = (text('pushHosts') ?? PUSH_SETTINGS.pushHosts.fallback).toLowerCase();
  const pushHosts = list === 'none' ? [] : list.split(',').map((host) => host.trim());
  for (const host of pushHosts)
    if (!isPushHostPattern(host)) faults.push(`${where('pushHosts')}: "${host}" is not a host`);
  const pushContact = text('pushContact');
  if (pushContact !== undefined && !/^(mailto:[^\s<>"@]+@[A-Za-z0-9.-]+|https:\/\/\S+)$/.test(pushContact))
    faults.push(`${where('pushContact')}: not a mailto: or https: address`);
  return { pushHosts, ...(pushContact !== undefined && { pushContact }) };
}

import { resolve } from 'node:path';

/** Where messages to holders go out; without any, they are written into a file of the data directory. */
export interface MessageSettings {
  smtpUrlFile?: string;
  smtpFrom?: string;
  smsGatewayUrl?: string;
  smsGatewayTokenFile?: string;
}

/** Rows of `SETTINGS`. */
export const MESSAGE_SETTINGS = {
  smtpUrlFile: {
    flag: 'smtp-url-file',
    variable: 'MOHR_SMTP_URL_FILE',
    fallback: '(a file)',
    meaning:
      'file with the URL of the mail server, smtp:// or smtps://, with its password where it wants one',
  },
  smtpFrom: {
    flag: 'smtp-from',
    variable: 'MOHR_SMTP_FROM',
    fallback: '(none)',
    meaning: 'address that e-mails to holders come from; with the one before',
  },
  smsGatewayUrl: {
    flag: 'sms-gateway-url',
    variable: 'MOHR_SMS_GATEWAY_URL',
    fallback: '(a file)',
    meaning:
      'gateway for short messages; without mail server and gateway, messages go into `messages.ndjson` of the data directory',
  },
  smsGatewayTokenFile: {
    flag: 'sms-gateway-token-file',
    variable: 'MOHR_SMS_GATEWAY_TOKEN_FILE',
    fallback: '(none)',
    meaning: 'file with the bearer token of the gateway',
  },
} as const;

export interface MessageSettingsSource {
  text(name: keyof typeof MESSAGE_SETTINGS): string | undefined;
  where(name: keyof typeof MESSAGE_SETTINGS): string;
}

/** Reads the settings; what is wrong goes to `faults`. */
export function readMessageSettings(
  { text, where }: MessageSettingsSource,
  faults: string[],
): MessageSettings {
  const url = text('smsGatewayUrl');
  if (url !== undefined && !(URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)))
    faults.push(`${where('smsGatewayUrl')}: not an http or https URL`);
  const from = text('smtpFrom');
  if (from !== undefined && !/^[^\s<>"]{1,64}@[A-Za-z0-9.-]{1,189}$/.test(from))
    faults.push(`${where('smtpFrom')}: not an e-mail address`);
  if ((from === undefined) !== (text('smtpUrlFile') === undefined))
    faults.push(`${where('smtpFrom')} and ${where('smtpUrlFile')}: one without the other`);
  if (text('smsGatewayTokenFile') !== undefined && url === undefined)
    faults.push(`${where('smsGatewayUrl')}: is needed with a token`);
  const settings: MessageSettings = {};
  for (const name of Object.keys(MESSAGE_SETTINGS) as (keyof MessageSettings)[]) {
    const value = text(name);
    if (value !== undefined) settings[name] = name.endsWith('File') ? resolve(value) : value;
  }
  return settings;
}

import { connect } from 'node:net';

import { passphraseFromFile } from '../../keys/passphrase.ts';
import type { Settings } from '../settings.ts';
import { reasonOf } from './check-published.ts';
import type { Examiner } from './diagnosis.ts';

const ANSWER_MILLISECONDS_MAX = 5_000;

const REGISTERS = [
  ['the Medical Council register', 'councilRegisterUrl'],
  ['the civil registry', 'civilRegistryUrl'],
  ['Shahkar', 'shahkarUrl'],
  ['the licence feed', 'licenceFeedUrl'],
] as const;

/** Whether the registers can be reached; what they answer without a question is their own business. */
export async function checkRegisters(settings: Settings, examiner: Examiner): Promise<void> {
  if (settings.councilRegisterUrl === undefined)
    return examiner.warn(
      'no registers are configured: development registers answer, with synthetic people only',
      'set MOHR_COUNCIL_REGISTER_URL and the three after it (docs/REGISTERS.md) before real people are registered',
    );
  for (const [name, setting] of REGISTERS) {
    const url = settings[setting];
    if (url !== undefined) await checkReachable(name, url, examiner);
  }
}

/** Whether mail server and gateway for short messages can be reached. */
export async function checkMessages(settings: Settings, examiner: Examiner): Promise<void> {
  const { smtpUrlFile, smsGatewayUrl } = settings;
  if (smtpUrlFile === undefined)
    examiner.warn(
      'no mail server is configured: e-mails go into a file',
      'set MOHR_SMTP_URL_FILE and MOHR_SMTP_FROM',
    );
  else await checkMailServer(smtpUrlFile, examiner);
  if (smsGatewayUrl === undefined)
    examiner.warn(
      'no gateway for short messages is configured: codes go into a file',
      'set MOHR_SMS_GATEWAY_URL',
    );
  else await checkReachable('the gateway for short messages', smsGatewayUrl, examiner);
}

/** Whether something answers at an address over HTTP, whatever it says. */
export async function checkReachable(
  name: string,
  url: string,
  examiner: Examiner,
  meanwhile = 'cases wait meanwhile, and none is approved unchecked',
): Promise<void> {
  const { host } = new URL(url);
  try {
    const answer = await fetch(url, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MILLISECONDS_MAX),
    });
    if (answer.status >= 500)
      examiner.fail(`${name} (${host}) answers ${answer.status}`, 'call whoever runs it');
    else examiner.ok(`${name} (${host}) can be reached`);
  } catch (error) {
    examiner.fail(
      `${name} (${host}) cannot be reached: ${reasonOf(error)}`,
      `look at the address, the firewall and the certificate; ${meanwhile}`,
    );
  }
}

const SMTP_PORTS: Readonly<Record<string, number>> = { 'smtp:': 25, 'smtps:': 465 };

/** The URL may hold a password: only its host is told. */
async function checkMailServer(urlFile: string, examiner: Examiner): Promise<void> {
  let host = '';
  try {
    const url = new URL((await passphraseFromFile(urlFile)).reveal().toString());
    host = url.hostname;
    await reach(host, Number(url.port || SMTP_PORTS[url.protocol]));
    examiner.ok(`the mail server (${host}) can be reached`);
  } catch (error) {
    examiner.fail(
      `the mail server ${host ? `(${host}) ` : ''}cannot be reached: ${reasonOf(error)}`,
      'look at the address in MOHR_SMTP_URL_FILE and at the firewall; messages wait in the outbox for a day',
    );
  }
}

function reach(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: ANSWER_MILLISECONDS_MAX });
    const end = (error?: Error) => {
      socket.destroy();
      if (error) reject(error);
      else resolve();
    };
    socket.once('connect', () => end());
    socket.once('timeout', () => end(new Error('no answer in time')));
    socket.once('error', end);
  });
}

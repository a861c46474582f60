import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import closeWithGrace from 'close-with-grace';

import { systemClock } from '../../core/clock.ts';
import { USAGE_EXIT_CODE } from '../command-line.ts';
import { DevelopmentRegisters } from './development-registers.ts';
import { LicenceLog } from './licence-log.ts';
import { urlsOf } from './open-registers.ts';
import { Population } from './population.ts';
import { SYNTHETIC_DOCTORS } from './registered-person.ts';
import { keepRegisterKeys, publicKeysOf } from './register-keys.ts';
import { REGISTER_SETTINGS } from './register-settings.ts';

const FLAGS = {
  port: { type: 'string', default: '8090' },
  'data-dir': { type: 'string', default: 'data-registers' },
  roster: { type: 'string' },
  webhook: { type: 'string' },
} as const;

const USAGE = 'mohr registers [--port 8090] [--data-dir data-registers] [--roster FILE] [--webhook URL]';

/** `mohr registers`: development registers as a process of their own, until it is told to stop; resolves to the exit code. */
export async function registers(args: string[]): Promise<number> {
  const flags = readFlags(args);
  if (typeof flags === 'string') {
    process.stderr.write(`${USAGE}\n  ${flags}\n`);
    return USAGE_EXIT_CODE;
  }
  const { port, folder, roster, webhook } = flags;
  const population = new Population();
  const imported = roster === undefined ? 0 : await population.importRoster(roster);
  const keys = await keepRegisterKeys(folder);
  const keysFile = join(folder, 'register-keys.public.json');
  await writeFile(keysFile, `${JSON.stringify(publicKeysOf(keys), null, 2)}\n`);
  const licences = await LicenceLog.open(keys['medical-council'], join(folder, 'licence-events.ndjson'));
  const server = await DevelopmentRegisters.listen({
    population,
    keys,
    licences,
    clock: systemClock,
    port,
    ...(webhook !== undefined && { webhook }),
  });
  const stopped = new Promise<void>((done) => {
    closeWithGrace({ logger: false }, async () => {
      await server.close();
      done();
    });
  });
  process.stdout.write(greeting(server.url, keysFile, imported));
  await stopped;
  return 0;
}

function readFlags(args: string[]) {
  try {
    const { values } = parseArgs({ args, options: FLAGS });
    const port = Number(values.port);
    if (!/^\d{1,5}$/.test(values.port) || port > 65_535) return `--port: "${values.port}" is not a port`;
    if (values.webhook !== undefined && !URL.canParse(values.webhook)) return '--webhook: not a URL';
    const { roster, webhook } = values;
    return { port, folder: resolve(values['data-dir']), roster, webhook };
  } catch (error) {
    // What parseArgs says of flags that it does not know.
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}

function greeting(url: string, keysFile: string, imported: number): string {
  const urls = urlsOf(url);
  const { councilRegisterUrl, civilRegistryUrl, shahkarUrl, registerKeysFile, licenceFeedUrl } =
    REGISTER_SETTINGS;
  const variables = [
    [councilRegisterUrl.variable, urls['medical-council']],
    [civilRegistryUrl.variable, urls['civil-registry']],
    [shahkarUrl.variable, urls.shahkar],
    [licenceFeedUrl.variable, urls['licence-feed']],
    [registerKeysFile.variable, keysFile],
  ];
  return [
    '',
    `  ${SYNTHETIC_DOCTORS} synthetic doctors (ids of prefix 999), ${imported} persons from the roster`,
    `  some of them: ${url}/development/doctors?from=0`,
    '',
    '  These registers are for development: they say nothing about anybody. To have a service ask them:',
    ...variables.map(([name, value]) => `  ${name}=${value}`),
    '',
    `mohr registers are ready on ${url}`,
    '',
  ].join('\n');
}

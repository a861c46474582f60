import type { Test } from 'tap';

import { DevelopmentRegisters } from '../../cli/registers/development-registers.ts';
import { LicenceLog } from '../../cli/registers/licence-log.ts';
import { accessTo, urlsOf } from '../../cli/registers/open-registers.ts';
import type { RegisterAccess } from '../../cli/registers/open-registers.ts';
import { Population } from '../../cli/registers/population.ts';
import { makeRegisterKeys, publicKeysOf } from '../../cli/registers/register-keys.ts';
import type { RegisterKeys } from '../../cli/registers/register-keys.ts';
import { systemClock } from '../../core/clock.ts';
import type { Clock } from '../../core/clock.ts';

/** Development registers of a test, on a port of their own. */
export interface RegistersUnderTest {
  server: DevelopmentRegisters;
  population: Population;
  licences: LicenceLog;
  keys: RegisterKeys;
  access: RegisterAccess;
}

/** Starts them without files; they end with the test. */
export async function developmentRegisters(
  t: Pick<Test, 'teardown'>,
  clock: Clock = systemClock,
): Promise<RegistersUnderTest> {
  const [keys, population] = [makeRegisterKeys(), new Population()];
  const licences = await LicenceLog.open(keys['medical-council']);
  const server = await DevelopmentRegisters.listen({ population, keys, licences, clock });
  t.teardown(() => server.close());
  return {
    server,
    population,
    licences,
    keys,
    access: await accessTo(urlsOf(server.url), publicKeysOf(keys)),
  };
}

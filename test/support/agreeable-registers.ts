import type { RegisterAccess } from '../../cli/registers/open-registers.ts';
import type { LookUp } from '../../ra/registers/register.ts';

const raw = Buffer.from('{"as":"you say"}');

/** Registers in memory that confirm whatever is claimed, for tests that are about something else; nobody signs messages. */
export function agreeableRegisters(): RegisterAccess {
  const found = <Entry>(entry: Entry): LookUp => ({ kind: 'found', entry: entry as never, raw });
  return {
    registers: {
      'medical-council': {
        lookUp: async (claim) => found({ ...claim, licence: 'active' }) as LookUp<'medical-council'>,
      },
      'civil-registry': {
        lookUp: async (claim) =>
          found({ birthDate: '1980-01-01', ...claim, isAlive: true }) as LookUp<'civil-registry'>,
      },
      shahkar: { lookUp: async () => found({ isOwner: true }) as LookUp<'shahkar'> },
    },
    licenceMessages: { verify: async () => undefined },
  };
}

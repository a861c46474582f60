import { useMutation, useQuery } from '@tanstack/react-query';

import { systemClock } from '../../../core/clock.ts';
import { readStanding } from '../../client/enrolments.ts';
import { queryClient } from '../../client/queries.ts';
import { changePhoneRecords, readPhoneRecords } from '../keys/phone-database.ts';
import type { PhoneCredential, PhoneRecords, Standing } from '../keys/phone-records.ts';
import { dropKey, isUsedUp, unlock } from '../keys/unlock.ts';
import { enrol } from './enrol.ts';
import type { LockChoice } from './enrol.ts';
import type { Activation } from './read-link.ts';
import { renew } from './renew.ts';
import { signInPhone } from './sign-in.ts';

const PHONE = ['phone'];

/** Everything that this phone keeps. */
export function usePhone() {
  return useQuery({ queryKey: PHONE, queryFn: loadPhone, staleTime: Infinity, refetchOnWindowFocus: true });
}

export async function phoneChanged(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: PHONE });
}

async function loadPhone(): Promise<Partial<PhoneRecords>> {
  const records = await readPhoneRecords();
  if (!isUsedUp(records.lock)) return records;
  await dropKey();
  return readPhoneRecords();
}

/** How the certificate stands; without a connection, how it stood when it was last asked. */
export function useStanding({ sha256 }: PhoneCredential, known: Standing | undefined) {
  return useQuery({
    queryKey: ['standing', sha256],
    queryFn: async ({ signal }): Promise<Standing> => {
      const { status, notAfter, renewableFrom } = await readStanding(sha256, signal);
      const standing = { status, notAfter, renewableFrom, askedAt: systemClock.now().toISOString() };
      await changePhoneRecords({ standing });
      return standing;
    },
    ...(known && { placeholderData: known }),
  });
}

export function useEnrol() {
  return useMutation({
    mutationFn: ({
      activation,
      code,
      choice,
    }: {
      activation: Activation;
      code: string;
      choice: LockChoice;
    }) => enrol(activation, code, choice),
    // Whatever became of it, what is kept may be another now.
    onSettled: phoneChanged,
  });
}

export function useRenew() {
  return useMutation({ mutationFn: (pin: string | undefined) => renew(pin), onSettled: phoneChanged });
}

export function useSignIn(credential: PhoneCredential) {
  return useMutation({
    mutationFn: async (pin: string | undefined) => signInPhone(credential, (await unlock(pin)).key),
    onSettled: phoneChanged,
  });
}

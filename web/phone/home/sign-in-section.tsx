import { Section } from '../../parts/section.tsx';
import { useSpeech } from '../../i18n/language-context.tsx';
import type { PhoneCredential, PhoneLock } from '../keys/phone-records.ts';
import { UnlockForm } from '../parts/unlock-form.tsx';
import { useSignIn } from '../tasks/use-phone.ts';

/** Once in thirty days: the key shows who watches. */
export function SignInSection({ credential, lock }: { credential: PhoneCredential; lock: PhoneLock }) {
  const { t } = useSpeech();
  const signIn = useSignIn(credential);
  return (
    <Section title={t('phone.sign-in')} hint={t('phone.sign-in-text')}>
      <UnlockForm
        lock={lock}
        action={t('phone.sign-in-action')}
        isPending={signIn.isPending}
        error={signIn.error}
        onUnlock={(pin) => signIn.mutate(pin)}
      />
    </Section>
  );
}

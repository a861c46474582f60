import { Button, Stack } from '@mantine/core';
import { useState } from 'react';

import { systemClock } from '../../../core/clock.ts';
import { readCertificateFacts } from '../../../signing/device/certificate-facts.ts';
import { Badge } from '../../parts/badge.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Latin } from '../../parts/latin.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Section } from '../../parts/section.tsx';
import { useSpeech } from '../../i18n/language-context.tsx';
import type { PhoneCredential, PhoneLock, PhoneRecords, Standing } from '../keys/phone-records.ts';
import { UnlockForm } from '../parts/unlock-form.tsx';
import { phoneStanding } from '../tasks/phone-standing.ts';
import { useRenew, useStanding } from '../tasks/use-phone.ts';
import { PHONE_STANDINGS } from './phone-standings.ts';

interface CertificateSectionProps {
  phone: Partial<PhoneRecords>;
  credential: PhoneCredential;
  lock?: PhoneLock;
}

/** Whose certificate it is, until when, and how it stands; and its renewal when that is due. */
export function CertificateSection({ phone, credential, lock }: CertificateSectionProps) {
  const { t, format } = useSpeech();
  const asked = useStanding(credential, phone.standing);
  const facts = readCertificateFacts(credential.certificate);
  const name = [facts.givenName, facts.surname].filter((part) => part !== undefined).join(' ');
  const notAfter = facts.notAfter.toISOString();
  const standing = phoneStanding(asked.data?.status, notAfter, systemClock.now());
  const { tone, icon, text } = PHONE_STANDINGS[standing];
  return (
    <Section
      title={t('phone.certificate')}
      aside={
        <Badge tone={tone} icon={icon}>
          {t(`phone.standing-${standing}`)}
        </Badge>
      }
    >
      <Stack>
        <Facts
          facts={[
            { name: t('field.holder'), value: <bdi>{name}</bdi>, wide: true },
            ...(facts.commonName === undefined
              ? []
              : [{ name: t('phone.name-latin'), value: <Latin>{facts.commonName}</Latin>, wide: true }]),
            { name: t('field.valid-to'), value: format.day(notAfter) },
          ]}
        />
        {text !== undefined && <Notice tone={tone}>{t(text)}</Notice>}
        {asked.isError && asked.data && (
          <Notice tone="quiet">{t('phone.standing-old', { at: format.instant(asked.data.askedAt) })}</Notice>
        )}
        {lock && isRenewable(standing, phone, asked.data) && <RenewPart lock={lock} />}
      </Stack>
    </Section>
  );
}

/** A renewal that was begun is finished whenever, for it may have revoked the old certificate already. */
function isRenewable(
  standing: string,
  { renewal }: Partial<PhoneRecords>,
  asked: Standing | undefined,
): boolean {
  if (renewal?.issued) return true;
  return standing === 'good' && asked !== undefined && new Date(asked.renewableFrom) <= systemClock.now();
}

function RenewPart({ lock }: { lock: PhoneLock }) {
  const { t } = useSpeech();
  const renew = useRenew();
  const [isOpen, setOpen] = useState(false);
  return (
    <Stack>
      <Notice tone="warn" title={t('phone.renew-title')}>
        {t('phone.renew-text')}
      </Notice>
      {isOpen ? (
        <UnlockForm
          lock={lock}
          action={t('phone.renew')}
          isPending={renew.isPending}
          error={renew.error}
          onUnlock={(pin) => renew.mutate(pin)}
        />
      ) : (
        <Button size="lg" fullWidth onClick={() => setOpen(true)}>
          {t('phone.renew')}
        </Button>
      )}
    </Stack>
  );
}

import { Button, Group } from '@mantine/core';
import { Link } from 'wouter';

import { useOfficer } from '../../app/officer-context.ts';
import { useCertificatesOf } from '../../client/certificates.ts';
import type { Application } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Notice } from '../../parts/notice.tsx';
import { DecideButton } from './decide-button.tsx';

/** The certificate of an application. */
export function IssuedNotice({ application }: { application: Application }) {
  const { t } = useSpeech();
  const { roles } = useOfficer();
  const mayAccept = application.state === 'issued' && roles.includes('clerk');
  const certificate = useCertificatesOf(application.id).data?.items[0];
  return (
    <Notice
      tone="good"
      {...(certificate && {
        action: (
          <Group gap="xs">
            {mayAccept && <DecideButton application={application} action="accept" />}
            <Button
              component={Link}
              href={`/certificates/${certificate.authority}/${certificate.serialNumber}`}
              size="sm"
            >
              {t('application.open-certificate')}
            </Button>
          </Group>
        ),
      })}
    >
      {t(application.state === 'accepted' ? 'application.accepted' : 'application.issued')}
    </Notice>
  );
}

import { Button } from '@mantine/core';
import { Link } from 'wouter';

import { useCertificatesOf } from '../../client/certificates.ts';
import type { Application } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Notice } from '../../parts/notice.tsx';

/** The certificate of an application. */
export function IssuedNotice({ application }: { application: Application }) {
  const { t } = useSpeech();
  const certificate = useCertificatesOf(application.id).data?.items[0];
  return (
    <Notice
      tone="good"
      {...(certificate && {
        action: (
          <Button
            component={Link}
            href={`/certificates/${certificate.authority}/${certificate.serialNumber}`}
            size="sm"
          >
            {t('application.open-certificate')}
          </Button>
        ),
      })}
    >
      {t('application.issued')}
    </Notice>
  );
}

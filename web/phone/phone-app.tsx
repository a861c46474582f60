import { Loader } from '@mantine/core';
import type { ReactNode } from 'react';

import { LoneFrame } from '../app/lone-frame.tsx';
import { useConnection } from '../client/connection.ts';
import { useSpeech } from '../i18n/language-context.tsx';
import { Notice } from '../parts/notice.tsx';
import { EnrolPage } from './enrol/enrol-page.tsx';
import { WelcomePage } from './enrol/welcome-page.tsx';
import { HomePage } from './home/home-page.tsx';
import { KeyGonePage } from './home/key-gone-page.tsx';
import type { PhoneRecords } from './keys/phone-records.ts';
import { PhoneFailureAlert } from './parts/phone-failure-alert.tsx';
import styles from './phone.module.css';
import { useOpenedLink } from './tasks/opened-link.ts';
import { usePhone } from './tasks/use-phone.ts';

/** The holder's page: enrol, sign, renew, block. */
export function PhoneApp() {
  const { t } = useSpeech();
  const isConnected = useConnection();
  const phone = usePhone();
  return (
    <LoneFrame title={t('phone.title')} mainClass={styles.main}>
      {!isConnected && <Notice tone="warn">{t('phone.offline')}</Notice>}
      <PhoneFailureAlert error={phone.error} />
      {phone.isPending && <Loader aria-label={t('app.loading')} />}
      {phone.data && <Place phone={phone.data} />}
    </LoneFrame>
  );
}

function Place({ phone }: { phone: Partial<PhoneRecords> }): ReactNode {
  const link = useOpenedLink();
  const { credential, lock, key, enrolment } = phone;
  if (link?.kind === 'activation') return <EnrolPage activation={link} phone={phone} />;
  if (!credential) return <WelcomePage isInterrupted={enrolment !== undefined} />;
  if (!lock || !key) return <KeyGonePage phone={phone} credential={credential} />;
  return <HomePage phone={phone} credential={credential} lock={lock} />;
}

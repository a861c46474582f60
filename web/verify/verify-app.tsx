import { Title } from '@mantine/core';

import { LoneFrame } from '../app/lone-frame.tsx';
import { useConnection } from '../client/connection.ts';
import { useSpeech } from '../i18n/language-context.tsx';
import { Notice } from '../parts/notice.tsx';
import { CheckPage } from './check-page.tsx';
import { KeptPage } from './kept-page.tsx';
import { useFragment } from './opened-address.ts';
import { readAddress } from './read-address.ts';
import styles from './verify.module.css';

/** For pharmacies, insurers, courts and everybody else: does this signature hold? */
export function VerifyApp() {
  const { t } = useSpeech();
  const isConnected = useConnection();
  const fragment = useFragment();
  const address = readAddress(fragment);
  const title = t('verify.title');
  return (
    <LoneFrame title={title} pageClass={styles.page} mainClass={styles.main} foot={t('verify.privacy')}>
      <Title order={1} className={styles.title}>
        {title}
      </Title>
      {!isConnected && <Notice tone="warn">{t('verify.offline')}</Notice>}
      {fragment.length > 1 && !address && <Notice tone="warn">{t('verify.link-malformed')}</Notice>}
      {address?.kind === 'kept' ? (
        <KeptPage key={address.secret} secret={address.secret} />
      ) : (
        <CheckPage {...(address && { expectedSha256: address.sha256 })} />
      )}
    </LoneFrame>
  );
}

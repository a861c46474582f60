import { Anchor, Button, CopyButton, Group } from '@mantine/core';

import { useKeepVerdict, useRemoveKeptVerdict } from '../client/validations.ts';
import type { HandedIn, KeptLink } from '../client/validations.ts';
import { useSpeech } from '../i18n/language-context.tsx';
import { Notice } from '../parts/notice.tsx';
import { QrCode } from '../parts/qr-code.tsx';
import { Section } from '../parts/section.tsx';
import styles from './verify.module.css';
import { VerifyFailure } from './verify-failure.tsx';

/** Nothing is kept until somebody presses this. */
export function KeepSection({ handed }: { handed: HandedIn }) {
  const { t } = useSpeech();
  const keep = useKeepVerdict(handed);
  return (
    <Section title={t('verify.keep')} hint={t('verify.keep-hint')}>
      <VerifyFailure error={keep.error} />
      {keep.data ? (
        <KeptLinkView key={keep.data.link} kept={keep.data} onRemoved={() => keep.reset()} />
      ) : (
        <Button variant="default" loading={keep.isPending} onClick={() => keep.mutate()}>
          {t('verify.keep-action')}
        </Button>
      )}
    </Section>
  );
}

function KeptLinkView({ kept, onRemoved }: { kept: KeptLink; onRemoved: () => void }) {
  const { t, format } = useSpeech();
  const { link, expiresAt } = kept;
  const remove = useRemoveKeptVerdict(new URL(link).hash.slice('#kept='.length));
  return (
    <div className={styles.kept}>
      <QrCode text={link} label={t('verify.qr')} />
      <div className={styles.keptText}>
        <Notice tone="calm">{t('verify.kept-until', { at: format.day(expiresAt) })}</Notice>
        <Anchor href={link} dir="ltr" className={styles.link}>
          {link}
        </Anchor>
        <VerifyFailure error={remove.error} />
        <Group>
          <CopyButton value={link}>
            {({ copied, copy }) => <Button onClick={copy}>{t(copied ? 'app.copied' : 'app.copy')}</Button>}
          </CopyButton>
          <Button
            variant="default"
            loading={remove.isPending}
            onClick={() => remove.mutate(undefined, { onSuccess: onRemoved })}
          >
            {t('verify.remove')}
          </Button>
        </Group>
      </div>
    </div>
  );
}

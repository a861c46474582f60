import { Button, Group } from '@mantine/core';

import { useKeptVerdict, useRemoveKeptVerdict } from '../client/validations.ts';
import type { KeptVerdict } from '../client/validations.ts';
import { useSpeech } from '../i18n/language-context.tsx';
import { FailureAlert } from '../parts/failure-alert.tsx';
import { Notice } from '../parts/notice.tsx';
import { leaveLink } from './opened-address.ts';
import { UnderWay } from './under-way.tsx';
import { VerdictView } from './verdict-view.tsx';

/** What a link opens: a verdict of then. */
export function KeptPage({ secret }: { secret: string }) {
  const { t } = useSpeech();
  const kept = useKeptVerdict(secret);
  const remove = useRemoveKeptVerdict(secret);
  const another = (
    <Button variant={kept.data ? 'default' : 'filled'} onClick={leaveLink}>
      {t('verify.another')}
    </Button>
  );
  if (remove.isSuccess)
    return (
      <>
        <Notice tone="good">{t('verify.removed')}</Notice>
        {another}
      </>
    );
  return (
    <>
      {kept.isPending && <UnderWay>{t('app.loading')}</UnderWay>}
      <FailureAlert error={kept.error ?? remove.error} />
      {kept.data && <Opened kept={kept.data} />}
      <Group>
        {another}
        {kept.data && (
          <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
            {t('verify.remove')}
          </Button>
        )}
      </Group>
    </>
  );
}

function Opened({ kept }: { kept: KeptVerdict }) {
  const { t, language, format } = useSpeech();
  const { report, summary, documentSha256, keptAt, expiresAt } = kept;
  return (
    <>
      <Notice tone="calm" title={t('verify.kept-title', { at: format.instant(keptAt) })}>
        {t('verify.kept-text', { until: format.day(expiresAt) })}
      </Notice>
      <VerdictView
        report={report}
        summary={summary[language]}
        {...(documentSha256 !== undefined && { documentSha256 })}
      />
      {documentSha256 !== undefined && (
        <Button component="a" variant="default" href={`#sha256=${documentSha256}`}>
          {t('verify.check-against')}
        </Button>
      )}
    </>
  );
}

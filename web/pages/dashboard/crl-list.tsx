import { Progress } from '@mantine/core';

import type { PublishedCrl } from '../../client/dashboard.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Badge } from '../../parts/badge.tsx';
import { ItemList } from '../../parts/item-list.tsx';
import { Latin } from '../../parts/latin.tsx';
import { ageText } from './age-text.ts';
import styles from './dashboard-page.module.css';

/** When so much of a list's life is used up, its successor is late: /metrics alarms at three fifths. */
const LATE = 0.6;

/** Of each CA its complete list, and how old the oldest of its parts is. */
export function CrlList({ crls, at }: { crls: readonly PublishedCrl[]; at: string }) {
  const { t } = useSpeech();
  const authorities = [...new Set(crls.map(({ authority }) => authority))];
  return (
    <ItemList items={authorities} empty={t('app.none')}>
      {(authority) => (
        <li key={authority} className={styles.crl}>
          <AuthorityCrls
            authority={authority}
            crls={crls.filter((crl) => crl.authority === authority)}
            at={at}
          />
        </li>
      )}
    </ItemList>
  );
}

function AuthorityCrls({
  authority,
  crls,
  at,
}: {
  authority: string;
  crls: readonly PublishedCrl[];
  at: string;
}) {
  const { t, format } = useSpeech();
  const oldest = crls.reduce((one, other) => (usedOf(other, at) > usedOf(one, at) ? other : one));
  const complete = crls.find(({ scope }) => scope === 'complete') ?? oldest;
  const shards = crls.filter(({ scope }) => scope !== 'complete' && scope !== 'delta');
  const used = usedOf(oldest, at);
  return (
    <>
      <div className={styles.crlHead}>
        <strong>
          <Latin>{authority}</Latin>
        </strong>
        <Badge tone={used < LATE ? 'good' : 'bad'} icon={used < LATE ? 'check' : 'warn'}>
          {format.percent(used)}
        </Badge>
      </div>
      <Progress
        value={used * 100}
        color={used < LATE ? 'seal' : '#a3211a'}
        aria-label={t('dashboard.crl-life', { ca: authority })}
      />
      <span className={styles.crlText}>
        {t('dashboard.crl-complete')}:{' '}
        {t('dashboard.crl-number', { number: complete.crlNumber, age: ageText(complete.ageSeconds, t) })}
        {' · '}
        {t('dashboard.crl-until', { until: format.instant(complete.nextUpdate) })}
        {shards.length > 0 &&
          ` · ${t('dashboard.crl-shards', {
            count: shards.length,
            age: ageText(Math.max(...shards.map(({ ageSeconds }) => ageSeconds)), t),
          })}`}
      </span>
    </>
  );
}

/** Which part of its life has passed. */
function usedOf({ thisUpdate, nextUpdate }: PublishedCrl, at: string): number {
  const [from, until, now] = [thisUpdate, nextUpdate, at].map((instant) => new Date(instant).getTime());
  return Math.min(1, Math.max(0, (now - from) / (until - from)));
}

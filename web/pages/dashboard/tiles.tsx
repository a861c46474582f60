import type { Dashboard } from '../../client/dashboard.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ageText } from './age-text.ts';
import { sumOf } from './chart-bars.ts';
import styles from './dashboard-page.module.css';

/** The figures that one looks for first. */
export function Tiles({ figures }: { figures: Dashboard }) {
  const { t, format } = useSpeech();
  const { ocsp, issuancePerDay, expiriesAhead, revocationsPerDay, applicationsByState } = figures;
  const tiles: [name: string, value: string][] = [
    [t('dashboard.issued'), format.number(sumOf(issuancePerDay, () => true))],
    [t('dashboard.waiting'), format.number(sumOf(applicationsByState, ({ state }) => state === 'submitted'))],
    [t('dashboard.revoked'), format.number(sumOf(revocationsPerDay, () => true))],
    [t('dashboard.expiring'), format.number(sumOf(expiriesAhead, () => true))],
    [t('dashboard.rate'), format.number(ocsp.perSecond)],
    [t('dashboard.freshness'), ageText(ocsp.confirmedAgeSeconds, t)],
  ];
  return (
    <dl className={styles.tiles}>
      {tiles.map(([name, value]) => (
        <div key={name} className={styles.tile}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

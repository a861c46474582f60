import type { Dashboard } from '../../client/dashboard.ts';
import type { ApplicationState } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ageText } from './age-text.ts';
import { sumOf } from './chart-bars.ts';
import styles from './dashboard-page.module.css';

/** The figures that one looks for first. */
export function Tiles({ figures }: { figures: Dashboard }) {
  const { t, format } = useSpeech();
  const { ocsp, issuancePerDay, expiriesAhead, onHold, revocationsPerDay, applicationsByState } = figures;
  const inState = (sought: ApplicationState) => sumOf(applicationsByState, ({ state }) => state === sought);
  const tiles: [name: string, value: string][] = [
    [t('dashboard.issued'), format.number(sumOf(issuancePerDay, () => true))],
    [t('state.submitted'), format.number(inState('submitted'))],
    [t('state.activation'), format.number(inState('activation'))],
    [t('dashboard.on-hold'), format.number(onHold)],
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

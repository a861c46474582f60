import { useDashboard } from '../../client/dashboard.ts';
import type { Dashboard } from '../../client/dashboard.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { BarChart } from '../../parts/bar-chart.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { expiryBars, holdBars, issuanceBars, ocspBars, revocationBars } from './chart-bars.ts';
import { CrlList } from './crl-list.tsx';
import styles from './dashboard-page.module.css';
import { RegisterHealthList } from './register-health-list.tsx';
import { Tiles } from './tiles.tsx';

/** How the house stands, at a glance. */
export function DashboardPage() {
  const { t, format } = useSpeech();
  const dashboard = useDashboard();
  const at = dashboard.data && format.instant(dashboard.data.at);
  return (
    <>
      <PageHeader
        title={t('dashboard.title')}
        {...(at !== undefined && { lead: t('dashboard.lead', { at }) })}
      />
      <Answer query={dashboard}>{(figures) => <Figures figures={figures} />}</Answer>
    </>
  );
}

function Figures({ figures }: { figures: Dashboard }) {
  const { t, format, language } = useSpeech();
  return (
    <div className={styles.grid}>
      {figures.ocsp.isAlarming && (
        <div className={styles.wide}>
          <Notice tone="bad">{t('dashboard.ocsp-bad')}</Notice>
        </div>
      )}
      <div className={styles.wide}>
        <Tiles figures={figures} />
      </div>
      <Section title={t('dashboard.issuance')}>
        <BarChart
          caption={t('dashboard.issuance')}
          bars={issuanceBars(figures, format)}
          names={[t('dashboard.certificates')]}
        />
      </Section>
      <Section title={t('dashboard.revocations')}>
        <BarChart
          caption={t('dashboard.revocations')}
          bars={revocationBars(figures, format)}
          names={[t('reason.keyCompromise'), t('dashboard.other-reasons')]}
          tone="bad"
        />
      </Section>
      <Section title={t('dashboard.holds')} hint={t('dashboard.holds-hint')}>
        <BarChart
          caption={t('dashboard.holds')}
          bars={holdBars(figures, format)}
          names={[t('dashboard.certificates')]}
          tone="warn"
        />
      </Section>
      <Section title={t('dashboard.expiries')}>
        <BarChart
          caption={t('dashboard.expiries')}
          bars={expiryBars(figures, format, language)}
          names={[t('dashboard.certificates')]}
          tone="warn"
        />
      </Section>
      <Section title={t('dashboard.ocsp')} hint={t('dashboard.ocsp-hint')}>
        <BarChart
          caption={t('dashboard.ocsp')}
          bars={ocspBars(figures, format)}
          names={[t('dashboard.rate')]}
        />
      </Section>
      <Section title={t('dashboard.registers')}>
        <RegisterHealthList registers={figures.registers} />
      </Section>
      <div className={styles.wide}>
        <Section title={t('dashboard.crls')}>
          <CrlList crls={figures.crls} at={figures.at} />
        </Section>
      </div>
    </div>
  );
}

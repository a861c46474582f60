import type { ReactNode } from 'react';

import { Icon } from '../app/icons.tsx';
import type { SignatureReport, SignatureSummary } from '../client/validation-report.ts';
import type { TextKey } from '../i18n/catalogue.ts';
import { useSpeech } from '../i18n/language-context.tsx';
import { Badge } from '../parts/badge.tsx';
import { Facts } from '../parts/facts.tsx';
import type { Fact } from '../parts/facts.tsx';
import { Notice } from '../parts/notice.tsx';
import { Section } from '../parts/section.tsx';
import { adviceOn } from './advice.ts';
import { BothCalendars } from './both-calendars.tsx';
import styles from './verify.module.css';

interface SignatureViewProps {
  signature: SignatureReport;
  summary: SignatureSummary;
  /** Where there are several. */
  number?: number;
}

const TONES = { 'TOTAL-PASSED': 'good', 'TOTAL-FAILED': 'bad', INDETERMINATE: 'warn' } as const;

/** Facts whose times are written in both calendars here. */
const TIMES = ['claimed-time', 'proven-time'];
const NUMBERS = ['council-number', 'national-id'];

/** Who signed, as what, when, whether it holds, why, and what to do. */
export function SignatureView({ signature, summary, number }: SignatureViewProps) {
  const { t } = useSpeech();
  const advice = adviceOn(signature);
  const signer = summary.facts.find(({ name }) => name === 'signer')?.value ?? t('verify.signer-unknown');
  const others = summary.facts.filter(({ name }) => name !== 'signer' && !TIMES.includes(name));
  const { claimedSigningTime, bestSignatureTime } = signature;
  const title = number === undefined ? t('verify.signature') : t('verify.signature-number', { number });
  return (
    <Section
      title={title}
      aside={<Badge tone={TONES[signature.indication]}>{t(`verify.word-${signature.indication}`)}</Badge>}
    >
      <p className={styles.signer}>
        <Icon name="person" size={26} />
        <bdi>{signer}</bdi>
      </p>
      <Facts
        facts={[
          ...others.slice(0, 3).map(factOf),
          ...(claimedSigningTime !== undefined
            ? [{ name: t('verify.claimed-time'), value: <BothCalendars at={claimedSigningTime} /> }]
            : []),
          {
            name: t(`verify.proven-by-${bestSignatureTime.source}`),
            value: <BothCalendars at={bestSignatureTime.at} />,
          },
          ...others.slice(3).map(factOf),
        ]}
      />
      <h3 className={styles.why}>
        {t(signature.indication === 'TOTAL-PASSED' ? 'verify.why' : 'verify.why-not')}
      </h3>
      <ul className={styles.reasons}>
        {whyItHolds(signature).map((key) => (
          <Line key={key} isGood>
            {t(key)}
          </Line>
        ))}
        {summary.reasons.map((reason) => (
          <Line key={reason} isGood={false}>
            {reason}
          </Line>
        ))}
      </ul>
      {advice && (
        <Notice tone="calm" title={t('verify.advice')}>
          {t(`verify.advice-${advice}`)}
        </Notice>
      )}
    </Section>
  );
}

/** Numbers are read from left to right, masked or not. */
function factOf({ name, label, value }: SignatureSummary['facts'][number]): Fact {
  return { name: label, value: NUMBERS.includes(name) ? <bdi dir="ltr">{value}</bdi> : value };
}

/** A signature that holds has no reasons of its own that say so. */
function whyItHolds({ indication, rules }: SignatureReport): TextKey[] {
  if (indication !== 'TOTAL-PASSED') return [];
  const passed = rules.some(({ outcome }) => outcome === 'passed');
  return [
    'verify.why-unchanged',
    'verify.why-trusted',
    'verify.why-valid',
    ...(passed ? (['verify.why-rules'] as const) : []),
  ];
}

function Line({ isGood, children }: { isGood: boolean; children: ReactNode }) {
  return (
    <li data-good={isGood}>
      <Icon name={isGood ? 'check' : 'info'} size={18} />
      <span>{children}</span>
    </li>
  );
}

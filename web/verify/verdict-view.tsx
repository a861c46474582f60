import { useEffect, useRef } from 'react';

import { Icon } from '../app/icons.tsx';
import type { IconName } from '../app/icons.tsx';
import type { Indication } from '../client/validation-report.ts';
import type { Verdict } from '../client/validations.ts';
import { useSpeech } from '../i18n/language-context.tsx';
import { SignatureView } from './signature-view.tsx';
import { VerdictDetails } from './verdict-details.tsx';
import styles from './verify.module.css';

const ICONS: Record<Indication, IconName> = {
  'TOTAL-PASSED': 'check',
  'TOTAL-FAILED': 'cross',
  INDETERMINATE: 'warn',
};

/** The verdict in one word, then why, then everything else. */
export function VerdictView({ report, summary, documentSha256 }: Verdict & { documentSha256?: string }) {
  const { t, format } = useSpeech();
  const heading = useRef<HTMLHeadingElement>(null);
  // Who listens hears it without looking for it.
  useEffect(() => heading.current?.focus(), []);
  const count = report.signatures.length;
  const word = count === 0 ? 'verify.word-none' : (`verify.word-${report.indication}` as const);
  return (
    <>
      <section className={styles.verdict} data-indication={report.indication}>
        <span className={styles.mark}>
          <Icon name={ICONS[report.indication]} size={40} />
        </span>
        <h2 ref={heading} tabIndex={-1}>
          {t(word)}
        </h2>
        <p>{summary.headline}</p>
        {count > 1 && <p>{t('verify.count', { count })}</p>}
        {summary.remarks.length > 0 && (
          <ul>
            {summary.remarks.map((remark) => (
              <li key={remark}>{remark}</li>
            ))}
          </ul>
        )}
        <p className={styles.checkedAt}>
          {t('verify.checked-at', { at: format.instant(report.validatedAt) })}
        </p>
      </section>
      {report.signatures.map((signature, index) => (
        <SignatureView
          key={signature.id}
          signature={signature}
          summary={summary.signatures[index]}
          {...(count > 1 && { number: index + 1 })}
        />
      ))}
      <VerdictDetails report={report} {...(documentSha256 !== undefined && { documentSha256 })} />
    </>
  );
}

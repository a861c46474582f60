import type { DisplayedDocument } from '../../../signing/display/display-document.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import styles from '../phone.module.css';

/** One document, value by value; texts in the direction of their own. */
export function DocumentView({
  document,
  number,
  of,
}: {
  document: DisplayedDocument;
  number: number;
  of: number;
}) {
  const { t } = useSpeech();
  return (
    <article className={styles.document}>
      <h2 className={styles.documentTitle}>
        {of > 1 && <span className={styles.number}>{t('phone.document-number', { number, of })}</span>}
        <bdi>{document.title}</bdi>
      </h2>
      <dl className={styles.lines}>
        {document.lines.map(({ label, text }, index) => (
          <div key={index} className={styles.line} data-label={label}>
            <dt>{t(`display.${label}`)}</dt>
            <dd dir="auto">{text}</dd>
          </div>
        ))}
      </dl>
    </article>
  );
}

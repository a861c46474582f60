import { Button } from '@mantine/core';

import { PDF_MEDIA_TYPE } from '../../../signing/display/display-document.ts';
import type { DisplayedDocument } from '../../../signing/display/display-document.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import styles from '../phone.module.css';

/** A document that stands on no line of its own. */
export interface Unseen {
  /** Over what is signed, hexadecimal. */
  sha256: string;
  /** To be opened. */
  pdf?: Uint8Array<ArrayBuffer>;
}

/** One document, value by value; texts in the direction of their own. */
export function DocumentView({
  document,
  number,
  of,
  unseen,
}: {
  document: DisplayedDocument;
  number: number;
  of: number;
  unseen?: Unseen | undefined;
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
      {unseen && <UnseenView unseen={unseen} title={document.title} />}
    </article>
  );
}

/** The fingerprint of what is signed unseen, and the document itself where the phone has it. */
function UnseenView({ unseen: { sha256, pdf }, title }: { unseen: Unseen; title: string }) {
  const { t } = useSpeech();
  return (
    <div className={styles.unseen}>
      <p>{t(pdf ? 'phone.pdf-words' : 'phone.hash-words')}</p>
      <code dir="ltr">{sha256}</code>
      {pdf && (
        <Button variant="default" onClick={() => openPdf(pdf, title)}>
          {t('phone.open-pdf')}
        </Button>
      )}
    </div>
  );
}

/** Until then the phone's viewer has read it. */
const OPENED_MILLISECONDS = 60_000;

/** Hands the octets to the phone's own viewer: this page has none, and its policy lets it frame nothing. */
function openPdf(pdf: Uint8Array<ArrayBuffer>, title: string): void {
  const href = URL.createObjectURL(new Blob([pdf], { type: PDF_MEDIA_TYPE }));
  Object.assign(document.createElement('a'), { href, download: `${title}.pdf` }).click();
  setTimeout(() => URL.revokeObjectURL(href), OPENED_MILLISECONDS);
}

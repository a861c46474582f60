import { Button } from '@mantine/core';
import { useState } from 'react';

import { useVerdict } from '../client/validations.ts';
import type { HandedIn } from '../client/validations.ts';
import { useSpeech } from '../i18n/language-context.tsx';
import { Latin } from '../parts/latin.tsx';
import { Notice } from '../parts/notice.tsx';
import { ChooseFiles } from './choose-files.tsx';
import { KeepSection } from './keep-section.tsx';
import { addDocuments, readFiles } from './read-files.ts';
import { ReportSection } from './report-section.tsx';
import { UnderWay } from './under-way.tsx';
import { VerdictView } from './verdict-view.tsx';
import styles from './verify.module.css';
import { VerifyFailure } from './verify-failure.tsx';

/** Asks for a file and says how it stands. `expectedSha256`: of the file that a link means. */
export function CheckPage({ expectedSha256 }: { expectedSha256?: string }) {
  const { t } = useSpeech();
  const [handed, setHanded] = useState<HandedIn>();
  const [fault, setFault] = useState<unknown>();
  const [isAnother, setIsAnother] = useState(false);
  const take = (reading: Promise<HandedIn>) => {
    setFault(undefined);
    reading.then(setHanded, setFault);
  };
  if (!handed)
    return (
      <>
        {expectedSha256 !== undefined && (
          <Notice tone="calm" title={t('verify.link-document')}>
            {t('verify.link-document-text')} <Latin code>{expectedSha256}</Latin>
          </Notice>
        )}
        <VerifyFailure error={fault} />
        <ChooseFiles
          isMain
          takesFocus={isAnother}
          label={t('verify.choose')}
          onFiles={(files) => take(readFiles(files))}
        >
          <strong>{t('verify.drop')}</strong>
          <span>{t('verify.drop-hint')}</span>
        </ChooseFiles>
        <p className={styles.formats}>{t('verify.formats')}</p>
      </>
    );
  return (
    <Checked
      key={handed.id}
      handed={handed}
      fault={fault}
      {...(expectedSha256 !== undefined && { expectedSha256 })}
      onDocuments={(files) => take(addDocuments(handed, files))}
      onAnother={() => {
        setFault(undefined);
        setHanded(undefined);
        setIsAnother(true);
      }}
    />
  );
}

interface CheckedProps {
  handed: HandedIn;
  fault: unknown;
  expectedSha256?: string;
  onDocuments: (files: File[]) => void;
  onAnother: () => void;
}

function Checked({ handed, fault, expectedSha256, onDocuments, onAnother }: CheckedProps) {
  const { t, language } = useSpeech();
  const verdict = useVerdict(handed, language);
  const { data } = verdict;
  const lacksDocument = data?.report.signatures.some(({ reasons }) =>
    reasons.some(({ code }) => code === 'content-missing'),
  );
  return (
    <>
      <p className={styles.file}>
        <bdi>{handed.names.join(' + ')}</bdi>
      </p>
      {expectedSha256 !== undefined && <Comparison {...{ handed, expectedSha256 }} />}
      <VerifyFailure error={fault} />
      <VerifyFailure error={verdict.error} onRetry={() => void verdict.refetch()} />
      {verdict.isPending && <UnderWay>{t('verify.under-way')}</UnderWay>}
      {data && <VerdictView {...data} documentSha256={handed.sha256[0]} />}
      {lacksDocument && (
        <ChooseFiles label={t('verify.choose-document')} onFiles={onDocuments}>
          <strong>{t('verify.document-missing')}</strong>
          <span>{t('verify.document-missing-hint')}</span>
        </ChooseFiles>
      )}
      <Button variant="default" size="lg" fullWidth onClick={onAnother}>
        {t('verify.another')}
      </Button>
      {data && data.report.signatures.length > 0 && (
        <>
          <ReportSection handed={handed} />
          <KeepSection handed={handed} />
        </>
      )}
    </>
  );
}

/** Of a link or a print-out: is this the file that it means? */
function Comparison({ handed, expectedSha256 }: { handed: HandedIn; expectedSha256: string }) {
  const { t } = useSpeech();
  const isTheSame = handed.sha256.includes(expectedSha256);
  return (
    <Notice tone={isTheSame ? 'good' : 'bad'}>
      {t(isTheSame ? 'verify.same-document' : 'verify.other-document')}
    </Notice>
  );
}

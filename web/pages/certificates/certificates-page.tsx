import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useSearchParams } from 'wouter';

import { Icon } from '../../app/icons.tsx';
import { useCertificates } from '../../client/certificates.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { CertificateRow } from './certificate-row.tsx';
import styles from './certificates-page.module.css';

const TYPING_MILLISECONDS = 250;

/** Search among all certificates that the officer may see; the address keeps what was sought. */
export function CertificatesPage() {
  const { t } = useSpeech();
  const [text, setText] = useSoughtText();
  const [sought] = useDebouncedValue(text.trim(), TYPING_MILLISECONDS);
  const found = useCertificates(sought);
  return (
    <>
      <PageHeader title={t('certificates.title')} lead={t('certificates.lead')} />
      <TextInput
        className={styles.search}
        aria-label={t('app.find')}
        placeholder={t('app.find-hint')}
        leftSection={<Icon name="search" />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        maxLength={100}
        size="lg"
        type="search"
      />
      <PagedTable
        query={found}
        caption={t('certificates.table')}
        columns={[
          t('field.holder'),
          t('field.numbers'),
          t('field.profile'),
          t('field.serial'),
          t('field.valid-to'),
          t('field.status'),
        ]}
        empty={sought === '' ? t('certificates.empty') : t('certificates.empty-search', { text: sought })}
      >
        {(certificate) => (
          <CertificateRow
            key={`${certificate.authority}-${certificate.serialNumber}`}
            certificate={certificate}
          />
        )}
      </PagedTable>
    </>
  );
}

/** What is typed here or came with the address from the search box of the shell. */
function useSoughtText(): [string, (text: string) => void] {
  const [search, setSearch] = useSearchParams();
  const text = search.get('text') ?? '';
  const change = (changed: string) => setSearch(changed === '' ? {} : { text: changed }, { replace: true });
  return [text, change];
}

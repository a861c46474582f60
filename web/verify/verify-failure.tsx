import { ProblemError } from '../client/problem.ts';
import { useSpeech } from '../i18n/language-context.tsx';
import type { TextKey } from '../i18n/catalogue.ts';
import { FailureAlert } from '../parts/failure-alert.tsx';
import { Notice } from '../parts/notice.tsx';
import { FileError } from './read-files.ts';

/** What went wrong with the files, in this page's own words; anything else as everywhere. */
export function VerifyFailure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useSpeech();
  const key = textOf(error);
  if (key === undefined) return <FailureAlert error={error} {...(onRetry && { onRetry })} />;
  return (
    <div role="alert">
      <Notice tone="bad" title={t('verify.file-title')}>
        {t(key)}
      </Notice>
    </div>
  );
}

/** A body that is refused for its form (400, 422) is a file that is no signed document. */
function textOf(error: unknown): TextKey | undefined {
  if (error instanceof FileError) return `verify.${error.code}`;
  if (!(error instanceof ProblemError)) return undefined;
  if (error.status === 413) return 'verify.files-too-large';
  if (error.code === 'work-limit-exceeded') return 'verify.files-too-entangled';
  return error.status === 400 || error.status === 422 ? 'verify.files-not-signed' : undefined;
}

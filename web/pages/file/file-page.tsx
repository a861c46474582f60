import { useParams } from 'wouter';

import { useApplication } from '../../client/applications.ts';
import { isSavedDraft } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { NotFound } from '../../parts/not-found.tsx';
import { FileForm } from './file-form.tsx';

/** A new application, or a draft to go on with. */
export function FilePage() {
  const { id } = useParams<{ id?: string }>();
  return id === undefined ? <FileForm /> : <SavedForm id={id} />;
}

function SavedForm({ id }: { id: string }) {
  const { t } = useSpeech();
  return (
    <Answer query={useApplication(id)} page={t('file.title-edit')}>
      {(found) => (isSavedDraft(found) ? <FileForm key={found.id} saved={found} /> : <NotFound />)}
    </Answer>
  );
}

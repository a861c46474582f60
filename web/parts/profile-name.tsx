import { useSpeech } from '../i18n/language-context.tsx';
import { profileName } from './code-names.ts';

export function ProfileName({ id }: { id: string }) {
  const { t } = useSpeech();
  return <bdi>{profileName(id, t)}</bdi>;
}

import { TAG } from '../../../pki/der/tag.ts';
import { error, warning } from '../finding.ts';
import type { LintFinding, CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';
import type { PolicyQualifier } from '../read-policies.ts';
import { hasInvisibleControls } from '../text.ts';

const CHARACTERS_MAX = 200;

/** A user notice is at most 200 characters, not IA5String; it should be UTF8String in NFC, without controls and noticeRef. */
export const userNoticeText: CertificateLint = {
  id: 'user-notice-text',
  source: 'RFC 5280 §4.2.1.4, RFC 6818',
  check({ certificate }) {
    let notices = 0;
    for (const { qualifiers } of parsedExtensions(certificate).certificatePolicies ?? []) {
      for (const qualifier of qualifiers) {
        if (qualifier.kind !== 'userNotice') continue;
        notices += 1;
        const finding = findingOf(qualifier);
        if (finding) return finding;
      }
    }
    return notices > 0 ? 'pass' : 'not-applicable';
  },
};

function findingOf(notice: PolicyQualifier & { kind: 'userNotice' }): LintFinding | undefined {
  if (notice.hasNoticeReference) return warning('a user notice has a noticeRef');
  if (!notice.explicitText) return undefined;
  const { text, tag } = notice.explicitText;
  if (tag === TAG.ia5String) return error('a user notice is an IA5String');
  const characters = [...text].length;
  if (characters > CHARACTERS_MAX)
    return error(`a user notice has ${characters} characters, at most ${CHARACTERS_MAX}`);
  if (hasInvisibleControls(text)) return warning('a user notice has control characters');
  if (tag !== TAG.utf8String) return warning('a user notice is not a UTF8String');
  return text.normalize('NFC') === text ? undefined : warning('a user notice is not in NFC');
}

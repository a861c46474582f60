import type { CertificateFacts, FileDigest, KeyUse, LintSummary, Transcript } from './transcript.ts';

/** The transcript for people: the same facts as its JSON, in the order in which witnesses check them. */
export function transcriptText(transcript: Transcript): string {
  const { reviewedFile, tool, profile, lints } = transcript;
  const lines = [
    `CEREMONY TRANSCRIPT: ${transcript.act}`,
    '',
    row('title', transcript.title),
    row('witnesses', transcript.witnesses.join('; ')),
    row('time (UTC)', `${transcript.startedAt} to ${transcript.endedAt}`),
    row(
      'tool',
      Object.entries(tool)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ),
    ...fileRows('reviewed file', [reviewedFile]),
    ...(profile
      ? fileRows('profile', [{ path: `${profile.id}@${profile.version}`, sha256: profile.sha256 }])
      : []),
    ...fileRows('read', transcript.filesRead),
    ...fileRows('written', transcript.filesWritten),
    ...transcript.keys.flatMap(keyRows),
    ...transcript.certificates.flatMap(certificateRows),
    ...(lints ? lintRows(lints) : []),
    ...Object.entries(transcript.facts).map(([name, value]) => row(name, value)),
  ];
  return `${lines.join('\n')}\n`;
}

const LABEL_CHARACTERS = 16;

function row(label: string, text: string): string {
  return `${label.padEnd(LABEL_CHARACTERS)} ${text}`;
}

function fileRows(label: string, files: readonly FileDigest[]): string[] {
  return files.flatMap(({ path, sha256 }) => [row(label, path), row('', `sha256 ${sha256}`)]);
}

function keyRows(key: KeyUse): string[] {
  const made = key.made ? ', made by this act' : '';
  return [
    row('key', `${key.role}: ${key.reference} (${key.algorithm}${made})`),
    row('', `public key sha256 ${key.spkiSha256}`),
  ];
}

function certificateRows(certificate: CertificateFacts): string[] {
  return [
    row('certificate', `${certificate.role}: ${certificate.subject}`),
    row('', `issuer ${certificate.issuer}`),
    row('', `serial number ${certificate.serialNumber}`),
    row('', `valid ${certificate.notBefore} to ${certificate.notAfter}`),
    row('', `sha256 ${certificate.sha256}`),
    row('', `public key sha256 ${certificate.spkiSha256}`),
  ];
}

function lintRows({ passed, notApplicable, findings }: LintSummary): string[] {
  return [
    row('lints', `${passed} passed, ${notApplicable} not applicable, ${findings.length} found something`),
    ...findings.map(({ id, source, severity, detail }) =>
      row('', `${severity} ${id} (${source}): ${detail}`),
    ),
  ];
}

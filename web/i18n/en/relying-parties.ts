export const relyingParties = {
  'nav.relying-parties': 'Relying parties',
  'relying-parties.title': 'Relying parties',
  'relying-parties.lead':
    'Prescription systems and insurers that may ask holders for signatures on their phones.',
  'relying-parties.list': 'Registered systems',
  'relying-parties.none': 'No system is registered yet.',
  'relying-parties.disabled': 'Disabled',
  'relying-parties.digests': 'Digests of its own',
  'relying-parties.digests-of': '{name}: digests of its own',
  'relying-parties.digests-title': 'Let {name} hand in digests of its own?',
  'relying-parties.digests-text':
    'Holders sign them without being shown a document: only this system knows what they are of. Its bare hashes count as such digests from now on.',
  'relying-parties.digests-allow': 'Allow',
  'relying-parties.digests-end-title': 'Take digests from {name} no longer?',
  'relying-parties.digests-end-text':
    'Its hashes are those of documents again. What was signed stays signed.',
  'relying-parties.digests-end': 'End it',
  'patient-view.masked': 'the phone masks the patient',
  'patient-view.whole': 'the phone shows the patient whole',
} as const;

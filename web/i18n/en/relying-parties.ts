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
  'relying-parties.no-key': 'No key yet',
  'relying-parties.register': 'Register a system',
  'relying-parties.register-title': 'Register a system that may ask for signatures',
  'relying-parties.name': 'Name that holders read',
  'relying-parties.name-hint': 'Stands on the phone of whoever is asked to sign. Up to 80 characters.',
  'relying-parties.patient': 'Patient on the phone',
  'relying-parties.patient-hint': 'Masked unless the holder has to see the whole name to sign.',
  'relying-parties.callbacks': 'Callback addresses',
  'relying-parties.callbacks-hint':
    'One a line, whole, with https. The service calls only these to say that something was signed. Up to 10.',
  'relying-parties.id': 'Identifier (client_id)',
  'relying-parties.id-hint':
    'The system names itself so. Small Latin letters, digits and hyphens, e.g. his-tehran-1. It cannot be changed later.',
  'relying-parties.id-wrong':
    'Begin with a small Latin letter, then letters, digits or hyphens; 2 to 40 characters.',
  'relying-party.facts': 'What is known of it',
  'relying-party.registered': 'Registered',
  'relying-party.disabled-at': 'Disabled',
  'relying-party.no-callbacks': 'None: the system asks by itself whether something was signed.',
  'relying-party.credentials': 'Keys and certificates',
  'relying-party.no-key-text':
    'Without a key the system can ask for nothing. Its people make the key and send you the public half; the secret half never leaves them.',
  'relying-party.kind-jwk': 'Public key',
  'relying-party.kind-certificate': 'Certificate for mutual TLS',
  'relying-party.added': 'added {at}',
  'relying-party.until': 'valid until {at}',
  'relying-party.add': 'Add a key',
  'relying-party.add-title': 'Add a key or certificate of {name}',
  'relying-party.key': 'Public key (JWK) or certificate (PEM)',
  'relying-party.key-hint':
    'Paste what the system’s people sent: a JWK with P-256, P-384, Ed25519 or RSA from 2048 bits, or a PEM certificate. At most two of each kind.',
  'relying-party.key-secret':
    'This is a secret key. It is not sent. Delete it, tell the system’s people to make another, and ask for the public half alone.',
  'relying-party.key-unreadable': 'This is neither a JWK nor a PEM certificate. Paste all of it.',
  'relying-party.remove': 'Remove',
  'relying-party.remove-title': 'Remove this key of {name}?',
  'relying-party.remove-text':
    'It is refused at once and for ever, and the system has to sign in again with another one.',
  'relying-party.change': 'Change',
  'relying-party.change-title': 'Change what is known of {name}',
  'relying-party.save': 'Save',
  'relying-party.disable': 'Disable',
  'relying-party.disable-title': 'Accept nothing from {name} any more?',
  'relying-party.disable-text':
    'It is refused at once, with whatever key. What was signed stays signed. You can enable it again.',
  'relying-party.enable': 'Enable',
  'relying-party.enable-title': 'Accept requests of {name} again?',
  'relying-party.enable-text': 'It may ask holders for signatures again, with the keys that stand here.',
  'patient-view.masked': 'the phone masks the patient',
  'patient-view.whole': 'the phone shows the patient whole',
} as const;

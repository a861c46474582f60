export const block = {
  'block.title': 'Block my card or phone',
  'block.lead':
    'Lost, stolen, or somebody else knows the PIN? Block it now, at any hour. Within seconds nobody can sign with it any more.',
  'block.what': 'What is to be blocked?',
  'block.what-all': 'Everything that I have',
  'block.what-card': 'My smart card',
  'block.what-phone': 'My phone key',
  'block.proof': 'How do you prove who you are?',
  'block.by-code': 'With a code by SMS',
  'block.by-password': 'With my revocation password',
  'block.password': 'Revocation password',
  'block.password-hint': 'You chose it at the office.',
  'block.code': 'Code from the SMS',
  'block.code-hint': 'Six digits',
  'block.send-code': 'Send me a code',
  'block.code-sent':
    'If this person is known here, a code is on its way to their mobile number. It may take a minute.',
  'block.final': 'Revoke for good: I will not find it again, or the key is known to others',
  'block.final-hint':
    'Otherwise it is on hold. What is not released at an office within seven days is revoked.',
  'block.action': 'Block now',
  'block.done-title': 'It is blocked.',
  'block.done-held': 'On hold: {count}. If you find it again, go to an office within seven days.',
  'block.done-revoked': 'Revoked: {count}. For a new certificate, go to an office.',
  'block.done-nothing': 'You have no certificate of this kind that is in force. Nothing had to be blocked.',
  'block.home': 'To the sign-in of officers',
} as const;

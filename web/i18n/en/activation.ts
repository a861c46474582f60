export const activation = {
  'delivery.label': 'How key and certificate come together',
  'delivery.request': 'The applicant brings a certificate request',
  'delivery.card': 'A smart card makes the key at the desk',
  'delivery.phone': 'The applicant’s phone makes the key after the approval',
  'delivery.phone-hint':
    'No request is needed now. Once it is filed, take down the applicant’s mobile number: the activation code goes there.',
  'activation.title': 'Activation',
  'activation.card':
    'The application is approved. The holder activates the card at the desk with the code that went to their number; then the certificate is issued.',
  'activation.phone':
    'The application is approved. The certificate is issued when the holder’s phone key is activated with two things: the code that went to their number, and the secret that you show them here.',
  'activation.code-by': 'Activation code',
  'activation.code-sms': 'sent by short message',
  'activation.code-letter': 'printed in a letter',
  'activation.code-none': 'not made yet: no mobile number was known',
  'activation.tries': 'Tries left',
  'activation.until': 'Counts until',
  'activation.waiting': 'Waits for the holder',
  'activation.dead': 'Five wrong tries: make a new code',
  'activation.expired': 'Its time is over: make a new code',
  'activation.void': 'A newer one has taken its place',
  'activation.used': 'Used; the certificate is being issued',
  'activation.renew-code': 'Send a new code',
  'activation.renew-letter': 'Code for a letter',
  'activation.renew-desk-secret': 'Show the phone’s secret',
  'activation.code-sent': 'A new code is on its way; the old one counts no more.',
  'activation.secret-title': 'Shown only now',
  'activation.secret-text':
    'Let the holder’s phone read it, or type it there. It is shown once; a new one voids it.',
  'activation.secret-code': 'Code for the camera of the phone',
  'activation.secret-guide':
    'Scan the code with the app of your phone, or type the secret there. Then give the app the code that came by short message. Keep this sheet to yourself until then, and tear it up after.',
  'activation.secret-print': 'Print',
  'activation.letter-text': 'Write it into the sealed letter. It is shown once; a new one voids it.',
  'activation.code': 'Code that the holder says',
  'activation.code-hint': 'Eight digits, from their short message or letter',
  'activation.secret': 'Secret of the phone',
  'activation.secret-hint': 'The one that was shown here',
  'activation.request-hint': 'The request (PKCS#10) that the phone has made',
  'activation.activate': 'Activate and issue',
  'activation.withdraw-text':
    'Its code and secret stop working, and no certificate is issued. A new application can be filed.',
  'problem.activation-refused':
    'Code, secret or request is not right, and one try is used up. Compare them with the holder, or send a new code.',
  'problem.activation-state':
    'This activation cannot be used any more. Look at its state, and make a new code if it says so.',
  'problem.activation-unknown': 'There is no activation of this application. Look at its state.',
  'problem.activations-too-many':
    'Ten activations were made for this application. Have it rejected, and file a new one.',
  'problem.contact-missing':
    'No mobile number of the holder is known. A clerk takes it down on the page of the application; then try again.',
  'problem.delivery-mismatch': 'This kind of certificate is not for this way. Choose the other one.',
  'problem.certification-request-missing':
    'The certificate request is missing. Choose its file, or paste it.',
  'problem.certification-request-unexpected':
    'The phone makes its key later: file without a request, or choose the other way.',
} as const;

/** What went wrong, and what to do next; by the code of the problem document. */
export const problems = {
  'problem.title': 'That did not work',
  'problem.connection':
    'The service could not be reached. Check the network; nothing that you typed is lost. Then try again.',
  'problem.unexpected':
    'Something unexpected happened. Try again; if it stays so, tell the CA operator and give the code {code}.',
  'problem.status-400':
    'Something in the form is not as it should be. Check the marked fields and send again. (code: {code})',
  'problem.status-401': 'You are not signed in any more. Sign in again and go on.',
  'problem.status-403': 'Your role does not allow this. Ask your office manager. (code: {code})',
  'problem.status-404': 'It is not there, or belongs to another office. Search for it again. (code: {code})',
  'problem.status-409': 'It has changed meanwhile. Load the page anew and look again. (code: {code})',
  'problem.status-413': 'The file is too large. Choose a smaller one.',
  'problem.status-422': 'It was refused as it is. Check the entries and send again. (code: {code})',
  'problem.status-429': 'Too many attempts. Wait a minute, then try again.',
  'problem.status-500':
    'The service has failed and has logged it. Try again in a minute; if it stays so, tell the CA operator. (code: {code})',
  'problem.status-503':
    'The service cannot do this at the moment. Try again in a minute; nothing is lost. (code: {code})',
  'problem.login-link-invalid':
    'This sign-in link was used already or has expired. Ask your office manager for a new one.',
  'problem.session-missing': 'You are not signed in. Sign in and go on.',
  'problem.session-invalid': 'Your session has ended. Sign in again and go on.',
  'problem.role-missing':
    'Your role does not allow this. Ask a colleague who has the role, or your office manager.',
  'problem.four-eyes':
    'Whoever filed an application, or is its applicant, does not approve it. Leave it to another approving officer.',
  'problem.cross-site-request':
    'The browser says that another site sent this. Close other pages and open the console anew.',
  'problem.application-unknown':
    'There is no such application in your office. Search for it in the work queue.',
  'problem.application-state':
    'The application is not in a state that allows this any more. Load it anew and look at its state.',
  'problem.application-changed':
    'The application was changed since you opened it. Look at it again before you decide.',
  'problem.key-in-use':
    'This key is in another application already. Ask the applicant for a request with a new key.',
  'problem.key-reused':
    'A certificate exists for this key already. Ask the applicant for a request with a new key.',
  'problem.key-weak':
    'The key is too weak or is known to be compromised. Ask the applicant for a request with a new key.',
  'problem.holder-has-certificate':
    'The holder has a valid certificate of this kind. End or renew that one first.',
  'problem.holder-mismatch':
    'National id and council number belong to two persons in the files. Compare both with the cards.',
  'problem.holder-deceased':
    'The holder is registered as deceased. Nothing can be issued; tell your office manager.',
  'problem.licence-not-active':
    'The licence is not active. Only a message of the Medical Council changes that.',
  'problem.register-unchecked':
    'The registers have not been asked yet. Press “Ask the registers again”, then approve.',
  'problem.register-check-outdated':
    'The answers of the registers are too old. Press “Ask the registers again”, then approve.',
  'problem.register-unavailable':
    'A register does not answer. Wait some minutes, press “Ask the registers again”, then go on.',
  'problem.register-no-match':
    'A register contradicts the application. Read its answer, correct the entries and file again.',
  'problem.national-id-malformed': 'The national id needs ten digits. Copy it from the national card.',
  'problem.national-id-checksum':
    'This national id does not exist; a digit is wrong. Compare it with the national card.',
  'problem.council-group-unknown': 'Choose one of the membership groups.',
  'problem.council-number-malformed':
    'The council number does not fit its group. Compare it with the membership card.',
  'problem.name-not-persian':
    'Given name and surname are written in Persian letters, as on the national card.',
  'problem.latin-name-malformed':
    'The Latin name has 2 to 47 Latin letters, spaces, hyphens or dots. Copy it from the passport.',
  'problem.certification-request-malformed':
    'The file is no PKCS#10 request. Ask the applicant for it again, or paste the text from BEGIN to END.',
  'problem.profile-unknown': 'This kind of certificate is not offered here. Choose another one.',
  'problem.certificate-not-found':
    'There is no such certificate in your office. Search by national id or council number.',
  'problem.status-transition':
    'The status of this certificate does not allow this. Load the page anew and look at the history.',
  'problem.passkey-cancelled': 'The passkey was not used. Press the button again and confirm on your device.',
  'problem.passkey-unsupported': 'This browser knows no passkeys. Use a newer one, or your security key.',
  'problem.locked-out':
    'Too many attempts; your account is locked for some minutes. Wait, or call your office manager.',
  'problem.database-unreachable':
    'The service cannot save at the moment. Try again in a minute; what you typed is kept.',
  'problem.key-unavailable':
    'The CA’s key is not available at the moment. The application is kept and will be issued by itself.',
  'problem.key-busy': 'The CA’s key is busy. Try again in a minute.',
  'problem.request-too-large': 'That is too large. Choose a smaller file.',
  'problem.media-type-unsupported': 'Files of this kind are not accepted. Use PDF, JPEG or PNG.',
  'problem.too-many-requests': 'Too many attempts. Wait a minute, then try again.',
  'problem.certification-request-signature':
    'The request is not signed by its own key. Ask the applicant to make it again.',
  'problem.profile-not-offered': 'This kind of certificate is not offered here. Choose another one.',
  'problem.key-blocked':
    'This key is known to be compromised. Ask the applicant for a request with a new key.',
  'problem.key-type-not-allowed':
    'Keys of this kind are not admitted. Ask for a request with a P-256 or RSA key.',
  'problem.lint-failed':
    'The certificate would break a rule of its profile. Check the names; if they are right, tell the CA operator.',
  'problem.proof-outdated': 'Sign in with your passkey and try again: this changes how you sign in.',
  'problem.officer-session-unknown': 'No such session of yours is open any more.',
  'problem.passkey-unknown':
    'This passkey is not known here. Use another one, or ask your office manager for a sign-in link.',
  'problem.assertion-invalid':
    'The passkey was not accepted. Press the button again, with the passkey that you registered here.',
  'problem.sign-count-regression':
    'The passkey seems to have been copied and was refused. Tell the security officer, and register a new one.',
  'problem.registration-invalid': 'The passkey could not be registered. Press the button again.',
  'problem.credential-in-use': 'This passkey is registered already. Choose another device.',
  'problem.passkeys-too-many':
    'You have as many passkeys as are allowed. Remove one that you do not use, then register this one.',
  'problem.own-case': 'Nobody approves a case about themselves. Leave it to another approving officer.',
  'problem.manager-approves': 'Office managers do not approve. Leave it to an approving officer.',
  'problem.approval-unsigned':
    'An approval needs your passkey. Press the button again and confirm on your device.',
  'problem.approval-outdated':
    'More than five minutes have passed, or the data has changed. Read it again, then approve.',
  'problem.approval-invalid':
    'The approval does not fit the data shown. Load the page anew, read it again, then approve.',
  'problem.officer-unknown': 'There is no such officer in your office. Load the page anew.',
  'problem.officer-state': 'The officer is not in a state that allows this. Load the page anew.',
  'problem.officer-has-credentials':
    'This officer has a passkey. If it is lost, propose to reset it first; then make a link.',
  'problem.office-unknown': 'There is no such office. Load the list anew.',
  'problem.roles-incompatible': 'Whoever manages an office does not approve there. Choose other roles.',
  'problem.change-unknown': 'This change does not exist any more. Load the page anew.',
  'problem.change-state': 'This change was decided already. Load the page anew.',
  'problem.change-pending':
    'The same change waits for a second officer already. Ask a colleague to confirm it.',
  'problem.relying-party-exists': 'Another system has this identifier. Choose another one.',
  'problem.relying-party-unknown': 'There is no such system. Load the list anew.',
  'problem.relying-party-changed':
    'Somebody has changed this system meanwhile. It was read again: look at it, then press the button again.',
  'problem.relying-party-credentials':
    'The system has two keys of this kind, or this one is in use or was removed. Remove one first, or ask for another key.',
  'problem.client-credential-malformed':
    'This key cannot be taken. It has to be a public P-256, P-384, Ed25519 or RSA key from 2048 bits, or a certificate.',
  'problem.client-credential-unknown': 'The system has no such key any more. Load the page anew.',
  'problem.callback-url-malformed':
    'A callback address cannot be taken. Write it whole, with https, without a user and without “#”.',
  'problem.evidence-type':
    'The file is neither PDF nor JPEG nor PNG inside. Scan the paper again and save it in one of these forms.',
  'problem.evidence-active-content':
    'The PDF has scripts or embedded files. Print it to a new PDF, or scan the paper.',
  'problem.evidence-name-malformed':
    'The name of the file has signs that are not accepted. Rename it and add it again.',
  'problem.evidence-too-large': 'The file is larger than 10 MB. Scan it with a lower resolution.',
  'problem.evidence-too-many':
    'This application has as many papers as are allowed. Put several pages into one PDF.',
  'problem.card-list-malformed':
    'The list cannot be read. It needs one serial a line, each once. (code: {code})',
  'problem.card-batch-differs':
    'A delivery with this number was taken in before, with another list. Check the number of the note.',
  'problem.card-known':
    'A card of this list came with an earlier delivery. Check the list; nothing of it was taken in.',
  'problem.card-unknown':
    'This card is not in the stock of your office. Take another one, or ask the certification authority.',
  'problem.card-state': 'In its state this cannot be done with the card. Load the page anew.',
  'problem.card-changed': 'The card has changed meanwhile. Look again and decide.',
  'problem.card-not-written':
    'The certificate is on hold until it is on its holder’s card. Go on with the card.',
  'problem.card-signature-wrong':
    'The card has signed something else, or with another key. Try again; if it stays so, take another card.',
  'problem.personalisation-open':
    'Another card has been begun for this application. Put that one in, or give it up.',
  'problem.personalisation-profile': 'The key of this application does not come from a card.',
  'problem.personalisation-state': 'This step was done or is not due yet. Load the page anew.',
  'problem.personalisation-key':
    'The application names another key than the card’s. Give the card up and begin again.',
  'problem.personalisation-not-issued': 'The certificate is not issued yet.',
  'problem.evidence-unknown': 'This paper does not exist. Load the page anew.',
  'problem.evidence-deleted': 'The scan was deleted when its time had run out; its hash is kept.',
  'problem.holder-unknown':
    'Your office has no file of this person. Compare the national id, or file an application.',
  'problem.mobile-malformed': 'A mobile number has eleven digits and begins with 09.',
  'problem.email-malformed': 'This is no e-mail address. Compare it with what the applicant wrote.',
  'problem.self-service-refused':
    'This is not right, or was tried too often. Ask for a new code in an hour, or call your office.',
  'problem.secret-missing': 'Enter the code or the revocation password.',
  'problem.password-weak': 'The revocation password needs eight signs, four of them different.',
  'problem.password-common': 'Many people have this password, and it is tried first. Choose another one.',
  'problem.password-personal':
    'The revocation password is made of a name, the council number, the national id, or words of this service. Choose one that nobody knows from the card.',
  'problem.idempotency-key-reused':
    'This was sent before with other content. Load the page anew and send again.',
  'problem.inspection-empty': 'The office issued no certificate in this period. Choose a longer one.',
  'problem.inspection-period': 'The period ends before it begins, or lies in the future. Choose other days.',
  'problem.inspection-closed': 'This inspection is closed; nothing more is recorded. Open a new one.',
  'problem.inspection-outcome': 'The outcome does not fit the findings. Choose the one that does.',
  'problem.inspection-unknown': 'There is no such inspection. Load the list anew.',
  'problem.kept-verdict-unknown':
    'There is no verdict behind this link: its time is over, or it was deleted, or the link is not whole. Check the file itself.',
  'problem.kept-verdicts-full':
    'No room is left for kept verdicts now. The verdict itself stands; take the evidence along instead.',
  'problem.inspection-case-unknown': 'This case was not drawn. Choose one of the list.',
} as const;

import type { Prescription } from './prescriptions.ts';

/** Lines that exit 0 exactly when an artefact is what the demo says; the tests run these very lines. */
export function opensslChecks(prescriptions: readonly Prescription[]): string[] {
  const first = prescriptions[0].name;
  return [
    'openssl verify -x509_strict -CAfile root.pem -untrusted issuer.pem doctor.pem',
    'openssl x509 -in doctor.pem -noout -subject -nameopt utf8 -ext keyUsage,certificatePolicies,crlDistributionPoints',
    ...prescriptions.map(
      ({ name, extension }) =>
        `openssl cms -verify -binary -inform DER -in ${name}.p7m -CAfile root.pem -certfile issuer.pem ` +
        `-purpose any -out ${name}.verified && cmp ${name}.verified ${name}.${extension}`,
    ),
    `openssl ts -verify -token_in -in ${first}.tst -data ${first}.signature -CAfile root.pem`,
    `${OCSP} -respin ocsp-good.der | grep -x 'doctor.pem: good'`,
    `${OCSP} -respin ocsp-revoked.der | grep 'Reason: keyCompromise'`,
    'openssl crl -inform DER -in crl.der -CAfile chain.pem -noout',
    'openssl crl -inform DER -in crl.der -out crl.pem',
    "openssl verify -crl_check -CRLfile crl.pem -CAfile root.pem -untrusted issuer.pem doctor.pem 2>&1 | grep 'certificate revoked'",
  ];
}

/** Offline: the answers are from the past, so their age is not looked at. */
const OCSP =
  'openssl ocsp -issuer issuer.pem -cert doctor.pem -CAfile root.pem -no_nonce -validity_period 315360000';

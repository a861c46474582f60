/** Methods of the specification that nothing here answers, and why. */
export const NOT_OFFERED: Readonly<Record<string, string>> = {
  'auth/login': 'Holders have no passwords here: get a token by OAuth 2.0',
  'credentials/getChallenge': 'The phone is asked by credentials/authorize, out of band',
  'credentials/sendOTP': 'The phone is asked by credentials/authorize, out of band',
  'credentials/extendTransaction': 'Each authorization is for hashes that are known: ask for another',
  'signatures/timestamp': 'Time stamps are given by RFC 3161',
};

/**
 * What OpenSC needs to be told, in the file that OPENSC_CONF names.
 *
 * OpenSC unblocks PINs through PKCS#11 only when its configuration says how (opensc.conf(5), user_pin_unblock_style); without
 * it, a PUK given to it is counted as a wrong PIN.
 *
 * And it keeps no PIN in memory once the card has a key that asks for it before each signature, though writing a certificate
 * takes the PIN several times (pin_cache_ignore_user_consent). The signer asks for it by itself (`card-signer.ts`).
 */
export const OPENSC_CONFIGURATION = `app default {
  framework pkcs15 {
    use_file_caching = no;
    pin_cache_ignore_user_consent = true;
  }
}
app opensc-pkcs11 {
  pkcs11 {
    user_pin_unblock_style = init_pin_in_so_session;
  }
}
`;

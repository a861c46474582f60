import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.*;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.util.*;

/** Prints what the JDK's revocation checker finds: <issuer> <URL> <nonce|plain> <certificate>... */
class CheckStatus {
  public static void main(String[] args) throws Exception {
    X509Certificate issuer = read(args[0]);
    for (String path : List.of(args).subList(3, args.length))
      System.out.println(Path.of(path).getFileName() + ": " + check(issuer, URI.create(args[1]), args[2], read(path)));
  }

  static String check(X509Certificate issuer, URI responder, String kind, X509Certificate certificate) throws Exception {
    CertPathValidator validator = CertPathValidator.getInstance("PKIX");
    PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
    checker.setOptions(EnumSet.of(PKIXRevocationChecker.Option.NO_FALLBACK));
    checker.setOcspResponder(responder);
    if (kind.equals("nonce")) checker.setOcspExtensions(List.of(new Nonce()));
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(issuer, null)));
    parameters.addCertPathChecker(checker);
    // An expired certificate is asked about as of a time when it was valid.
    Date now = new Date();
    if (certificate.getNotAfter().before(now)) parameters.setDate(new Date(certificate.getNotAfter().getTime() - 1000));
    try {
      validator.validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)), parameters);
      return "good";
    } catch (CertPathValidatorException failure) {
      if (failure.getReason() != BasicReason.REVOKED) return "failed: " + failure;
      return "revoked " + ((CertificateRevokedException) failure.getCause()).getRevocationReason();
    }
  }

  static X509Certificate read(String path) throws Exception {
    byte[] bytes = Files.readAllBytes(Path.of(path));
    return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
  }

  /** id-pkix-ocsp-nonce with 32 octets; the JDK compares it with the answer's. */
  static class Nonce implements Extension {
    private final byte[] value = new byte[34];

    Nonce() {
      byte[] random = new byte[32];
      new SecureRandom().nextBytes(random);
      value[0] = 4;
      value[1] = 32;
      System.arraycopy(random, 0, value, 2, 32);
    }

    public String getId() { return "1.3.6.1.5.5.7.48.1.2"; }
    public boolean isCritical() { return false; }
    public byte[] getValue() { return value.clone(); }

    /** SEQUENCE of the object identifier and the value as an OCTET STRING. */
    public void encode(java.io.OutputStream out) throws java.io.IOException {
      out.write(new byte[] {0x30, 47, 6, 9, 0x2b, 6, 1, 5, 5, 7, 0x30, 1, 2, 4, 34});
      out.write(value);
    }
  }
}

import java.io.FileInputStream;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;

/** java ReadPkcs12.java <file> <password>: opens the one key of the file, signs with it, and verifies by its certificate. */
public final class ReadPkcs12 {
  public static void main(String[] arguments) throws Exception {
    char[] password = arguments[1].toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (FileInputStream file = new FileInputStream(arguments[0])) {
      store.load(file, password);
    }
    String alias = store.aliases().nextElement();
    PrivateKey key = (PrivateKey) store.getKey(alias, password);
    X509Certificate certificate = (X509Certificate) store.getCertificate(alias);
    Signature signature = Signature.getInstance(
        key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
    byte[] message = "prescription".getBytes("UTF-8");
    signature.initSign(key);
    signature.update(message);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(message);
    System.out.println(key.getAlgorithm() + " chain " + store.getCertificateChain(alias).length
        + " verified " + signature.verify(signed));
  }
}

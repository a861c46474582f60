import java.io.FileInputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collection;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.tsp.*;

/**
 * BouncyCastle as client and reader: `ask <digest oid> <hash name> <content> <request>` writes a request, `check <request> <reply>`
 * validates what came back.
 */
class VerifyTimeStamp {
  public static void main(String[] args) throws Exception {
    if (args[0].equals("ask")) ask(args[1], args[2], Path.of(args[3]), Path.of(args[4]));
    else check(Path.of(args[1]), Path.of(args[2]));
  }

  static void ask(String digest, String name, Path content, Path request) throws Exception {
    TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
    generator.setCertReq(true);
    byte[] hash = MessageDigest.getInstance(name).digest(Files.readAllBytes(content));
    BigInteger nonce = new BigInteger("1234567890123456789");
    Files.write(request, generator.generate(new ASN1ObjectIdentifier(digest), hash, nonce).getEncoded());
  }

  static void check(Path request, Path reply) throws Exception {
    TimeStampResponse response = new TimeStampResponse(new FileInputStream(reply.toFile()));
    response.validate(new TimeStampRequest(Files.readAllBytes(request)));
    if (response.getTimeStampToken() == null) {
      System.out.println("refused " + response.getStatus() + " " + response.getFailInfo().intValue());
      return;
    }
    TimeStampToken token = response.getTimeStampToken();
    Collection<X509CertificateHolder> found = token.getCertificates().getMatches(token.getSID());
    X509CertificateHolder certificate = found.iterator().next();
    token.validate(new JcaSimpleSignerInfoVerifierBuilder().build(certificate));
    TimeStampTokenInfo info = token.getTimeStampInfo();
    System.out.println("valid " + info.getPolicy() + " " + info.isOrdered() + " " + info.getGenTimeAccuracy().getSeconds() + "s");
  }
}

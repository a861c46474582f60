import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.xml.crypto.AlgorithmMethod;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.KeySelectorResult;
import javax.xml.crypto.XMLCryptoContext;
import javax.xml.crypto.XMLStructure;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import javax.xml.crypto.dsig.keyinfo.X509Data;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.ExcC14NParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * XML signatures with the JDK's own javax.xml.crypto.dsig.
 * `verify FILE...` prints what each is; `sign KEYSTORE.p12 PASSWORD METHOD-NAME=METHOD-URI...` makes one file for each
 * signature method and canonicalization.
 */
public class XmlSignatures {
  static final XMLSignatureFactory FACTORY = XMLSignatureFactory.getInstance("DOM");

  static final String[] CANONICALIZATIONS = {
    CanonicalizationMethod.INCLUSIVE, CanonicalizationMethod.INCLUSIVE_WITH_COMMENTS,
    "http://www.w3.org/2006/12/xml-c14n11", "http://www.w3.org/2006/12/xml-c14n11#WithComments",
    CanonicalizationMethod.EXCLUSIVE, CanonicalizationMethod.EXCLUSIVE_WITH_COMMENTS,
  };

  /** A part that inherits; of what is said anew on the way the JDK takes the outer, against Canonical XML §2.4 and others. */
  static final String DOCUMENT =
    "<?pi before?><!-- before --><e:Envelope xmlns:e='urn:e' xmlns='urn:d' xmlns:unused='urn:u' xml:lang='fa' xml:space='preserve'"
    + ">\n<e:Part xmlns:unused='urn:other' Id='part'>"
    + "<Body Id='body' z='1' e:b='&lt;2&gt;&#9;' a='3'><!-- inside --><n xmlns=''><e:x xmlns:e='urn:e2'/></n>&#13; \u0646\u0633\u062e\u0647 &amp;</Body>"
    + "</e:Part></e:Envelope><!-- after -->";

  public static void main(String[] args) throws Exception {
    if (args[0].equals("verify")) for (int i = 1; i < args.length; i++) verify(new File(args[i]));
    else sign(args);
  }

  static void verify(File file) throws Exception {
    Document document = parse(new FileInputStream(file));
    nameIds(document.getDocumentElement());
    Node signature = document.getElementsByTagNameNS(XMLSignature.XMLNS, "Signature").item(0);
    DOMValidateContext context = new DOMValidateContext(new EmbeddedCertificate(), signature);
    // Secure validation allows no references to files.
    context.setProperty("org.jcp.xml.dsig.secureValidation", Boolean.FALSE);
    context.setBaseURI(file.toURI().toString());
    System.out.println(file.getName() + ": " + FACTORY.unmarshalXMLSignature(context).validate(context));
  }

  static void sign(String[] args) throws Exception {
    char[] password = args[2].toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(new FileInputStream(args[1]), password);
    String alias = store.aliases().nextElement();
    PrivateKey key = (PrivateKey) store.getKey(alias, password);
    X509Certificate certificate = (X509Certificate) store.getCertificate(alias);
    for (int i = 3; i < args.length; i++) {
      String[] method = args[i].split("=", 2);
      for (int c = 0; c < CANONICALIZATIONS.length; c++)
        signOne(method[0] + "-" + c + ".xml", method[1], CANONICALIZATIONS[c], key, certificate);
    }
  }

  static void signOne(String name, String method, String canonicalization, PrivateKey key, X509Certificate certificate)
      throws Exception {
    Document document = parse(new ByteArrayInputStream(DOCUMENT.getBytes(StandardCharsets.UTF_8)));
    nameIds(document.getDocumentElement());
    boolean isExclusive = canonicalization.startsWith(CanonicalizationMethod.EXCLUSIVE);
    ExcC14NParameterSpec prefixes = isExclusive ? new ExcC14NParameterSpec(List.of("unused", "#default")) : null;
    Transform enveloped = FACTORY.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null);
    Transform canonical = FACTORY.newTransform(canonicalization, (TransformParameterSpec) prefixes);
    DigestMethod digest = FACTORY.newDigestMethod(DigestMethod.SHA256, null);
    SignedInfo info = FACTORY.newSignedInfo(
      FACTORY.newCanonicalizationMethod(canonicalization, (C14NMethodParameterSpec) null),
      FACTORY.newSignatureMethod(method, null),
      List.of(
        FACTORY.newReference("", digest, List.of(enveloped, canonical), null, null),
        FACTORY.newReference("#body", digest, List.of(canonical), null, null),
        FACTORY.newReference("#body", digest, null, null, null),
        FACTORY.newReference("#xpointer(id('body'))", digest, List.of(canonical), null, null)));
    KeyInfoFactory keys = FACTORY.getKeyInfoFactory();
    KeyInfo keyInfo = keys.newKeyInfo(List.of(keys.newX509Data(List.of(certificate))));
    Node part = document.getElementsByTagNameNS("urn:e", "Part").item(0);
    FACTORY.newXMLSignature(info, keyInfo).sign(new DOMSignContext(key, part));
    try (FileOutputStream out = new FileOutputStream(name)) {
      TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(out));
    }
  }

  static Document parse(java.io.InputStream in) throws Exception {
    DocumentBuilderFactory builders = DocumentBuilderFactory.newInstance();
    builders.setNamespaceAware(true);
    return builders.newDocumentBuilder().parse(in);
  }

  static void nameIds(Element element) {
    if (element.hasAttributeNS(null, "Id")) element.setIdAttributeNS(null, "Id", true);
    NodeList children = element.getChildNodes();
    for (int i = 0; i < children.getLength(); i++)
      if (children.item(i) instanceof Element child) nameIds(child);
  }

  static class EmbeddedCertificate extends KeySelector {
    public KeySelectorResult select(KeyInfo info, Purpose purpose, AlgorithmMethod method, XMLCryptoContext context) {
      for (Object part : info.getContent())
        if (part instanceof X509Data data)
          for (Object member : data.getContent())
            if (member instanceof X509Certificate certificate) return certificate::getPublicKey;
      throw new IllegalStateException("no certificate");
    }
  }
}

"""Asks for each certificate as Python's cryptography does: <issuer> <URL> <hash> <certificate>..."""
import sys
import urllib.request
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.x509 import ocsp

issuer_path, url, hash_name, *paths = sys.argv[1:]


def read(path):
    return x509.load_pem_x509_certificate(Path(path).read_bytes())


def verify(key, signature, message, algorithm):
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, message, ec.ECDSA(algorithm))
    else:
        key.verify(signature, message, padding.PKCS1v15(), algorithm)


issuer = read(issuer_path)
for path in paths:
    builder = ocsp.OCSPRequestBuilder().add_certificate(read(path), issuer, getattr(hashes, hash_name)())
    nonce = bytes(range(32))
    request = builder.add_extension(x509.OCSPNonce(nonce), critical=False).build()
    body = request.public_bytes(serialization.Encoding.DER)
    headers = {"Content-Type": "application/ocsp-request"}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as http:
        response = ocsp.load_der_ocsp_response(http.read())
    assert response.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL
    assert response.serial_number == request.serial_number
    assert response.issuer_key_hash == request.issuer_key_hash
    assert response.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce[-32:] == nonce
    (responder,) = response.certificates
    algorithm = response.signature_hash_algorithm
    verify(responder.public_key(), response.signature, response.tbs_response_bytes, algorithm)
    verify(issuer.public_key(), responder.signature, responder.tbs_certificate_bytes, responder.signature_hash_algorithm)
    reason = response.revocation_reason
    print(f"{Path(path).name}: {response.certificate_status.name}{' ' + reason.name if reason else ''}")

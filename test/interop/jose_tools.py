"""What jwcrypto and python-jose say of a JWS, and what they sign: `verify <key.pem>` and `sign <key.pem> <alg>`, JWS and payload on standard input."""

import json
import sys

import jose.jws
from jwcrypto import jwk, jws
from jwcrypto.common import json_encode


def main():
    command, library, key_file, *rest = sys.argv[1:]
    with open(key_file, "rb") as file:
        pem = file.read()
    text = sys.stdin.read()
    print({"jwcrypto": with_jwcrypto, "python-jose": with_python_jose}[library](command, pem, text, *rest))


def with_jwcrypto(command, pem, text, *rest):
    key = jwk.JWK.from_pem(pem)
    if command == "verify":
        token = jws.JWS()
        token.deserialize(text)
        # jwcrypto refuses critical parameters that it does not know.
        token.verify(key)
        payload = token.objects["payload"]
        return payload if isinstance(payload, str) else payload.decode()
    alg, header, form = rest
    token = jws.JWS(text)
    token.add_signature(key, None, json_encode({"alg": alg, **json.loads(header)}))
    return token.serialize(compact=form == "compact")


def with_python_jose(command, pem, text, *rest):
    if command == "verify":
        return jose.jws.verify(text, pem, rest[0]).decode()
    alg, header, _ = rest
    return jose.jws.sign(text.encode(), pem, json.loads(header), alg)


main()

"""Makes verdicts.json: messages, and what a second implementation says of each. See README.md for the versions that wrote the kept file."""

import base64
import importlib.metadata as metadata
import json
import logging
import random
import sys

import authheaders
import authres
import dkim
import nacl.signing
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

logging.disable(logging.CRITICAL)
BASE = (b"From: Ada <ada@example.com>\r\nTo: ben@example.org\r\nSubject: Your  new\r\n password\r\n"
        b"Date: Fri, 11 Sep 2020 10:00:00 +0000\r\nMessage-ID: <1@example.com>\r\n\r\n"
        b"Hello Ben,\r\n\r\nfollow  the link \t \r\nand choose a password.\r\n\r\n\r\n")


def pair(bits):
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return pem, base64.b64encode(der).decode()


KEY, PUBLIC = pair(2048)
SHORT, SHORT_PUBLIC = pair(1024)
EDWARDS = nacl.signing.SigningKey.generate()
EDWARDS_KEY = base64.b64encode(bytes(EDWARDS))
RECORDS = {
    "k._domainkey.example.com": f"v=DKIM1; k=rsa; p={PUBLIC}",
    "k._domainkey.mail.example.com": f"v=DKIM1; k=rsa; p={PUBLIC}",
    "k._domainkey.example.net": f"v=DKIM1; k=rsa; p={PUBLIC}",
    "s._domainkey.example.com": f"v=DKIM1; k=rsa; p={SHORT_PUBLIC}",
    "e._domainkey.example.com": f"v=DKIM1; k=ed25519; p={base64.b64encode(bytes(EDWARDS.verify_key)).decode()}",
    "revoked._domainkey.example.com": "v=DKIM1; k=rsa; p=",
    "bare._domainkey.example.com": f"p={PUBLIC}",
    "broken._domainkey.example.com": "v=DKIM1; k=rsa; p=!!!!",
    "_dmarc.example.com": "v=DMARC1; p=reject",
    "_dmarc.example.net": "v=DMARC1; p=none",
}
FIELDS = [b"from", b"to", b"subject", b"date", b"message-id"]


def ask(name, timeout=5):
    name = name.decode() if isinstance(name, bytes) else name
    text = RECORDS.get(name.rstrip(".").lower())
    return text.encode() if text else None


def sign(message=BASE, selector=b"k", domain=b"example.com", key=None, form=(b"relaxed", b"relaxed"), fields=FIELDS, **more):
    key = key or {b"e": EDWARDS_KEY, b"s": SHORT}.get(selector, KEY)
    algorithm = b"ed25519-sha256" if selector == b"e" else b"rsa-sha256"
    return dkim.sign(message, selector, domain, key, canonicalize=form, include_headers=list(fields), signature_algorithm=algorithm, **more) + message


def seal(message, domain):
    state = b"pass" if b"ARC-Seal:" in message else b"none"
    results = b"Authentication-Results: mx.example.net; arc=" + state + b"; dkim=pass header.d=example.com\r\n"
    # Who seals again writes results of its own in place of the earlier ones.
    earlier = b"Authentication-Results: mx.example.net; arc=none; dkim=pass header.d=example.com\r\n"
    message = results + message.replace(b"\r\n" + earlier, b"\r\n")
    return b"".join(dkim.arc_sign(message, b"k", domain, KEY, b"mx.example.net", include_headers=[b"from", b"to", b"subject", b"date"])) + message


def cases():
    for header in (b"simple", b"relaxed"):
        for body in (b"simple", b"relaxed"):
            form = (header, body)
            name = f"{header.decode()}/{body.decode()}"
            whole = sign(form=form)
            yield f"{name} untouched", whole
            yield f"{name} spaces at line ends", whole.replace(b"and choose a password.\r\n", b"and choose a password. \t\r\n")
            yield f"{name} spaces within a line", whole.replace(b"follow  the", b"follow the")
            yield f"{name} empty lines at the end", whole + b"\r\n\r\n"
            yield f"{name} header folded again", whole.replace(b"Your  new\r\n password", b"Your new password")
            yield f"{name} case of a field name", whole.replace(b"Subject:", b"SUBJECT:")
            yield f"{name} a changed word", whole.replace(b"choose", b"choo5e")
    whole = sign()
    yield "ed25519", sign(selector=b"e")
    yield "ed25519 changed", sign(selector=b"e").replace(b"Hello", b"Hallo")
    yield "both algorithms", sign(sign(selector=b"e"))
    yield "a key of 1024 bits", sign(selector=b"s")
    yield "a record without a version", sign(selector=b"bare")
    yield "a revoked key", sign(selector=b"revoked")
    yield "a key that is none", sign(selector=b"broken")
    yield "no key", sign(selector=b"nowhere")
    yield "a length, whole", sign(length=True)
    yield "a length, with a footer", sign(length=True) + b"-- \r\nUnsubscribe\r\n"
    yield "a mailing list's footer", whole + b"-- \r\nUnsubscribe\r\n"
    yield "a mailing list's subject", whole.replace(b"Subject: ", b"Subject: [list] ")
    yield "a mailing list that signs too", sign(whole.replace(b"Hello", b"Hi") , domain=b"example.net")
    yield "oversigned", sign(fields=FIELDS + [b"from", b"subject"])
    yield "oversigned, a second subject", sign(fields=FIELDS + [b"from", b"subject"]).replace(b"To: ben", b"Subject: buy\r\nTo: ben")
    yield "a second subject on top", b"Subject: buy\r\n" + whole
    yield "a second author on top", b"From: eve@example.net\r\n" + whole
    yield "an author that is not signed", whole.replace(b"h=from : to", b"h=to")
    yield "8-bit", sign(BASE.replace(b"Hello Ben", "Grüße, Ben".encode()))
    yield "8-bit in latin-1", sign(BASE.replace(b"Hello Ben", "Grüße, Ben".encode("latin-1")))
    yield "an empty body", sign(BASE.split(b"\r\n\r\n")[0] + b"\r\n\r\n")
    yield "no line end at the end", sign(BASE.rstrip() , form=(b"relaxed", b"relaxed"))
    yield "bare line feeds", whole.replace(b"\r\n", b"\n")
    yield "of a sub-domain", sign(domain=b"mail.example.com")
    yield "of a stranger", sign(domain=b"example.net")
    yield "no signature", BASE
    yield "a field that is not signed is added", b"X-Scanned: yes\r\n" + whole
    yield "a signed field is taken away", whole.replace(b"Message-ID: <1@example.com>\r\n", b"")
    yield "fields in another order", whole.replace(b"To: ben@example.org\r\n", b"").replace(b"Date:", b"To: ben@example.org\r\nDate:")
    yield "a signature cut short", whole.replace(b"; bh=", b"; bh=AAAA", 1)
    yield "another selector", whole.replace(b"s=k;", b"s=s;")
    yield "another domain", whole.replace(b"d=example.com", b"d=example.net")
    yield "a version of its own", whole.replace(b"v=1;", b"v=2;")
    yield "an algorithm of its own", whole.replace(b"a=rsa-sha256", b"a=rsa-sha512")
    yield "a huge header", sign(BASE.replace(b"To: ben", b"X-Long: " + b"x " * 20_000 + b"\r\nTo: ben"))
    yield "a seal", seal(whole, b"example.net")
    yield "two seals", seal(seal(whole, b"example.net"), b"example.com")
    yield "a seal, changed after it", seal(whole, b"example.net").replace(b"Hello", b"Hallo")
    yield "a seal that is broken", seal(whole, b"example.net").replace(b"cv=none", b"cv=pass")
    yield "a thousand signatures", b"DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=k; h=from; bh=AAAA; b=AAAA\r\n" * 999 + whole


def signatures(message):
    count = min(10, sum(name.lower() == b"dkim-signature" for name, _ in dkim.rfc822_parse(message)[0]))
    verdicts = []
    for at in range(count):
        try:
            verdicts.append(bool(dkim.DKIM(message, minkey=1024).verify(idx=at, dnsfunc=ask)))
        except dkim.DKIMException:
            verdicts.append(False)
    return verdicts


def chain(message):
    told = dkim.arc_verify(message, dnsfunc=ask)[0]
    # No word at all means a chain that its own last seal calls broken.
    return told.decode().lower() if told else "fail" if b"ARC-Seal:" in message else "none"


def policy(message, verdicts):
    domains = [value for name, value in dkim.rfc822_parse(message)[0] if name.lower() == b"dkim-signature"]
    passed = [dkim.util.parse_tag_value(value)[b"d"].decode() for value, good in zip(domains, verdicts) if good]
    # One result is taken: that of the author's own domain where there is one.
    passed.sort(key=lambda domain: not domain.endswith("example.com"))
    result = authres.DKIMAuthenticationResult(result="pass" if passed else "fail", header_d=passed[0] if passed else "example.com")
    told = authheaders.check_dmarc(message, dkim_result=result, dnsfunc=lambda name, *_: (ask(name) or b"").decode() or None, dmarcbis=False)
    return told.result


def main():
    random.seed(1)
    told = []
    for name, message in cases():
        verdicts = signatures(message)
        told.append({"name": name, "message": base64.b64encode(message).decode(), "dkim": verdicts, "arc": chain(message), "dmarc": policy(message, verdicts)})
    versions = {package: metadata.version(package) for package in ("dkimpy", "authheaders", "authres", "PyNaCl")}
    json.dump({"versions": versions, "records": RECORDS, "cases": told}, sys.stdout, indent=1)
    print()


main()

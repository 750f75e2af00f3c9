"""Makes verdicts.json: messages, and what a second implementation says of each. See README.md for the versions that wrote the kept file."""

import base64
import importlib.metadata as metadata
import json
import logging
import random
import re
import sys

import authheaders
import authres
import dkim
import nacl.exceptions
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


def tagged(*tags, **how):
    """Signed with tags besides the usual ones, or in their place."""
    plain = dkim.DKIM.gen_header

    def with_tags(self, fields, *rest):
        fields = [field for field in fields if field[0] not in dict(tags)]
        at = [name for name, _ in fields].index(b"bh")
        return plain(self, fields[:at] + list(tags) + fields[at:], *rest)

    dkim.DKIM.gen_header = with_tags
    try:
        return sign(**how)
    finally:
        dkim.DKIM.gen_header = plain


def mime(body):
    return BASE.split(b"\r\n\r\n")[0] + b"\r\nMIME-Version: 1.0\r\n" + body


def seal(message, domain):
    state = b"pass" if b"ARC-Seal:" in message else b"none"
    results = b"Authentication-Results: mx.example.net; arc=" + state + b"; dkim=pass header.d=example.com\r\n"
    # Who seals again writes results of its own in place of the earlier ones.
    message = results + re.sub(rb"(?m)^Authentication-Results: mx\.example\.net.*\r\n", b"", message)
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
    third = seal(seal(seal(whole, b"example.net"), b"example.com"), b"mail.example.com")
    yield "three seals", third
    yield "three seals, the first is gone", third.replace(b"ARC-Seal: i=1;", b"X-Seal: i=1;")
    yield "three seals, one twice", third.replace(b"ARC-Seal: i=2;", b"ARC-Seal: i=1;")
    yield "three seals, numbered from two", third.replace(b": i=3;", b": i=4;")
    yield "a seal, its results changed", seal(whole, b"example.net").replace(b"dkim=pass", b"dkim=fail", 1)
    yield "a seal that calls the chain broken", seal(whole, b"example.net").replace(b"cv=none", b"cv=fail")
    yield "a seal of a key that is revoked", seal(whole, b"example.net").replace(b"s=k; t=", b"s=revoked; t=").replace(b"d=example.net", b"d=example.com")
    yield "a seal over a signature that no longer holds", seal(whole.replace(b"Hello", b"Hi"), b"example.net")
    yield "expired", tagged((b"x", b"1500000000"))
    yield "expired before it was signed", tagged((b"x", b"1000"))
    yield "an expiry that is to come", tagged((b"x", b"4000000000"))
    yield "an expiry that is no number", tagged((b"x", b"soon"))
    yield "a tag that nobody knows", tagged((b"zz", b"1"))
    yield "copied header fields", tagged((b"z", b"From:Ada|Subject:Hello=20Ben"))
    yield "another way to the key", tagged((b"q2", b"x"), selector=b"k")
    yield "an identity below the domain", sign(identity=b"ada@mail.example.com")
    yield "an identity of a stranger", tagged((b"i", b"ada@example.net"))
    yield "an identity that only ends alike", tagged((b"i", b"ada@notexample.com"))
    yield "a length of nothing", whole.replace(b"bh=", b"l=0; bh=", 1)
    yield "a length beyond the end", tagged((b"l", b"100000"))
    yield "three signatures, the middle one broken", sign(sign(whole.replace(b"bh=", b"bh=x", 1), domain=b"example.net"), domain=b"mail.example.com")
    yield "ed25519 in both forms simple", sign(selector=b"e", form=(b"simple", b"simple"))
    yield "ed25519 with the selector of another kind", sign(selector=b"e").replace(b"s=e;", b"s=k;")
    yield "rsa with a key of the other kind", whole.replace(b"s=k;", b"s=e;")
    yield "tags with tabs and folds between", whole.replace(b"; d=", b";\r\n\t d =\r\n\t ", 1)
    yield "a fold within the signature", whole.replace(b" b=", b" b=\r\n ", 1)
    yield "a doubled tag", whole.replace(b"; s=k;", b"; s=k; s=k;", 1)
    yield "no tag h", whole.replace(b"h=from", b"hh=from", 1)
    for form in ((b"simple", b"simple"), (b"relaxed", b"relaxed")):
        name = form[0].decode()
        parts = mime(b"Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n--b\r\n")
        yield f"a part that is never closed, {name}", sign(parts, form=form)
        yield f"a boundary that never comes, {name}", sign(mime(b"Content-Type: multipart/mixed; boundary=nowhere\r\n\r\nHello\r\n"), form=form)
        yield f"base64 that is none, {name}", sign(mime(b"Content-Transfer-Encoding: base64\r\n\r\n~~~~ not base64 ~~~~\r\n"), form=form)
        yield f"a body of empty lines, {name}", sign(BASE.split(b"\r\n\r\n")[0] + b"\r\n\r\n" + b"\r\n" * 9, form=form)
        yield f"a body of spaces, {name}", sign(BASE.split(b"\r\n\r\n")[0] + b"\r\n\r\n \t \r\n  \r\n", form=form)
        yield f"a line without end, {name}", sign(BASE.replace(b"Hello Ben", b"x" * 3_000), form=form)
        yield f"bytes of no charset, {name}", sign(BASE.replace(b"Hello Ben", bytes(range(128, 256))), form=form)
        yield f"a field without a value, {name}", sign(BASE.replace(b"Subject: Your  new\r\n password", b"Subject:"), form=form)
        yield f"a field of folds, {name}", sign(BASE.replace(b"password\r\n", b"password\r\n \r\n\tagain\r\n", 1), form=form)
    yield "a thousand signatures", b"DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=k; h=from; bh=AAAA; b=AAAA\r\n" * 999 + whole


def signatures(message):
    count = min(10, sum(name.lower() == b"dkim-signature" for name, _ in dkim.rfc822_parse(message)[0]))
    verdicts = []
    for at in range(count):
        try:
            verdicts.append(bool(dkim.DKIM(message, minkey=1024).verify(idx=at, dnsfunc=ask)))
        except (dkim.DKIMException, nacl.exceptions.ValueError):
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

"""Makes envelope.json: what sealed values, wrapped keys, derived keys, the master key text and the audit chain are.

Independent of the program: Python, the `cryptography` package, and docs/format.md. Nothing is random, so that the same
file comes out each time; frozen, so that it is only ever added to.

    python3 test/vectors/generate.py > test/vectors/envelope.json && npx prettier --write test/vectors
"""

import base64
import hashlib
import hmac
import json
import struct

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MASTER = bytes(range(32))
DATA_KEY = bytes(range(32, 64))
OTHER_KEY = bytes(range(64, 96))
VAULT = "6f1c1e0e-8a50-4c0a-9a5e-0b6f0a8f6a01"
PROJECT = "0b9f3a52-3c8e-4b53-8f0e-9a4f8f2d7c11"
ENVIRONMENT = "f2a7d9c4-51b0-4a5e-a4c3-1e2d3c4b5a69"
PLACE = {"projectId": PROJECT, "environmentId": ENVIRONMENT, "name": "DATABASE_URL", "version": 7}


def context(*parts):
    fields = [part.encode() for part in ("team-secrets v1", *parts)]
    return b"".join(struct.pack(">I", len(field)) + field for field in fields)


def seal(key, associated, plain, nonce):
    return b"\x01" + nonce + AESGCM(key).encrypt(nonce, plain, associated)


def value_context(place):
    return context("value", place["projectId"], place["environmentId"], place["name"], str(place["version"]))


def nonce(number):
    return hashlib.sha256(b"nonce %d" % number).digest()[:12]


def derive(purpose):
    info = f"team-secrets v1 {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=VAULT.encode(), info=info).derive(MASTER)


def value(number, name, text, outcome="ok", key=DATA_KEY, place=None, change=lambda sealed: sealed):
    """Sealed for PLACE under DATA_KEY; to be opened under `key`, for `place`, after `change`."""
    sealed = change(seal(DATA_KEY, value_context(PLACE), text.encode(), nonce(number)))
    return {
        "name": name,
        "outcome": outcome,
        "key": key.hex(),
        "place": PLACE | (place or {}),
        "sealed": sealed.hex(),
        "plaintext": text if outcome == "ok" else None,
    }


def flip(at):
    def change(sealed):
        changed = bytearray(sealed)
        changed[at] ^= 1
        return bytes(changed)

    return change


def values():
    text = "postgres://web:hunter2@db/web"
    return [
        value(1, "a plain value", text),
        value(2, "an empty value", ""),
        value(3, "unicode and line ends", "é🔑\r\n\u2028 "),
        value(4, "a long value", "0123456789abcdef" * 16),
        value(5, "another data key", text, "wrong key", key=OTHER_KEY),
        value(6, "a changed nonce", text, "tampered", change=flip(1)),
        value(7, "a changed ciphertext", text, "tampered", change=flip(13)),
        value(8, "a changed tag", text, "tampered", change=flip(-1)),
        value(9, "a byte too many", text, "tampered", change=lambda sealed: sealed + b"\0"),
        value(10, "a row of another project", text, "swapped row", place={"projectId": VAULT}),
        value(11, "a row of another environment", text, "swapped row", place={"environmentId": PROJECT}),
        value(12, "a row of another name", text, "swapped row", place={"name": "DATABASE_UR"}),
        value(13, "a row of another version", text, "swapped row", place={"version": 8}),
        value(14, "a byte too few", text, "tampered", change=lambda sealed: sealed[:-1]),
        value(15, "less than nonce and tag", text, "cut short", change=lambda sealed: sealed[:28]),
        value(16, "nothing at all", text, "cut short", change=lambda sealed: b""),
        value(17, "format 0", text, "unknown format", change=lambda sealed: b"\x00" + sealed[1:]),
        value(18, "format 2", text, "unknown format", change=lambda sealed: b"\x02" + sealed[1:]),
    ]


def data_keys():
    wrapped = seal(derive("wrap"), context("data key", PROJECT), DATA_KEY, nonce(100))
    good = {"wrappingKey": derive("wrap").hex(), "projectId": PROJECT, "wrapped": wrapped.hex()}
    return [
        {"name": "a data key", "outcome": "ok", **good, "dataKey": DATA_KEY.hex()},
        {"name": "of another project", "outcome": "swapped row", **good, "projectId": VAULT, "dataKey": None},
        {"name": "by another key", "outcome": "wrong key", **good, "wrappingKey": OTHER_KEY.hex(), "dataKey": None},
        {"name": "changed", "outcome": "tampered", **good, "wrapped": flip(20)(wrapped).hex(), "dataKey": None},
    ]


def snapshots():
    text = json.dumps([["A", 1, "a"], ["B", 2, "é"]], ensure_ascii=False, separators=(",", ":"))
    sealed = seal(DATA_KEY, context("snapshot", PROJECT, ENVIRONMENT, "9"), text.encode(), nonce(200))
    place = {"projectId": PROJECT, "environmentId": ENVIRONMENT, "revision": 9}
    good = {"key": DATA_KEY.hex(), "place": place, "sealed": sealed.hex()}
    return [
        {"name": "a snapshot", "outcome": "ok", **good, "plaintext": text},
        {"name": "of another revision", "outcome": "swapped row", **good, "place": place | {"revision": 8}, "plaintext": None},
        {"name": "by another key", "outcome": "wrong key", **good, "key": OTHER_KEY.hex(), "plaintext": None},
    ]


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def master_key_text():
    return "smk_" + base64url(MASTER) + base64url(hashlib.sha256(MASTER).digest()[:3])


def audit():
    """Three events and the signed head."""
    rows = [
        (1, "2026-01-01T00:00:00.000Z", "olga", "vault.create", None, None, json.dumps({"vaultId": VAULT}, separators=(",", ":"))),
        (2, "2026-01-01T00:00:01.000Z", "olga", "project.create", "web", None, "{}"),
        (3, "2026-01-01T00:00:02.000Z", "mörk \"\\", "secrets.set", "web", "development", '{"revision":1,"secrets":{"A":1}}'),
    ]
    names = ("seq", "at", "actor", "action", "project", "environment", "detail")
    events, last = [], bytes(32)
    for row in rows:
        text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        last = hashlib.sha256(last + text.encode()).digest()
        events.append(dict(zip(names, row)) | {"hash": last.hex()})
    link = f"{len(rows)} {last.hex()}"
    mac = hmac.new(derive("audit"), link.encode(), hashlib.sha256).hexdigest()
    return {"events": events, "head": f"{link} {mac}"}


vectors = {
    "about": "Frozen. Made by generate.py; keys, sealed bytes and hashes in hex.",
    "master": {
        "key": MASTER.hex(),
        "text": master_key_text(),
        "vaultId": VAULT,
        "keyId": derive("key-id")[:16].hex(),
        "derived": {purpose: derive(purpose).hex() for purpose in ("wrap", "audit", "key-id")},
    },
    "values": values(),
    "dataKeys": data_keys(),
    "snapshots": snapshots(),
    "audit": audit(),
}
print(json.dumps(vectors, indent=2, ensure_ascii=False))

"""Sound files → damaged ones: bytes at random, and where a format has parts, its parts. All from one generator."""

from __future__ import annotations

import hashlib
import io
import json
import random
import re
import sqlite3
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from tests.campaign.originals import archive

Change = Callable[[bytes, random.Random], bytes]

EXTREME = (0, 1, 2, 3, 7, 8, 15, 16, 32, 99, 127, 128, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 2**31 - 1, 2**31, 2**32 - 1)


def _span(data: bytes, rng: random.Random, most: int = 64) -> tuple[int, int]:
    """Return a piece, oftener of the beginning, where headers are."""
    end = min(len(data), 512) if rng.random() < 0.4 else len(data)
    start = rng.randrange(end + 1)
    return start, min(start + rng.randint(1, most), len(data))


def _flip(data: bytes, rng: random.Random) -> bytes:
    start, end = _span(data, rng, 4)
    return data[:start] + bytes(b ^ (1 << rng.randrange(8)) for b in data[start:end]) + data[end:]


def _set(data: bytes, rng: random.Random) -> bytes:
    start, end = _span(data, rng, 16)
    return data[:start] + bytes([rng.choice((0, 255, 0x7F, 0x80, rng.randrange(256)))]) * (end - start) + data[end:]


def _number(data: bytes, rng: random.Random) -> bytes:
    """Write an extreme number of two, four or eight bytes."""
    width = rng.choice((2, 4, 8))
    order: Literal["little", "big"] = rng.choice(("little", "big"))
    start, _ = _span(data, rng)
    value = rng.choice(EXTREME) & ((1 << 8 * width) - 1)
    return data[:start] + value.to_bytes(width, order) + data[start + width :]


def _delete(data: bytes, rng: random.Random) -> bytes:
    start, end = _span(data, rng, rng.choice((1, 8, 256)))
    return data[:start] + data[end:]


def _double(data: bytes, rng: random.Random) -> bytes:
    start, end = _span(data, rng, rng.choice((4, 64, 1024)))
    return data[:end] + data[start:end] * rng.choice((1, 1, 2, 50)) + data[end:]


def _insert(data: bytes, rng: random.Random) -> bytes:
    start, _ = _span(data, rng)
    return data[:start] + rng.randbytes(rng.randint(1, 32)) + data[start:]


def _swap(data: bytes, rng: random.Random) -> bytes:
    (a, b), (c, d) = sorted((_span(data, rng), _span(data, rng)))
    return data if b > c else data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def _truncate(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


BYTES: tuple[Change, ...] = (_flip, _flip, _set, _set, _number, _number, _delete, _double, _insert, _swap, _truncate)


def spliced(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """Join the beginning of one file and the end of another."""
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


# ------------------------------------------------------------------------------------------ text

_TOKEN = re.compile(rb"\"(?:[^\"\\]|\\.)*\"|[-+]?[0-9][0-9.eE+-]*|[A-Za-z_:]+|</?|\s+|.", re.S)
_ODD = (
    b"0", b"-1", b"1e999", b"-1e309", b"NaN", b"Infinity", b"1e38", b"4e38", b"1e-320", b"9" * 400, b"9" * 5000,
    b"18446744073709551616", b"0.1", b"1.5", b"null", b"true", b"false", b"[]", b"{}", b"[" * 200_000, b'{"a":' * 3000,
    b'""', b'" "', b'"\\u0000"', b'"\\ud800"', b"\xff\xfe", b"\xc3", b"\xe6\x9c", "木木".encode(), "é".encode(),
    "\u200b".encode(), b"\r", b"\0", b"<a>" * 3000, b"&amp;", b"&lol;", b"<!DOCTYPE a>", b"]]>", b"<![CDATA[", b"*",
    b"?", b"!", b"'", b"#FF", b"T", b"=cmd|' /C calc'!A0", b"../../x", b"a" * 70_000, b"%PDF-1.4", b"obj", b"R",
    b"endobj",
)  # fmt: skip
_ENCODINGS = ("utf-16", "utf-16-le", "utf-8-sig", "utf-32", "gbk", "latin-1")


def _tokens(data: bytes, rng: random.Random) -> bytes:
    """Change a token: replace, leave out, double, exchange with another."""
    found = _TOKEN.findall(data[: 2**17])
    if not found:
        return rng.choice(_ODD)
    for _ in range(rng.choice((1, 1, 2, 4))):
        at, other = rng.randrange(len(found)), rng.randrange(len(found))
        what = rng.randrange(6)
        if what < 2:
            found[at] = rng.choice(_ODD)
        elif what == 2:
            found[at] = b""
        elif what == 3:
            found[at] *= rng.choice((2, 2, 3, 1000))
        elif what == 4:
            found[at], found[other] = found[other], found[at]
        else:
            found[at] = found[other]
    return b"".join(found) + data[2**17 :]


def _encoded(data: bytes, rng: random.Random) -> bytes:
    return data.decode("utf-8", "replace").encode(rng.choice(_ENCODINGS), "replace")


# --------------------------------------------------------------------------------- parts of formats


def _chunks(data: bytes, rng: random.Random) -> bytes:
    """Change the chunks of a PNG, their sums made right again."""
    head, at, chunks = data[:8], 8, []
    while at + 12 <= len(data):
        (size,) = struct.unpack_from(">I", data, at)
        chunks.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + size]))
        at += 12 + size
    if not chunks:
        return data
    place = rng.randrange(len(chunks))
    name, body = chunks[place]
    what = rng.randrange(5)
    if what < 2:
        chunks[place] = (name, some(body, rng, BYTES))
    elif what == 2:
        chunks.insert(rng.randrange(len(chunks) + 1), chunks[place])
    elif what == 3:
        del chunks[place]
    else:
        extra = rng.choice(
            (b"tEXt", b"zTXt", b"iTXt", b"tRNS", b"PLTE", b"eXIf", b"iCCP", b"acTL", b"fcTL", b"gAMA", b"pHYs")
        )
        filling = (
            zlib.compress(b"\0" * rng.choice((10, 100_000_000 // 50)))
            if rng.random() < 0.3
            else rng.randbytes(rng.randrange(40))
        )
        chunks.insert(rng.randrange(1, len(chunks) + 1), (extra, b"k\0\0" * rng.randrange(2) + filling))
    return head + b"".join(
        struct.pack(">I", len(b)) + n + b + struct.pack(">I", zlib.crc32(n + b)) for n, b in chunks
    )  # fmt: skip


def _entries(data: bytes, rng: random.Random) -> bytes:
    """Change entries of TIFF's tables, as TIFF files and EXIF in others have them: type, count or value."""
    starts = [at for magic in (b"II*\0", b"MM\0*") for at in _places(data, magic)]
    if not starts:
        return some(data, rng, BYTES)
    start, changed = rng.choice(starts), bytearray(data)
    order = "<" if data[start : start + 1] == b"I" else ">"
    (offset,) = struct.unpack_from(f"{order}I", data, start + 4) if start + 8 <= len(data) else (0,)
    table = start + offset
    for _ in range(rng.randint(1, 3)):
        if table + 2 > len(data):
            break
        (count,) = struct.unpack_from(f"{order}H", data, table)
        place = table + 2 + 12 * rng.randrange(min(count, 64) or 1)
        if place + 12 > len(data):
            break
        field = rng.choice((0, 2, 2, 4, 8, 8))
        if field in (0, 2):
            value = rng.choice((rng.randrange(14), rng.choice(EXTREME) & 0xFFFF))
            struct.pack_into(f"{order}H", changed, place + field, value)
        else:
            struct.pack_into(f"{order}I", changed, place + field, rng.choice((*EXTREME, rng.randrange(len(data)))))
    return bytes(changed)


def _places(data: bytes, what: bytes) -> list[int]:
    found: list[int] = []
    at = data.find(what)
    while at >= 0 and len(found) < 8:
        found.append(at)
        at = data.find(what, at + 1)
    return found


def _records(data: bytes, rng: random.Random) -> bytes:
    """Change the header of a GNT record, in a way that its sizes often agree still."""
    if data[:2] in (b"PK", b"\x1f\x8b") or len(data) < 10:
        return some(data, rng, BYTES)
    places: list[int] = []
    at = 0
    while at + 10 <= len(data) and len(places) < 50:
        places.append(at)
        at += max(struct.unpack_from("<I", data, at)[0], 10)
    at = rng.choice(places)
    size, _, width, height = struct.unpack_from("<I2sHH", data, at)
    code = rng.choice((b"\0\0", b"\0A", b"A ", b"\xff\xff", b"\x80\x80", b"\xa1\xa1", rng.randbytes(2)))
    if rng.random() < 0.5:
        width, height = rng.choice((0, 1, width, 65535, 4096)), rng.choice((0, 1, height, 65535, 4096))
    size = rng.choice((size, 10 + width * height, rng.choice(EXTREME))) & 0xFFFFFFFF
    return data[:at] + struct.pack("<I2sHH", size, code, width, height) + data[at + 10 :]


_NAMES = (
    "",
    ".",
    "..",
    "/",
    "../../x.png",
    "C:\\x.png",
    "a" * 300 + ".png",
    "\udcff.png",
    "x\n.png",
    "字.png",
    "a/b/",
    ".x.png",
)


def _members(data: bytes, rng: random.Random) -> bytes:
    """Change what a zip archive holds: names, contents, methods, flags and sizes in its tables."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            members = [(m.filename, file.read(m)) for m in file.infolist()]
    except Exception:  # noqa: BLE001 - it was damaged by an earlier change
        return some(data, rng, BYTES)
    if not members:
        return data
    at, what = rng.randrange(len(members)), rng.randrange(6)
    name, body = members[at]
    if what == 0:
        members[at] = (rng.choice(_NAMES).encode("utf-8", "replace").decode(), body)
    elif what == 1:
        members[at] = (name, some(body, rng, BYTES))
    elif what == 2:
        members.append(members[at])
    elif what == 3:
        members[at] = (name, rng.choice((b"", b"\0" * rng.choice((10, 10**7)), data)))
    made = bytearray(archive([(n or "x", b) for n, b in members], rng.choice((0, 8, 12, 14))))
    if what > 3:
        table = rng.choice(_places(bytes(made), rng.choice((b"PK\1\2", b"PK\3\4", b"PK\5\6"))) or [0])
        field = table + rng.randrange(4, 46)
        made[field : field + 2] = struct.pack("<H", rng.choice(EXTREME) & 0xFFFF)
    return bytes(made)


def _model(data: bytes, rng: random.Random) -> bytes:
    """Change a model's files; half of those whose network is changed are given the digest that belongs to it."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        members = {m.filename: file.read(m) for m in file.infolist()}
    name = rng.choice(("manifest.json", "manifest.json", "characters.txt", "model.onnx", "model.onnx", "canary.npz"))
    ways = TEXT if name.endswith((".json", ".txt")) else BYTES if name == "model.onnx" else (*BYTES, _members)
    members[name] = some(members[name], rng, ways)
    if name != "manifest.json" and rng.random() < 0.7:
        manifest = json.loads(members["manifest.json"])
        manifest["model_sha256"] = hashlib.sha256(members["model.onnx"]).hexdigest()
        manifest["characters_sha256"] = hashlib.sha256(members["characters.txt"]).hexdigest()
        members["manifest.json"] = json.dumps(manifest).encode()
    if rng.random() < 0.1:
        del members[rng.choice(list(members))]
    made = archive(list(members.items()))
    return some(made, rng, BYTES) if rng.random() < 0.1 else made


_SQL = (
    "UPDATE {t} SET {c} = NULL", "UPDATE {t} SET {c} = x'00ff'", "UPDATE {t} SET {c} = 'text'",
    "UPDATE {t} SET {c} = -9223372036854775808", "UPDATE {t} SET {c} = zeroblob(100000)", "DROP TABLE {t}",
    "UPDATE {t} SET {c} = 9e999", "DELETE FROM {t}",
    "ALTER TABLE {t} DROP COLUMN {c}", "ALTER TABLE {t} RENAME COLUMN {c} TO other", "ALTER TABLE {t} RENAME TO other",
    "PRAGMA user_version = 99", "PRAGMA user_version = 0", "PRAGMA user_version = -1", "PRAGMA application_id = 7",
    "CREATE TRIGGER x BEFORE INSERT ON {t} BEGIN SELECT RAISE(ABORT, 'no'); END",
    "DROP TABLE {t}; CREATE VIEW {t} AS SELECT 1 AS id", "UPDATE {t} SET {c} = CAST(x'ff' AS TEXT)",
)  # fmt: skip


def _rows(data: bytes, rng: random.Random) -> bytes:
    """Change a database by SQL, its contents packed anew among it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        path.write_bytes(data)
        connection = sqlite3.connect(path)
        try:
            connection.text_factory = bytes
            table = (
                connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' LIMIT 1").fetchone()[0].decode()
            )
            columns = [row[1].decode() for row in connection.execute(f"PRAGMA table_info({table})")]
            if "content" in columns and rng.random() < 0.5:
                number, blob = rng.choice(connection.execute("SELECT id, content FROM samples").fetchall())
                packed = zlib.compress(some(zlib.decompress(blob), rng, BYTES))
                kind = rng.choice(("ink", "glyph"))
                connection.execute("UPDATE samples SET content = ?, kind = ? WHERE id = ?", (packed, kind, number))
                connection.commit()
            elif "found" in columns and rng.random() < 0.6:  # what is kept as JSON
                column = rng.choice(("found", "owners", "settled", "regions", "text", "path", "state"))
                number, value = rng.choice(connection.execute(f"SELECT id, {column} FROM pages").fetchall())
                changed = some(value, rng, TEXT).decode("utf-8", "replace")
                connection.execute(f"UPDATE pages SET {column} = ? WHERE id = ?", (changed, number))
                connection.commit()
            else:
                connection.executescript(rng.choice(_SQL).format(t=table, c=rng.choice(columns)))
        except (sqlite3.Error, zlib.error, TypeError, ValueError, LookupError, AttributeError):  # damaged before
            return some(data, rng, BYTES)
        finally:
            connection.close()
        return path.read_bytes()


# --------------------------------------------------------------------------------------- all of it

TEXT: tuple[Change, ...] = (*(_tokens,) * 8, _encoded, _flip, _delete, _double, _truncate, _insert)

WAYS: dict[str, tuple[Change, ...]] = {
    "png": (*BYTES, *(_chunks,) * 10),
    "jpeg": (*BYTES, *(_entries,) * 10),
    "tiff": (*BYTES, *(_entries,) * 16),
    "pdf": (*BYTES, *(_tokens,) * 10),
    "ppm": (*BYTES, _tokens, _tokens),
    "zip": (*BYTES, *(_members,) * 10),
    "gnt": (*BYTES, *(_records,) * 10),
    "inkml": TEXT,
    "jsonl": (*TEXT, _members),
    "bundle": (_model,),
    **dict.fromkeys(("samples", "journal", "reading"), (*BYTES, *(_rows,) * 10)),
    **dict.fromkeys(("settings", "collecting", "diary", "active", "sheet", "terms", "protocol"), TEXT),
}


def some(data: bytes, rng: random.Random, ways: Sequence[Change]) -> bytes:
    """Make one change, or a few."""
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        data = rng.choice(ways)(data, rng)
    return data


def mutated(kind: str, originals: Sequence[bytes], rng: random.Random) -> bytes:
    """Return a damaged file of a kind."""
    data = rng.choice(originals)
    if kind != "bundle" and rng.random() < 0.03:
        data = spliced(data, rng.choice(originals), rng)
    return some(data, rng, WAYS.get(kind, BYTES)) if kind != "bundle" else _model(data, rng)

from __future__ import annotations

import io
import os
import stat
import struct
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from hccr_desktop.errors import HccrError, NoPage, UnreadableFile
from hccr_desktop.formats import documents
from hccr_desktop.formats.documents import open_document, pages_in


def image(width: int, kind: str = "PNG", more: Sequence[int] = ()) -> bytes:
    """Make a picture, which its width names, and in one file with it more of them."""
    out = io.BytesIO()
    pages = [Image.new("L", (w, 20), 255) for w in (width, *more)]
    pages[0].save(out, kind, **({"save_all": True, "append_images": pages[1:]} if more else {}))
    return out.getvalue()


def pdf(*sizes: tuple[float, float], unit: float | None = None) -> bytes:
    """Make a PDF of empty pages of these sizes in points."""
    out = io.BytesIO()
    canvas = Canvas(out)
    for size in sizes:
        canvas.setPageSize(size)
        canvas.showPage()
    canvas.save()
    data = out.getvalue()
    return data.replace(b"/Type /Page\n", b"/Type /Page /UserUnit %g\n" % unit) if unit else data


def archive(*members: tuple[str, bytes | bytearray], method: int = zipfile.ZIP_DEFLATED) -> bytearray:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, data in members:
            file.writestr(name, data)
    return bytearray(out.getvalue())


def widths(path: Path) -> list[int]:
    with open_document(path, 72) as document:
        return [document.page(number).width for number in range(len(document))]


def left_out(path: Path) -> list[str]:
    with open_document(path) as document:
        return [str(error) for error in document.left_out]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.zip"


# ----------------------------------------------------------------------------------------------- zip


def test_an_archives_members_are_told_by_content_and_have_all_their_pages(path: Path) -> None:
    members = [("a.tif", image(11, "TIFF", [12, 13])), ("b", image(14)), ("c.txt", image(15)), ("d", pdf((16, 9)))]
    path.write_bytes(archive(*members))
    assert widths(path) == [11, 12, 13, 14, 15, 16]
    assert left_out(path) == []
    with open_document(path) as document:
        assert document.text(5) == ""
        assert document.size_pt(5) == (16, 9)
        assert document.size_pt(3) is None


def test_members_come_in_the_order_that_people_number_them_in(path: Path) -> None:
    names = ["p10.png", "p2.png", "p1.png", "b/10/1.png", "b/9/2.png"]
    path.write_bytes(archive(*((name, image(10 + number)) for number, name in enumerate(names))))
    assert widths(path) == [14, 13, 12, 11, 10]


def test_what_systems_put_there_is_passed_over_and_all_else_is_told(path: Path) -> None:
    members = [
        (name, b"x") for name in (".a.png", "b/.c/d.png", "__MACOSX/._p.png", "b/Thumbs.db", "notes.txt", "x.avif")
    ]
    nothing = ("empty.png", b"")
    path.write_bytes(archive(("p.png", image(11)), *members, nothing, ("in.zip", archive()), ("cut.pdf", b"%PDF-1.7")))
    assert widths(path) == [11]
    told = left_out(path)
    assert len(told) == 5
    for name, words in (
        ("notes.txt", "not an image"),
        ("x.avif", "not an image"),
        ("empty.png", "is empty"),
        ("in.zip", "an archive in an archive"),
        ("cut.pdf", "damaged PDF"),
    ):
        assert [text for text in told if f"a.zip/{name}" in text and words in text], name


def test_a_damaged_member_leaves_the_others(path: Path) -> None:
    path.write_bytes(
        archive(("1.png", image(11)), ("2.png", image(12)[:50]), ("3.tif", b"II*\0nothing"), ("4.png", image(14)))
    )
    with open_document(path) as document:
        assert len(document) == 3
        assert [document.page(number).width for number in (0, 2)] == [11, 14]
        with pytest.raises(UnreadableFile, match=r"a\.zip/2\.png is damaged"):
            document.page(1)
        (told,) = document.left_out
        assert "a.zip/3.tif is damaged" in str(told)


def test_members_that_cannot_be_unpacked_are_told_and_leave_the_others(path: Path) -> None:
    data = archive(("1.png", image(11)), ("2.png", image(12)), method=zipfile.ZIP_STORED)
    first = data.index(b"PK\1\2")
    data[first + 10] = 9
    path.write_bytes(data)
    assert widths(path) == [12]
    assert "a.zip/1.png is packed in a way that cannot be read here (Deflate64)" in left_out(path)[0]
    data[first + 10], data[first + 8] = 0, 1
    path.write_bytes(data)
    assert "a.zip/1.png is locked by a password" in left_out(path)[0]


def test_names_that_are_not_utf8_and_later_versions_leave_an_archive_readable(path: Path) -> None:
    data = archive(("中.png", image(11)), ("文.png", image(12)), method=zipfile.ZIP_STORED)
    path.write_bytes(data.replace("中".encode(), b"\xd6\xd0\xff"))
    assert sorted(widths(path)) == [11, 12]
    data[data.index(b"PK\1\2") + 6] = 99
    path.write_bytes(data)
    assert sorted(widths(path)) == [11, 12]


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ([], "is an empty archive"),
        ([("a/", b"")], "is an empty archive"),
        ([("a.txt", b"x")], r"a\.zip/a\.txt is not an image"),
        ([("a.txt", b"x"), ("b.png", b"")], "holds 2 files, and no image that can be read"),
    ],
)
def test_of_an_archive_without_images_it_is_said_why(path: Path, members: list[tuple[str, bytes]], words: str) -> None:
    path.write_bytes(archive(*members))
    with pytest.raises(UnreadableFile, match=words) as caught, open_document(path):
        pass
    assert caught.value.hint


def test_what_is_beyond_the_bounds_of_an_archive_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_bytes(archive(*((f"{number}.tif", image(10 + number, "TIFF", [50])) for number in range(4))))
    monkeypatch.setattr(documents, "MAX_PAGES", 3)
    assert widths(path) == [10, 50, 11]
    assert left_out(path) == ["Only the first 3 pages of a.zip can be read."]
    monkeypatch.setattr(documents, "_MAX_LOOKED_AT", len(image(10, "TIFF", [50])))
    assert widths(path) == [10, 50]
    assert all("unpacks to more than" in text for text in left_out(path))


# ----------------------------------------------------------------------------------------------- PDF


def test_a_pdf_has_pages_of_its_own_sizes(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf((200, 300), (100, 50)))
    with open_document(path, 144) as document:
        assert [document.size_pt(number) for number in range(2)] == [(200, 300), (100, 50)]
        assert (document.page(0).width, document.page(1).height) == (400, 100)


def test_a_pdfs_own_unit_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    data = pdf((200, 300), unit=2.5)
    assert b"/UserUnit 2.5" in data
    path.write_bytes(data)
    with open_document(path, 72) as document:
        assert document.size_pt(0) == (500, 750)
        assert (document.page(0).width, document.page(0).height) == (500, 750)


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n  ", b"MIME-Version: 1.0\r\n\r\n", b"x" * 1000])
def test_a_pdf_may_have_something_before_it(tmp_path: Path, before: bytes) -> None:
    (tmp_path / "a.pdf").write_bytes(before + pdf((200, 300)))
    assert widths(tmp_path / "a.pdf") == [200]
    assert pages_in(tmp_path) == [tmp_path / "a.pdf"]


def test_all_pages_of_a_long_pdf_are_read_or_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(*[(20, 20)] * 2003))
    with open_document(path, 72) as document:
        assert len(document) == 2003
        assert document.page(2002).width == 20
        assert not document.left_out
    monkeypatch.setattr(documents, "MAX_PAGES", 2000)
    assert left_out(path) == ["Only the first 2000 pages of a.pdf can be read."]


def test_a_pdf_without_pages_is_a_sentence(tmp_path: Path) -> None:
    empty = pypdfium2.PdfDocument.new()
    empty.save(str(tmp_path / "a.pdf"))
    empty.close()
    with pytest.raises(UnreadableFile), open_document(tmp_path / "a.pdf"):
        pass


def test_a_locked_pdf_is_refused_and_a_giant_page_drawn_smaller(tmp_path: Path) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    locked = Canvas(str(tmp_path / "locked.pdf"), encrypt=StandardEncryption("secret"))
    locked.showPage()
    locked.save()
    with pytest.raises(UnreadableFile, match="password"), open_document(tmp_path / "locked.pdf"):
        pass
    (tmp_path / "giant.pdf").write_bytes(pdf((14_000, 14_000)))
    with open_document(tmp_path / "giant.pdf") as document:
        assert 30_000_000 < document.page(0).pixels.size <= 40_100_000  # as dense as it can be


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.pdf", b"%PDF-1.7\nno more", "damaged PDF"),
        ("a.zip", b"PK\x03\x04 no more", "damaged archive"),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "damaged|not installed"),
        ("a.avif", b"\0\0\0\x18ftypavif\0\0\0\0", "damaged|cannot read"),
        ("a.tif", b"II*\0\x08\0\0\0", "damaged"),
        ("a.png", b"", "0 bytes"),
        ("a.txt", b"text", "not an image"),
    ],
)
def test_bad_documents_are_a_sentence(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(HccrError, match=words) as caught, open_document(tmp_path / name) as document:
        document.page(0)
    assert caught.value.hint


def test_a_callers_own_mistake_is_not_called_damage(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(image(11))

    def use() -> None:
        with open_document(tmp_path / "a.png") as document:
            assert len(document) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        use()


# ------------------------------------------------------------------------------------------- folders


def test_a_folder_gives_what_looks_like_pages_in_order(tmp_path: Path) -> None:
    for name in ("10.png", "9.png", "b/2", "b/10.jp2", ".hidden.png", "notes.txt", "empty.tiff"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(image(11) if name not in ("notes.txt", "empty.tiff") else b"")
    found = [str(path.relative_to(tmp_path)).replace("\\", "/") for path in pages_in(tmp_path)]
    assert found == ["9.png", "10.png", "b/2", "b/10.jp2", "empty.tiff"]
    assert pages_in(tmp_path / "9.png") == [tmp_path / "9.png"]
    assert pages_in(tmp_path / "missing") == [tmp_path / "missing"]
    assert pages_in(Path("a\0b")) == [Path("a\0b")]


@pytest.mark.skipif(sys.platform != "linux", reason="other file systems hold names of text alone")
def test_a_name_that_is_not_utf8_is_a_file_like_others(tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/" + "手写".encode("gbk") + b".png", "wb") as file:  # noqa: PTH123
        file.write(image(11)[:40])
    (path,) = pages_in(tmp_path)
    with pytest.raises(UnreadableFile) as caught, open_document(path) as document:
        document.page(0)
    assert path.name in str(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such links and pipes")
def test_links_to_folders_are_not_followed_and_pipes_are_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.png").write_bytes(image(11))
    (tmp_path / "a" / "again").symlink_to(tmp_path / "a")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    os.mkfifo(tmp_path / "pipe.png")
    assert stat.S_ISFIFO((tmp_path / "pipe.png").stat().st_mode)
    assert pages_in(tmp_path) == [tmp_path / "a" / "1.png"]
    assert pages_in(tmp_path / "b") == [tmp_path / "b" / "1.png"]


def test_folders_and_files_that_may_not_be_opened_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "closed"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.png").write_bytes(image(11))
    scan = os.scandir

    def denied(path: str) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", denied)
    assert pages_in(tmp_path) == [tmp_path / "a" / "1.png", tmp_path / "closed"]
    monkeypatch.setattr(Path, "open", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    assert pages_in(tmp_path / "a") == [tmp_path / "a" / "1.png"]
    with pytest.raises(UnreadableFile, match=r"1\.png may not be read"), open_document(tmp_path / "a" / "1.png"):
        pass


def test_a_tiffs_damaged_page_leaves_the_others(tmp_path: Path) -> None:
    data = bytearray(image(11, "TIFF", [12, 13]))
    first = struct.unpack_from("<I", data, 4)[0]
    second = struct.unpack_from("<I", data, first + 2 + 12 * struct.unpack_from("<H", data, first)[0])[0]
    at = data.index(struct.pack("<HHI", 273, 4, 1), second)
    struct.pack_into("<I", data, at + 8, len(data))
    (tmp_path / "a.tif").write_bytes(data)
    with open_document(tmp_path / "a.tif") as document:
        assert [document.page(number).width for number in (0, 2)] == [11, 13]
        with pytest.raises(UnreadableFile):
            document.page(1)


def test_parts_of_a_members_path_that_lead_nowhere_hide_nothing(path: Path) -> None:
    path.write_bytes(archive(("./1.png", image(11)), ("a/../2.png", image(12)), (".hidden/3.png", image(13))))
    assert widths(path) == [11, 12]


def test_hidden_folders_and_those_of_systems_hold_no_pages(tmp_path: Path) -> None:
    for name in ("a.png", ".Trash-1000/files/old.png", "@eaDir/t.png", "__MACOSX/b.png", "more/c.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(image(11))
    assert [found.relative_to(tmp_path).as_posix() for found in pages_in(tmp_path)] == ["a.png", "more/c.png"]


def test_what_was_filled_into_a_pdfs_form_is_drawn(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "form.pdf"), pagesize=(200, 60))
    canvas.acroForm.textfield(name="a", value="MMMMMM", x=10, y=10, width=180, height=40, borderWidth=0, fontSize=30)
    canvas.showPage()
    canvas.save()
    with open_document(tmp_path / "form.pdf", 72) as document:
        assert (document.page(0).pixels < 100).sum() > 100


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_that_only_the_first_picture_of_an_animation_is_read_is_told(tmp_path: Path, kind: str) -> None:
    frames = [Image.new("L", (20, 20), 250 - 90 * i) for i in range(3)]
    frames[0].save(tmp_path / "a", kind, save_all=True, append_images=frames[1:])
    with open_document(tmp_path / "a") as document:
        assert len(document) == 1
        (told,) = document.left_out
        assert isinstance(told, NoPage)
        assert "Of the 3 pictures in a only the first is read" in str(told)


@pytest.mark.parametrize("side", [900, 5_000])
def test_a_photograph_as_pdf_is_drawn_as_it_is_whatever_its_density(tmp_path: Path, side: int) -> None:
    """Photographs are saved with 72 dots an inch: at 200 they would be enlarged, or too large."""
    picture = np.full((side, side * 3 // 4), 255, np.uint8)
    picture[side // 3 : side // 2, 100:300] = 0
    Image.fromarray(picture).save(tmp_path / "photo.pdf", resolution=72.0)
    with open_document(tmp_path / "photo.pdf") as document:
        assert document.size_pt(0) == (side * 3 // 4, side)
        drawn = document.page(0).pixels
    assert drawn.shape == pytest.approx(picture.shape, abs=2)
    assert (drawn[side // 3 + 9 : side // 2 - 9, 120:280] < 30).all()


def test_a_scan_of_a_page_is_drawn_at_the_density_that_is_asked_for(tmp_path: Path) -> None:
    Image.fromarray(np.full((3_300, 2_550), 255, np.uint8)).save(tmp_path / "scan.pdf", resolution=300.0)
    with open_document(tmp_path / "scan.pdf", 200) as document:
        assert document.page(0).pixels.shape == pytest.approx((2_200, 1_700), abs=2)
    with open_document(tmp_path / "scan.pdf", 600) as document:
        assert document.page(0).pixels.shape == pytest.approx((3_300, 2_550), abs=2)  # there is no more in it

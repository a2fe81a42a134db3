"""OpenCV's library with the parts that are used: without video, neural networks, and libraries of linear algebra.

The wheel's is ten times as large. Ours is built out of the same release's source, by CMake, and put in its place.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

NAME = "opencv-python-headless"

_PARTS = "core,geometry,imgproc,imgcodecs,python3,python_bindings_generator"
_WITHOUT = (
    *("FFMPEG", "GSTREAMER", "V4L", "LAPACK", "OPENCL", "IPP", "ITT", "AVIF", "OPENJPEG", "JASPER", "WEBP"),
    *("OPENEXR", "GIF", "PROTOBUF", "KLEIDICV", "OBSENSOR", "GTK", "QT", "WIN32UI", "MSMF"),
)
_NOT_BUILT = ("SHARED_LIBS", "TESTS", "PERF_TESTS", "DOCS", "opencv_apps", "JAVA")
_BUILDS_WITH = ("cmake", "ninja", "numpy", "packaging", "scikit-build", "setuptools<81", "wheel")


def built(python: Path, work: Path, version: str) -> Path:
    """Return the library of a version, built by an environment that may be changed, or as it was built before."""
    folder = work / version
    kept = list((folder / "made").glob("cv2*"))
    if kept:
        return kept[0]
    pip = [str(python), "-m", "pip", "--quiet"]
    subprocess.run([*pip, "install", *_BUILDS_WITH], check=True)
    asked = ["--no-deps", "--no-build-isolation", "--no-binary", ":all:", "--dest", str(folder), f"{NAME}=={version}"]
    programs = {**os.environ, "PATH": os.pathsep.join([str(python.parent), os.environ["PATH"]])}
    subprocess.run([*pip, "download", *asked], check=True, env=programs)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    source, target = next(folder.glob("opencv*/opencv")), folder / "cmake"
    options = {
        "CMAKE_BUILD_TYPE": "Release",
        "CMAKE_MODULE_LINKER_FLAGS": "" if sys.platform == "win32" else "-Wl,-S",
        "BUILD_LIST": _PARTS,
        **{f"WITH_{name}": "OFF" for name in _WITHOUT},
        **{f"BUILD_{name}": "OFF" for name in _NOT_BUILT},
        **{f"BUILD_{name}": "ON" for name in ("ZLIB", "PNG", "JPEG", "TIFF")},
        "OPENCV_TRACE": "OFF",
        "PYTHON3_EXECUTABLE": str(python),
        "PYTHON3_LIMITED_API": "ON",
        **_places(python),
        "OPENCV_PYTHON3_INSTALL_PATH": "python",
    }
    named = [f"-D{name}={value}" for name, value in options.items()]
    cmake = [shutil.which("cmake", path=programs["PATH"]) or "cmake"]
    for step in (
        ["-G", "Ninja", "-S", str(source), "-B", str(target), *named],
        ["--build", str(target), "--target", "opencv_python3"],
    ):
        subprocess.run([*cmake, *step], check=True, env=programs, stdout=subprocess.DEVNULL)
    made = next(file for file in (target / "lib").rglob("cv2*") if file.suffix in (".so", ".pyd"))
    (folder / "made").mkdir(exist_ok=True)
    copied = Path(shutil.copy2(made, folder / "copying"))  # ended in the midst, it is not taken for whole
    return copied.replace(folder / "made" / made.name)


def _places(python: Path) -> dict[str, str]:
    """Return where Python's and NumPy's headers and library lie; CMake finds another Python's first."""
    code = (
        "import json, os, sys, sysconfig as c, numpy;"
        "shared = os.path.join(c.get_config_var('LIBDIR') or '', c.get_config_var('LDLIBRARY') or '');"
        "named = f'python{sys.version_info[0]}{sys.version_info[1]}.lib';"
        "library = os.path.join(sys.base_prefix, 'libs', named) if sys.platform == 'win32' else shared;"
        "print(json.dumps([c.get_path('include'), library, numpy.get_include()]))"
    )
    done = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True)
    names = ("PYTHON3_INCLUDE_DIR", "PYTHON3_LIBRARY", "PYTHON3_NUMPY_INCLUDE_DIRS")
    return dict(zip(names, json.loads(done.stdout), strict=True))


def put_in_place(library: Path, site: Path) -> None:
    """Put the library in the place of the wheel's, and take away what only that one loaded."""
    for file in [*(site / "cv2").glob("cv2*.so"), *(site / "cv2").glob("*.pyd"), *(site / "cv2").glob("*.dll")]:
        file.unlink()
    for folder in (site / "opencv_python_headless.libs", site / "cv2/.dylibs", site / "cv2/data"):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copy2(library, site / "cv2" / library.name)

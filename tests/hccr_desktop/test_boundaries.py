"""The application lives without torch, and the wheel without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HIDDEN = os.environ.get("HCCR_WITHOUT_TORCH")


def _run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        timeout=120,
        check=False,
    )


@pytest.mark.skipif(not HIDDEN, reason="only where torch is hidden")
def test_torch_is_hidden_here() -> None:
    with pytest.raises(ModuleNotFoundError):
        __import__("torch")
    with pytest.raises(ModuleNotFoundError):
        __import__("trainer")


def test_a_started_window_has_loaded_neither_torch_nor_the_trainer() -> None:
    done = _run(
        "import sys\n"
        "from PySide6.QtCore import QTimer\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from hccr_desktop.gui import app\n"
        "class Closing(app.Application):\n"
        "    def __init__(self, *arguments):\n"
        "        super().__init__(*arguments)\n"
        "        quit = QApplication.instance().quit\n"
        "        self.window.recognizer.ready.connect(lambda _: QTimer.singleShot(0, quit))\n"
        "        self.window.recognizer.failed.connect(lambda _: QTimer.singleShot(0, quit))\n"
        "app.Application = Closing\n"
        "code = app.main()\n"
        "bad = {'torch', 'torchvision', 'onnx', 'cv2', 'trainer', 'onnxruntime.quantization'} & set(sys.modules)\n"
        "assert 'onnxruntime' in sys.modules\n"
        "assert not bad, bad\n"
        "sys.exit(code)\n",
    )
    assert done.returncode == 0, done.stderr


def test_the_command_line_loads_neither_torch_nor_qt() -> None:
    done = _run(
        "import sys\n"
        "from hccr_desktop.cli import main\n"
        "assert main(['models', 'list']) == 0\n"
        "bad = {name.partition('.')[0] for name in sys.modules} & {'torch', 'PySide6', 'trainer', 'onnx'}\n"
        "assert not bad, bad\n",
    )
    assert done.returncode == 0, done.stderr


def test_a_trainer_without_its_libraries_says_what_to_install() -> None:
    done = _run(
        "import runpy, sys\n"
        "class Hidden:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('tqdm', 'torch', 'pydantic'):\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Hidden())\n"
        "sys.argv = ['trainer', 'finetune', 'x']\n"
        "runpy.run_path('trainer/__main__.py', run_name='__main__')\n"
    )
    assert done.returncode == 1
    assert "pip install" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="screens are always there")
def test_a_missing_display_is_a_sentence() -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    done = subprocess.run(
        [sys.executable, "-m", "hccr_desktop"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "no screen" in done.stderr
    assert "hccr recognize" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_wheel_holds_the_model_and_runs_away_from_the_checkout(tmp_path: Path) -> None:
    wheel_folder = tmp_path / "wheel"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", str(wheel_folder), str(ROOT)], check=True, timeout=300)
    (wheel,) = wheel_folder.glob("*.whl")
    # The libraries come from this environment, the application only from the wheel.
    venv.create(tmp_path / "env", with_pip=False, system_site_packages=False)
    site = tmp_path / "site"
    subprocess.run([*pip, "install", "--no-deps", "--target", str(site), str(wheel)], check=True, timeout=300)
    libraries = next(p for p in sys.path if p.endswith("site-packages"))
    code = (
        "import sys, hccr_desktop\n"
        f"assert hccr_desktop.__file__.startswith({str(site)!r}), hccr_desktop.__file__\n"
        "from hccr_desktop.cli import main\n"
        "sys.exit(main(['recognize', '--json', sys.argv[1]]))\n"
    )
    ink = tmp_path / "ink.jsonl"
    ink.write_text('{"char": "十", "strokes": [[[0, 50], [100, 50]], [[50, 0], [50, 100]]]}\n', encoding="utf-8")
    python = tmp_path / "env" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    done = subprocess.run(
        [str(python), "-c", code, str(ink)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(site), libraries])},
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert '"candidates"' in done.stdout

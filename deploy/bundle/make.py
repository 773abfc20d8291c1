"""`make bundle`: everything that an installation needs without any network, in one archive under var/bundles."""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bundle.lock import read_lock
from bundle.sbom import FONTS, Component, Wheel, bill, font_component, package_component, read_wheel, sha256_of
from bundle.system import fetch_packages

ROOT = Path(__file__).resolve().parents[2]
MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
"""The machines for which wheels are published, as Python and as Debian name them."""
GLIBC = ("2_28", "2_27", "2_17")
"""The systems that the wheels are for: these versions of glibc and all newer ones."""
RULES = ("forms", "workflows", "templates")
SUMS = "SHA256SUMS"


def main() -> int:
    """Make the archive and say where it is."""
    given = _given()
    with TemporaryDirectory(prefix="xunfang-bundle-") as name:
        source = Path(name) / "source"
        commit, at = _export(source)
        folder = Path(name) / _name(source, commit, given)
        folder.mkdir()
        _fill(folder, source, commit, at, given)
        archive = _packed(folder, ROOT / given.into, at)
    print(f"离线安装包：{archive}\n校验值：{sha256_of(archive)}（另行告知收到它的人）")
    return 0


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="把离线安装要用的一切装成一个文件")
    here = platform.machine()
    parser.add_argument("--arch", choices=[*MACHINES], default=here, help="给哪种机器用（默认与本机相同）")
    parser.add_argument("--python", default=f"3.{sys.version_info.minor}", help="那里的 Python 版本，如 3.11、3.12")
    parser.add_argument("--with-system", action="store_true", help="连同 Debian 的系统软件包（.deb）")
    parser.add_argument("--into", default="var/bundles", help="放在哪个文件夹")
    return parser.parse_args()


def _export(into: Path) -> tuple[str, datetime]:
    """Lay out what was committed last, and return the commit and its moment: a bundle is of a commit, not of a desk."""
    into.mkdir()
    if _git("status", "--porcelain"):
        print("注意：工作区有没有提交的改动，它们不在安装包里。", file=sys.stderr)
    archive = into.parent / "source.tar"
    _git("archive", "--output", str(archive), "HEAD")
    with tarfile.open(archive) as tar:
        tar.extractall(into, filter="data")
    return _git("rev-parse", "--short=10", "HEAD"), datetime.fromtimestamp(int(_git("log", "-1", "--format=%ct")), UTC)


def _git(*words: str) -> str:
    return subprocess.run(
        ("git", "-C", str(ROOT), *words), check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()


def _name(source: Path, commit: str, given: argparse.Namespace) -> str:
    import tomllib

    version = tomllib.loads((source / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    return f"xunfang-{version}-{commit}-{given.arch}-py{given.python}"


def _fill(folder: Path, source: Path, commit: str, at: datetime, given: argparse.Namespace) -> None:
    wheels = _wheels(folder / "wheels", source, given)
    application = _application(folder / "wheels", source, at)
    shutil.copy(source / "requirements.lock", folder)
    (folder / "application.lock").write_text(f"xunfang=={application.version} --hash=sha256:{application.sha256}\n")
    fonts = [*_fonts(folder / "fonts")]
    packages = fetch_packages(folder / "debs", MACHINES[given.arch]) if given.with_system else []
    for name in (*RULES, "deploy", "docs"):
        shutil.copytree(source / name, folder / name, ignore=shutil.ignore_patterns("bundle"))
    for name in ("config.toml", "LICENSE", "CHANGELOG.md"):
        shutil.copy(source / name, folder)
    shutil.copy(source / "deploy" / "bundle" / "install", folder / "install")
    others: list[Component] = [*fonts, *(package_component(each) for each in packages)]
    listed = bill(application, wheels, read_lock(folder / "requirements.lock"), others, at, _environment(given))
    _write_json(folder / "sbom.cdx.json", listed)
    about = {"commit": commit, "made_at": at.isoformat(), "machine": given.arch, "python": given.python}
    _write_json(folder / "bundle.json", {"name": folder.name, **about})
    write_sums(folder)


def _wheels(into: Path, source: Path, given: argparse.Namespace) -> list[Wheel]:
    """Download the wheels that the lock file pins, each compared with its hashes."""
    version = given.python.replace(".", "")
    target = [word for glibc in GLIBC for word in ("--platform", f"manylinux_{glibc}_{given.arch}")]
    target += ["--platform", f"manylinux2014_{given.arch}", "--implementation", "cp", "--python-version", given.python]
    target += ["--abi", f"cp{version}", "--abi", "abi3", "--abi", "none"]
    strict = ("--require-hashes", "--no-deps", "--only-binary=:all:")
    _pip("download", *strict, *target, "--dest", str(into), "--requirement", str(source / "requirements.lock"))
    return [read_wheel(path) for path in sorted(into.glob("*.whl"))]


def _application(into: Path, source: Path, at: datetime) -> Wheel:
    """Build the application's own wheel, the same bytes from the same commit."""
    with TemporaryDirectory(prefix="xunfang-wheel-") as made:
        _pip("wheel", "--no-deps", "--wheel-dir", made, str(source), SOURCE_DATE_EPOCH=str(int(at.timestamp())))
        (wheel,) = Path(made).glob("*.whl")
        return read_wheel(Path(shutil.copy(wheel, into)))


def _pip(*words: str, **environment: str) -> None:
    command = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *words)
    subprocess.run(command, check=True, env={**os.environ, **environment})


def _fonts(into: Path) -> Iterator[Component]:
    into.mkdir()
    for name in FONTS:
        font = ROOT / "var" / "fonts" / name
        if not font.is_file():
            raise SystemExit(f"缺少字体 {font}。请先运行 make setup。")
        yield font_component(Path(shutil.copy(font, into)))


def _environment(given: argparse.Namespace) -> dict[str, str]:
    """Return what decides about requirements that hold on some machines only."""
    return {
        "python_version": given.python,
        "python_full_version": f"{given.python}.0",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "platform_machine": given.arch,
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


def write_sums(folder: Path) -> None:
    """Write the hash of every file of a folder, in the form that `sha256sum --check` reads."""
    files: Iterable[Path] = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    text = "".join(f"{sha256_of(path)}  {path.relative_to(folder)}\n" for path in files)
    (folder / SUMS).write_text(text, "utf-8")


def _packed(folder: Path, into: Path, at: datetime) -> Path:
    into.mkdir(parents=True, exist_ok=True)
    archive = into / f"{folder.name}.tar"

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = int(at.timestamp())
        return entry

    with tarfile.open(archive, "w") as tar:  # what lies in it is compressed already
        tar.add(folder, folder.name, filter=plain)
    return archive


if __name__ == "__main__":
    sys.exit(main())

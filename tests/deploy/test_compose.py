"""The containers, but for what needs podman (`make compose-try`): what their instructions say fits together."""

import re
import subprocess
from pathlib import Path

from deploy.composed import commands_in, said, settings_in
from xunfang.settings import read_settings

ROOT = Path(__file__).parents[2]
TOLD = (ROOT / "deploy" / "compose.yaml").read_text("utf-8")
CONTAINERFILE = (ROOT / "deploy" / "Containerfile").read_text("utf-8")


def test_the_settings_that_the_head_tells_are_settings_and_name_the_gateway_of_the_network(tmp_path: Path) -> None:
    text = (ROOT / "config.toml").read_text("utf-8")
    for section, line in settings_in(TOLD):
        text = said(text, section, line)
    (tmp_path / "config.toml").write_text(text, "utf-8")
    settings = read_settings(tmp_path / "config.toml")
    assert settings.database == settings.queue == "postgresql://xunfang@database/xunfang"
    assert not settings.with_worker
    (gateway,) = re.findall(r"gateway: ([0-9.]+)", TOLD)
    assert [str(each.network_address) for each in settings.gateways] == [gateway]
    assert gateway in [str(each.network_address) for each in settings.monitors]


def test_the_commands_that_the_head_tells_are_commands_and_make_what_is_mounted() -> None:
    commands = commands_in(TOLD)
    assert subprocess.run(["bash", "-n", "-c", commands], check=False).returncode == 0
    for mounted in ("secrets/database-password", "secrets/pgpass", "backup"):
        assert mounted in commands
        assert f"./{mounted}" in TOLD


def test_another_bundle_makes_another_image() -> None:
    """Podman does not look whether what is mounted is another: only what is copied tells it."""
    assert CONTAINERFILE.index("COPY SHA256SUMS") < CONTAINERFILE.index("RUN --mount")

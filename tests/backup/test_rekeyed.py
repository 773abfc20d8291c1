"""A backup made before keys were exchanged opens with the keys of then, and only with them."""

from pathlib import Path

import pytest

from backup.conftest import AT, Deployed
from xunfang.actions.rekeying import retire, rotate
from xunfang.backup import restore
from xunfang.backup.restoring import Wanted
from xunfang.store import FileKeys, Keys, Mismatch, key_provider


def test_backups_of_before_meanwhile_and_after(deployed: Deployed, tmp_path: Path) -> None:
    provider = key_provider(deployed.settings.keys)
    before = deployed.backup().folder
    rotate(deployed.town.deployment, provider, AT)
    meanwhile = deployed.backup(AT.replace(hour=21)).folder
    both = tmp_path / "both.key"
    both.write_bytes(Path(deployed.settings.keys.removeprefix("file:")).read_bytes())
    both.chmod(0o600)
    deployed.town.work_until(AT)
    old = retire(deployed.town.deployment, provider, AT)
    after = deployed.backup(AT.replace(hour=22)).folder

    for n, (made, keys) in enumerate(((before, old), (before, both), (meanwhile, both), (after, None))):
        opened = Keys(FileKeys(keys)) if keys else deployed.keys()
        restored = restore(made, Wanted(tmp_path / f"into-{n}"), AT, opened)
        assert restored.opened == 4
    for n, (made, keys) in enumerate(((before, None), (meanwhile, None), (after, old))):
        opened = Keys(FileKeys(keys)) if keys else deployed.keys()
        with pytest.raises(Mismatch) as refused:
            restore(made, Wanted(tmp_path / f"no-{n}"), AT, opened)
        assert refused.value.code == "KEY_WITHDRAWN"

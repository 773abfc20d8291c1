"""Images for `make compose-try`, in a store of their own; what a registry would give is made of Debian's packages."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
BASE, DATABASE, OURS = "docker.io/library/debian:12-slim", "docker.io/library/postgres:15", "localhost/xunfang"
_NO_CLUSTER = (
    'cd "$1/etc" && mkdir postgresql-common && echo "create_main_cluster = false" >postgresql-common/createcluster.conf'
)
_SETTINGS = """\
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "{runtime}"
[containers]
log_driver = "k8s-file"
default_ulimits = ["nofile=16384:16384", "nproc=4096:4096"]
[network]
network_config_dir = "{folder}/networks"
"""
"""For a machine without systemd, and where root may not raise limits."""
_STORE = '[storage]\ndriver = "overlay"\nrunroot = "{folder}/running"\ngraphroot = "{folder}/images"\n'


def missing() -> str:
    """Return why nothing can be tried here, "" when it can."""
    if os.getuid():
        return "要建容器网络，须由 root 运行"
    lacking = [name for name in ("podman", "podman-compose", "mmdebstrap") if not shutil.which(name)]
    return f"本机没有 {'、'.join(lacking)}" if lacking else ""


@dataclass(frozen=True)
class Podman:
    """Podman on a store of its own, so that nothing is left behind and nobody's images are touched."""

    folder: Path

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        runtime = "runc" if shutil.which("runc") else "crun"  # crun does not know every kind of cgroups
        settings = _SETTINGS.format(folder=self.folder, runtime=runtime)
        (self.folder / "containers.conf").write_text(settings)
        (self.folder / "storage.conf").write_text(_STORE.format(folder=self.folder))

    @property
    def environment(self) -> dict[str, str]:
        """Return what podman, and whoever calls it, is to find in the environment."""
        own = {"CONTAINERS_CONF": "containers.conf", "CONTAINERS_STORAGE_CONF": "storage.conf"}
        return {**os.environ, **{name: str(self.folder / file) for name, file in own.items()}}

    def told(self, *words: str, well: bool = True) -> str:
        """Return what podman says."""
        command = ("podman", *words)
        return subprocess.run(
            command, env=self.environment, check=well, stdout=subprocess.PIPE, text=True, timeout=1800
        ).stdout.strip()

    def has(self, image: str) -> bool:
        """Return whether there is an image."""
        return subprocess.run(("podman", "image", "exists", image), env=self.environment, check=False).returncode == 0

    def make_stand_ins(self) -> None:
        """Make the images that cannot be fetched, of the host's own Debian archive."""
        if not self.has(BASE):
            self._import(BASE, ())
        if not self.has(DATABASE):
            packages = ("--include=postgresql-15", "--dpkgopt=force-confold", f"--essential-hook={_NO_CLUSTER}")
            entry = f"--customize-hook=copy-in {HERE / 'postgres-entrypoint'} /usr/local/bin"
            words = ('ENTRYPOINT ["/usr/local/bin/postgres-entrypoint"]', "STOPSIGNAL SIGINT")
            self._import(DATABASE, (*packages, entry), *words, "VOLUME /var/lib/postgresql/data")

    def _import(self, image: str, packages: tuple[str, ...], *changes: str) -> None:
        made = self.folder / "root.tar"
        subprocess.run(("mmdebstrap", "--quiet", "--variant=minbase", *packages, "bookworm", str(made)), check=True)
        self.told("import", *(word for each in changes for word in ("--change", each)), str(made), image)
        made.unlink()

    def build(self, bundle: Path) -> None:
        """Build our own image from an unpacked bundle, as the head of the Containerfile says, without a network."""
        file = bundle / "deploy" / "Containerfile"
        self.told("build", "--network", "none", "--format", "docker", "-f", str(file), "-t", "xunfang", str(bundle))

    def label(self, image: str, label: str) -> None:
        """Put another image, of the same content, under the name of one."""
        file = self.folder / "labelled"
        file.write_text(f"FROM {image}\nLABEL {label}\n")
        self.told("build", "--format", "docker", "-f", str(file), "-t", image, str(self.folder / "networks"))

    def pid(self, container: str) -> int:
        """Return the number of a container's first process, as this machine counts."""
        return int(self.told("inspect", "--format", "{{.State.Pid}}", container))

    def status(self, container: str) -> int:
        """Return with what a container ended."""
        return int(self.told("inspect", "--format", "{{.State.ExitCode}}", container))

    def forget_volumes(self) -> None:
        """Remove the volumes that no container has: podman-compose leaves some."""
        self.told("volume", "prune", "--force", well=False)

    def remove(self) -> None:
        """Remove every container, image and volume of this store."""
        self.told("system", "reset", "--force", well=False)
        shutil.rmtree(self.folder, ignore_errors=True)

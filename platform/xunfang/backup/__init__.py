"""Floor 9: backups 备份 of a deployment in use, and what becomes of one: a deployment again, in an empty folder.

box        the files of one backup, each with its hash, sealed by a passphrase where there is one
manifest   what a backup says of itself
shelf      the folder that backups lie in: names, names of passage, the oldest that go
making     make_backup
reviewing  whether a backup is whole, and whether a database is the one it tells of
restoring  restore
"""

from xunfang.backup.making import Made, make_backup
from xunfang.backup.restoring import Restored, restore
from xunfang.backup.shelf import BackupBroken, BackupRefused

__all__ = ["BackupBroken", "BackupRefused", "Made", "Restored", "make_backup", "restore"]

"""`python -m xunfang`: the same as the command `xunfang`."""

import sys

from xunfang.cli import main

sys.exit(main())

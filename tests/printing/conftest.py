from collections.abc import Iterator

import pytest

from printing.orders import FONT_DIR
from xunfang.printing import Press
from xunfang.printing.faces import Faces
from xunfang.printing.fonts import font_files


@pytest.fixture(scope="session")
def faces() -> Faces:
    return Faces(font_files(FONT_DIR, {}))


@pytest.fixture(scope="session")
def press() -> Iterator[Press]:
    shared = Press()
    yield shared
    shared.close()

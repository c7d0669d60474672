"""What all connectors' tests share."""

import pytest
from clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()

import pytest
def test_a(db): pass

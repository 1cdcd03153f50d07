from concurrent.futures import ThreadPoolExecutor
from stat import S_IMODE

import pytest
from django.core.exceptions import ImproperlyConfigured

from mediation.config import env


@pytest.fixture(autouse=True)
def no_secret_in_the_environment(monkeypatch):
    monkeypatch.delenv("FIELD_KEYS", raising=False)


def test_secret_is_made_once_and_kept_private(tmp_path):
    first = env.kept_secret("FIELD_KEYS", keep_in=tmp_path)
    again = env.kept_secret("FIELD_KEYS", keep_in=tmp_path)

    [path] = tmp_path.iterdir()
    assert (first, len(first), path.name, S_IMODE(path.stat().st_mode)) == (
        again,
        64,
        "field_keys.txt",
        0o600,
    )


def test_processes_that_start_together_share_one_whole_secret(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        secrets = set(
            pool.map(lambda _: env.kept_secret("FIELD_KEYS", keep_in=tmp_path), range(16))
        )

    assert [len(secret) for secret in secrets] == [64]
    assert [path.name for path in tmp_path.iterdir()] == ["field_keys.txt"]


def test_environment_comes_first_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setenv("FIELD_KEYS", " given ")

    assert (env.kept_secret("FIELD_KEYS", keep_in=tmp_path), [*tmp_path.iterdir()]) == ("given", [])


def test_missing_secret_stops_production():
    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS is required"):
        env.kept_secret("FIELD_KEYS", keep_in=None)

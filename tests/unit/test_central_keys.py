"""Central's keys are files for their owner; older ones stay readable."""

import stat
from pathlib import Path

import pytest

from sync.central.keys import KeysMissing, make_keys, read_keys
from sync.envelope import open_secret, seal_secret
from sync.records import KeyPurpose, key_id


def test_keys_are_made_once_and_for_their_owner(tmp_path: Path) -> None:
    make_keys(tmp_path / "keys")
    before = {path.name: path.read_bytes() for path in (tmp_path / "keys").iterdir()}
    make_keys(tmp_path / "keys")
    assert {path.name: path.read_bytes() for path in (tmp_path / "keys").iterdir()} == before
    assert sorted(before) == ["answers-1.key", "bundles-1.key", "sealing-1.key"]
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_after_a_rotation_the_highest_is_used_and_all_are_known(tmp_path: Path) -> None:
    make_keys(tmp_path)
    first = read_keys(tmp_path)
    sealed = seal_secret(bytes(16), bytes(first.sealing.public_key))
    for number in (2, 10):
        (tmp_path / f"sealing-{number}.key").write_bytes(bytes([number]) * 32)
    keys = read_keys(tmp_path)
    assert bytes(keys.sealing) == bytes([10]) * 32
    first_id = key_id(bytes(first.sealing.public_key))
    assert open_secret(sealed, bytes(keys.opening[first_id])) == bytes(16)
    sealing = [note for note in keys.notes if note.purpose is KeyPurpose.SEALING]
    assert [note.id for note in sealing] == list(keys.opening)
    assert sealing[-1].id == key_id(bytes(keys.sealing.public_key))


def test_without_keys_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KeysMissing, match=r"sync\.central init"):
        read_keys(tmp_path)


def test_two_servers_share_no_key(tmp_path: Path) -> None:
    for server in ("one", "two"):
        make_keys(tmp_path / server)
    seeds = [path.read_bytes() for path in tmp_path.rglob("*.key")]
    assert len(set(seeds)) == 6

"""The model of the platter: what is durable, what may be undone, and that nothing else ever happens."""

import random

import pytest

from cashier_app.simulation.memory_disk import SECTOR, MemoryDisk, MemoryFile

OLD, NEW = b"o", b"n"


def outcomes(prepare, attempts=300):
    """What is found in file `f` after the power cut, over many seeds."""
    found = []
    for seed in range(attempts):
        disk = MemoryDisk()
        prepare(disk)
        disk.cut_power(random.Random(seed))
        found.append(disk.contents().get("f"))
    return found


def old_file(disk: MemoryDisk, sectors: int = 4) -> MemoryFile:
    file = disk.create("f")
    file.write(0, OLD * SECTOR * sectors)
    disk.sync(file)
    return file


def test_synced_bytes_stay():
    assert set(outcomes(old_file)) == {OLD * SECTOR * 4}


def test_unsynced_bytes_are_kept_dropped_or_torn_by_sector():
    def prepare(disk):
        old_file(disk).write(SECTOR, NEW * SECTOR * 2)

    found = outcomes(prepare)
    middle = {content[SECTOR : 3 * SECTOR] for content in found}
    for expected in (OLD * 2 * SECTOR, NEW * 2 * SECTOR, (OLD + NEW) * SECTOR, OLD * SECTOR + NEW * SECTOR):
        assert expected in middle or expected == (OLD + NEW) * SECTOR
    assert len(middle) > 4, "some sectors come out as rubbish"
    assert {content[:SECTOR] + content[3 * SECTOR :] for content in found} == {OLD * SECTOR * 2}


def test_each_unsynced_write_has_its_own_fate():
    def prepare(disk):
        file = old_file(disk)
        file.write(0, NEW)
        file.write(SECTOR * 2, NEW)

    found = {(content[0:1], content[SECTOR * 2 : SECTOR * 2 + 1]) for content in outcomes(prepare)}
    assert {(OLD, OLD), (OLD, NEW), (NEW, OLD), (NEW, NEW)} <= found


def test_an_unsynced_truncation_may_be_undone():
    def prepare(disk):
        old_file(disk).truncate(10)

    assert set(outcomes(prepare)) == {OLD * 10, OLD * SECTOR * 4}


def test_growing_leaves_zeros_where_nothing_arrived():
    def prepare(disk):
        file = old_file(disk, sectors=1)
        file.write(SECTOR * 2, NEW * SECTOR)

    found = outcomes(prepare)
    assert OLD * SECTOR in found
    assert OLD * SECTOR + bytes(SECTOR) + NEW * SECTOR in found


def test_a_new_file_may_vanish_until_its_first_sync():
    def prepare(disk):
        disk.create("f").write(0, NEW)

    assert {None, b"", NEW} <= set(outcomes(prepare))


@pytest.mark.parametrize("durably", [False, True])
def test_a_deletion_may_be_undone_until_the_directory_is_synced(durably):
    def prepare(disk):
        old_file(disk)
        disk.delete("f")
        if durably:
            disk.sync_directory()

    assert set(outcomes(prepare)) == ({None} if durably else {None, OLD * SECTOR * 4})


def test_forgotten_sectors_show_new_bytes_until_the_power_cut():
    seen = set()
    for seed in range(50):
        rng = random.Random(seed)
        disk = MemoryDisk()
        file = old_file(disk)
        file.write(0, NEW * SECTOR * 2)
        file.forget_unsynced(rng)
        assert bytes(file.content[: SECTOR * 2]) == NEW * SECTOR * 2
        disk.sync(file)
        disk.cut_power(rng)
        content = disk.contents()["f"]
        seen.add((content[:SECTOR], content[SECTOR : SECTOR * 2]))
        assert content[SECTOR * 2 :] == OLD * SECTOR * 2
    both = (OLD * SECTOR, NEW * SECTOR)
    assert seen == {(one, other) for one in both for other in both}


def test_writing_a_forgotten_sector_again_makes_it_durable_with_the_next_sync():
    for seed in range(50):
        rng = random.Random(seed)
        disk = MemoryDisk()
        file = old_file(disk)
        file.write(10, NEW * (SECTOR - 20))
        file.forget_unsynced(rng)
        file.write(0, b"x")
        disk.sync(file)
        disk.cut_power(rng)
        assert disk.contents()["f"][:SECTOR] == b"x" + OLD * 9 + NEW * (SECTOR - 20) + OLD * 10


def test_a_lost_write_never_harms_its_neighbours():
    for seed in range(300):
        rng = random.Random(seed)
        disk = MemoryDisk()
        file = old_file(disk)
        file.write(100, NEW * 50)
        file.forget_unsynced(rng)
        file.write(120, b"x" * 10)
        disk.cut_power(rng)
        content = disk.contents()["f"]
        assert content[:100] + content[150:] == OLD * (SECTOR * 4 - 50)


def test_random_work_agrees_with_a_plain_copy_when_synced():
    rng = random.Random(5)
    for _ in range(200):
        disk = MemoryDisk()
        file = disk.create("f")
        plain = bytearray()
        for _ in range(rng.randrange(30)):
            turn = rng.randrange(10)
            if turn == 0:
                disk.sync(file)
            elif turn == 1:
                size = rng.randrange(4000)
                file.truncate(size)
                plain[:] = plain[:size].ljust(size, b"\0")
            elif turn == 2:
                file.forget_unsynced(rng)
            else:
                offset, data = rng.randrange(4000), rng.randbytes(rng.randrange(1, 1500))
                file.write(offset, data)
                plain.extend(bytes(max(0, offset - len(plain))))
                plain[offset : offset + len(data)] = data
            assert file.content == plain
        if not file.forgotten:
            disk.sync(file)
            disk.cut_power(rng)
            assert disk.contents() == {"f": bytes(plain)}

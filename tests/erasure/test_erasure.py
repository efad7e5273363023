"""The list of the erased, its key, and what is left in the file of the warehouse."""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from cx_warehouse.__main__ import main
from cx_warehouse.erasure import (
    add_to_erasure_list,
    erased_hashes,
    erasure_key,
    erasure_key_path,
    erasure_list_path,
    hash_pads,
    respondent_hash,
    rewrite,
)
from cx_warehouse.errors import UserError
from tests.harness import Project

KEY = "correct horse battery staple"


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a warehouse lies; the environment has no key."""
    monkeypatch.delenv("CX_ERASURE_KEY", raising=False)
    return tmp_path / "erasing.duckdb"


# The hash of a respondent.


def by_pads(key: str, message: bytes) -> str:
    """What the macro computes: two hashes, from the pads that the plugin hands it."""
    inner_pad, outer_pad = hash_pads(key)
    inner = hashlib.sha256(inner_pad + message).digest()
    return hashlib.sha256(outer_pad + inner).hexdigest()


@pytest.mark.parametrize(
    ("key", "message", "published"),
    [
        (
            "\x0b" * 20,
            b"Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        (
            "Jefe",
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
    ],
)
def test_pads_give_the_published_codes(
    key: str, message: bytes, published: str
) -> None:
    """Test cases 1 and 2 of RFC 4231."""
    assert by_pads(key, message) == published


@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 131, 1000])
def test_pads_of_a_key_of_any_length(length: int) -> None:
    """Padded to a block of 64 bytes; a longer key is hashed first."""
    key = ("ü" + "k" * length)[: max(length - 1, 0)]
    inner_pad, outer_pad = hash_pads(key)
    assert len(inner_pad) == len(outer_pad) == 64
    expected = hmac.new(key.encode(), b"message", "sha256").hexdigest()
    assert by_pads(key, b"message") == expected


def test_hash_is_the_code_of_both_ids() -> None:
    """Each behind its length, in characters."""
    message = "3:app5:ü-042".encode()
    expected = hmac.new(KEY.encode(), message, "sha256").hexdigest()
    assert respondent_hash(KEY, "app", "ü-042") == expected


def test_no_two_respondents_share_a_hash() -> None:
    """Nor one respondent under two keys."""
    respondents = [
        ("app", "1"),
        ("ap", "p1"),
        ("app1", ""),
        ("", "app1"),
        ("app", " 1"),
        ("App", "1"),
        ("app3", ":1"),
        ("1", "app"),
        ("app", "1" * 10),
    ]
    hashes = {respondent_hash(key, *who) for who in respondents for key in (KEY, "")}
    assert len(hashes) == 2 * len(respondents)


RESPONDENTS = [
    ("app", "C-10442"),
    ("ünï \N{THUMBS UP SIGN}", "e\N{COMBINING ACUTE ACCENT}"),
    ("it's", 'a "b"; --'),
    ("", ""),
    ("app", "\x00"),
    ("app", "x" * 100),
    ("app", " 1\t"),
]


@pytest.mark.parametrize("key", [KEY, "k" * 64, "k" * 65, "ü"])
def test_macro_computes_the_same_hash(key: str, sample_project: Project) -> None:
    """Null where an id is null."""
    done = sample_project.dbt(
        "--quiet",
        "compile",
        "--inline",
        "select {{ respondent_hash() }} from respondents order by place",
    )
    assert done.returncode == 0, done.stdout
    rows = [(place, *who) for place, who in enumerate(RESPONDENTS)]
    inner_pad, outer_pad = hash_pads(key)
    with duckdb.connect() as connection:
        pads = {"erasure_inner_pad": inner_pad, "erasure_outer_pad": outer_pad}
        connection.execute("set variable cx_warehouse = ?", [pads])
        connection.execute(
            "create table respondents"
            " (place integer, source_system varchar, respondent_id varchar)"
        )
        connection.executemany("insert into respondents values (?, ?, ?)", rows)
        connection.execute(
            "insert into respondents values (98, null, '1'), (99, 'app', null)"
        )
        found = [row for (row,) in connection.execute(done.stdout).fetchall()]
    assert found == [*(respondent_hash(key, *who) for who in RESPONDENTS), None, None]


# The list and its key.


def test_without_a_list_nobody_is_erased(warehouse: Path) -> None:
    """And no key is needed."""
    assert erased_hashes(warehouse) == []
    assert erasure_key(warehouse) == ""


def test_first_erasure_makes_a_key_that_only_the_owner_reads(warehouse: Path) -> None:
    """And a list that has no ids; both lie beside the warehouse."""
    assert add_to_erasure_list(warehouse, "app", ["C-10442"]) == 1
    key = erasure_key(warehouse)
    assert len(key) == 64
    assert erased_hashes(warehouse) == [respondent_hash(key, "app", "C-10442")]
    for path in (erasure_list_path(warehouse), erasure_key_path(warehouse)):
        assert path.parent == warehouse.parent
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert "C-10442" not in path.read_text()
    names = {path.name for path in warehouse.parent.iterdir()}
    assert names == {"erasing.duckdb.erased", "erasing.duckdb.erasure_key"}


def test_two_warehouses_have_two_keys(warehouse: Path) -> None:
    """Their lists cannot be compared."""
    other = warehouse.with_name("other.duckdb")
    for path in (warehouse, other):
        add_to_erasure_list(path, "app", ["1"])
    assert erased_hashes(warehouse) != erased_hashes(other)


def test_list_grows_and_names_nobody_twice(warehouse: Path) -> None:
    """Each respondent of each source once, in an order that tells nothing."""
    assert add_to_erasure_list(warehouse, "app", ["1", "2", "1"]) == 2
    assert add_to_erasure_list(warehouse, "app", ["2"]) == 2
    assert add_to_erasure_list(warehouse, "web", ["2"]) == 3
    key = erasure_key(warehouse)
    expected = [("app", "1"), ("app", "2"), ("web", "2")]
    assert erased_hashes(warehouse) == sorted(
        respondent_hash(key, *who) for who in expected
    )


def test_key_of_the_environment(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is used, and not written down."""
    monkeypatch.setenv("CX_ERASURE_KEY", KEY)
    add_to_erasure_list(warehouse, "app", ["1"])
    assert erased_hashes(warehouse) == [respondent_hash(KEY, "app", "1")]
    assert not erasure_key_path(warehouse).exists()
    monkeypatch.setenv("CX_ERASURE_KEY", "")
    with pytest.raises(UserError, match="their key is missing: restore"):
        erasure_key(warehouse)


def test_key_of_the_environment_comes_first(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the one in the file."""
    add_to_erasure_list(warehouse, "app", ["1"])
    monkeypatch.setenv("CX_ERASURE_KEY", KEY)
    assert erasure_key(warehouse) == KEY


def test_list_without_its_key_is_a_fault(warehouse: Path) -> None:
    """Nobody on it could be recognised; a new key must not be made either."""
    add_to_erasure_list(warehouse, "app", ["1"])
    before = erasure_list_path(warehouse).read_bytes()
    erasure_key_path(warehouse).unlink()
    for attempt in (
        lambda: erasure_key(warehouse),
        lambda: erased_hashes(warehouse),
        lambda: add_to_erasure_list(warehouse, "app", ["2"]),
    ):
        with pytest.raises(UserError, match=r"\.erased lists erased respondents, but"):
            attempt()
    assert erasure_list_path(warehouse).read_bytes() == before


def test_list_with_another_key_is_a_fault(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody on it would come back, and somebody new would be the only one."""
    add_to_erasure_list(warehouse, "app", ["1"])
    before = erasure_list_path(warehouse).read_bytes()
    monkeypatch.setenv("CX_ERASURE_KEY", "another")
    for attempt in (
        lambda: erased_hashes(warehouse),
        lambda: add_to_erasure_list(warehouse, "app", ["2"]),
    ):
        with pytest.raises(UserError, match=r"\.erased was written with another key"):
            attempt()
    assert erasure_list_path(warehouse).read_bytes() == before
    monkeypatch.delenv("CX_ERASURE_KEY")
    assert len(erased_hashes(warehouse)) == 1


@pytest.mark.parametrize(
    "line",
    ["C-10442", "f" * 63, "f" * 65, "F" * 64, "g" * 64, f"{'f' * 64} # app", "ü" * 64],
)
def test_line_that_is_no_hash_is_a_fault(line: str, warehouse: Path) -> None:
    """Passing it over would let somebody come back."""
    erasure_list_path(warehouse).write_text(f"{'a' * 64}\n{line}\n", encoding="utf-8")
    with pytest.raises(UserError, match="has a line that is no keyed hash"):
        erased_hashes(warehouse)


def test_blank_lines_and_line_ends_do_not_matter(warehouse: Path) -> None:
    """A list that an editor saved is the same list."""
    add_to_erasure_list(warehouse, "app", ["1", "2"])
    before = erased_hashes(warehouse)
    lines = erasure_list_path(warehouse).read_text().splitlines()
    text = "\r\n".join(["", lines[2], "", f"{lines[0]} ", lines[1], lines[2]])
    erasure_list_path(warehouse).write_bytes(text.encode())
    assert erased_hashes(warehouse) == before


def test_list_is_replaced_as_a_whole(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full leaves the list that was there."""
    add_to_erasure_list(warehouse, "app", ["1"])
    before = erasure_list_path(warehouse).read_bytes()

    def full(_: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        add_to_erasure_list(warehouse, "app", ["2"])
    assert erasure_list_path(warehouse).read_bytes() == before


# The file.


def test_rewritten_file_has_no_bytes_of_deleted_rows(warehouse: Path) -> None:
    """A deleted row stays in a block until that is used again."""
    secret = "a secret that nobody may read any more"
    with duckdb.connect(warehouse) as connection:
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.answers as"
            f" select range as place, if(range % 7 = 0, '{secret} ' || range, 'x') as"
            " comment from range(20000)"
        )
        connection.execute("create view kept as select * from intermediate.answers")
        connection.execute("checkpoint")
        connection.execute("delete from intermediate.answers where place % 7 = 0")
    assert secret.encode()[-8:] in warehouse.read_bytes()
    rewrite(warehouse)
    assert secret.encode()[-8:] not in warehouse.read_bytes()
    with duckdb.connect(warehouse, read_only=True) as connection:
        found = connection.execute("select count(*), min(place) from kept").fetchone()
    assert found == (20000 - 2858, 1)
    assert [path.name for path in warehouse.parent.iterdir()] == [warehouse.name]


def test_rewritten_file_is_where_and_whose_it_was(tmp_path: Path) -> None:
    """Behind its link, and for nobody else to read."""
    target = tmp_path / "elsewhere" / "erasing.duckdb"
    target.parent.mkdir()
    with duckdb.connect(target) as connection:
        connection.execute("create table answers as select 1 as answer")
    target.chmod(0o600)
    link = tmp_path / "erasing.duckdb"
    link.symlink_to(target)
    number = target.stat().st_ino
    rewrite(link)
    assert link.is_symlink()
    assert target.stat().st_ino != number
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_file_that_is_open_elsewhere_is_named(warehouse: Path) -> None:
    """It stays as it is, and nothing is left beside it."""
    with duckdb.connect(warehouse) as connection:
        connection.execute("create table answers as select 1 as answer")
    before = warehouse.read_bytes()
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys; held = duckdb.connect(sys.argv[1]); "
            "print('open', flush=True); sys.stdin.read()",
            str(warehouse),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout and holder.stdout.readline() == "open\n"
    with pytest.raises(UserError, match="close whatever has it open") as caught:
        rewrite(warehouse)
    holder.communicate()
    assert "\n" not in str(caught.value)
    assert warehouse.read_bytes() == before
    assert [path.name for path in warehouse.parent.iterdir()] == [warehouse.name]


def test_what_an_interrupted_rewrite_left_is_no_hindrance(warehouse: Path) -> None:
    """The next one begins anew."""
    with duckdb.connect(warehouse) as connection:
        connection.execute("create table answers as select 1 as answer")
    warehouse.with_name(f"{warehouse.name}.rewritten").write_bytes(b"half a file")
    rewrite(warehouse)
    with duckdb.connect(warehouse, read_only=True) as connection:
        assert connection.execute("from answers").fetchall() == [(1,)]


# The command; tests/torture gives it to a whole warehouse.


class Dbt:
    """A dbt that only says how it was called."""

    def __init__(self, returncode: int) -> None:
        self.returncode = returncode
        self.calls: list[list[str]] = []

    def __call__(
        self, arguments: list[Path | str], **_: object
    ) -> subprocess.CompletedProcess[str]:
        self.calls.append([str(argument) for argument in arguments][1:])
        return subprocess.CompletedProcess(arguments, self.returncode)


@pytest.fixture
def commanded(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A warehouse that the command finds."""
    with duckdb.connect(warehouse) as connection:
        connection.execute("create table answers as select 1 as answer")
    monkeypatch.setenv("CX_WAREHOUSE_PATH", str(warehouse))
    return warehouse


def test_command_lists_builds_and_rewrites(
    commanded: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The build gets no id; the list has them all before it begins."""
    dbt = Dbt(0)
    monkeypatch.setattr(subprocess, "run", dbt)
    number = commanded.stat().st_ino
    assert main(["erase", "app", "C-1", "C-2"]) == 0
    assert main(["erase", "app", "C-2", "C-3"]) == 0
    assert len(erased_hashes(commanded)) == 3
    assert len(dbt.calls) == 2
    assert "C-" not in str(dbt.calls)
    assert commanded.stat().st_ino != number
    printed = capsys.readouterr().out
    assert "2 respondent(s) put on" in printed
    assert "1 respondent(s) put on" in printed
    assert f"0 row(s) of them were in {commanded}, none is left." in printed
    assert "2 of the 2 had no row there" in printed
    assert "C-" not in printed


def test_command_counts_the_rows_of_those_it_erases(
    commanded: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Ids are compared exactly; who has no row may be misspelt."""
    with duckdb.connect(commanded) as connection:
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_survey_answers_judged as from (values"
            " ('app', 'C-1'), ('app', 'C-1'), ('app', 'c-2'), ('web', 'C-3'),"
            " ('app', null)) as answers (source_system, respondent_id)"
        )
    monkeypatch.setattr(subprocess, "run", Dbt(0))
    assert main(["erase", "app", "C-1", "C-2", "C-3", "C-1"]) == 0
    printed = capsys.readouterr().out
    assert f"2 row(s) of them were in {commanded}, none is left." in printed
    assert "2 of the 3 had no row there: look whether the source and" in printed
    assert main(["erase", "app", "c-2"]) == 0
    assert "had no row" not in capsys.readouterr().out


def test_command_reads_ids_from_standard_input(
    commanded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One a line, kept exactly; blank lines are nobody."""
    monkeypatch.setattr(subprocess, "run", Dbt(0))
    monkeypatch.setattr(sys, "stdin", io.StringIO("C-1\n\n C-2\r\n-\n", newline=""))
    assert main(["erase", "app", "-"]) == 0
    key = erasure_key(commanded)
    assert erased_hashes(commanded) == sorted(
        respondent_hash(key, "app", name) for name in ("C-1", " C-2", "-")
    )


def test_command_names_a_warehouse_that_is_open_elsewhere(
    commanded: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Before it puts anybody on the list."""
    monkeypatch.setattr(subprocess, "run", Dbt(0))
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys; held = duckdb.connect(sys.argv[1]); "
            "print('open', flush=True); sys.stdin.read()",
            str(commanded),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout and holder.stdout.readline() == "open\n"
    code = main(["erase", "app", "C-1"])
    holder.communicate()
    assert code == 2
    assert f"{commanded} cannot be read: close whatever" in capsys.readouterr().err
    assert not erasure_list_path(commanded).exists()


def test_command_says_when_the_build_failed(
    commanded: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The list keeps them; the file is not written anew, and nothing is promised."""
    monkeypatch.setattr(subprocess, "run", Dbt(1))
    number = commanded.stat().st_ino
    assert main(["erase", "app", "C-1"]) == 2
    assert len(erased_hashes(commanded)) == 1
    assert commanded.stat().st_ino == number
    captured = capsys.readouterr()
    assert "the build failed" in captured.err
    assert "none is left" not in captured.out

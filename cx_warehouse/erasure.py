"""Respondents who are erased: the list of their keyed hashes, and the command.

    python -m cx_warehouse erase SOURCE_SYSTEM RESPONDENT_ID [RESPONDENT_ID ...]

puts respondents on the list, builds the warehouse without their rows and writes the
file anew, so that nothing of them is left in it. The list holds keyed hashes (HMAC with
SHA-256, RFC 2104) of source_system and respondent_id, no ids: it keeps the erased
erased when their rows are delivered again. It lies beside the warehouse, and outlives
it, as does the key, unless CX_ERASURE_KEY gives it.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb

from cx_warehouse.errors import UserError
from cx_warehouse.warehouse import PROJECT_ROOT, print_lines, warehouse_path

_HASH_LENGTH = 64


def erasure_list_path(warehouse: Path) -> Path:
    """The list of the erased, beside the warehouse: one keyed hash a line."""
    return warehouse.with_name(f"{warehouse.name}.erased")


def erasure_key_path(warehouse: Path) -> Path:
    """The key of the hashes, where CX_ERASURE_KEY does not give it."""
    return warehouse.with_name(f"{warehouse.name}.erasure_key")


def erased_hashes(warehouse: Path) -> list[str]:
    """The keyed hashes of all who are erased, sorted; empty without a list.

    Raises UserError for a line that is no hash, and when the key is missing or another
    one: nobody on the list could be recognised.
    """
    path = erasure_list_path(warehouse)
    if not path.exists():
        return []
    lines = path.read_text(encoding="ascii", errors="replace").split("\n")
    hashes = [line.strip() for line in lines if line.strip()]
    for line in hashes:
        if len(line) != _HASH_LENGTH or set(line) - set("0123456789abcdef"):
            raise UserError(
                f"{path} has a line that is no keyed hash: restore the file from a "
                "backup; it is written by `python -m cx_warehouse erase` alone."
            )
    if hashes and (check := _key_check(erasure_key(warehouse))) not in hashes:
        raise UserError(
            f"{path} was written with another key than that of CX_ERASURE_KEY or "
            f"{erasure_key_path(warehouse)}, so that nobody on it can be recognised: "
            "restore the key with which they were erased."
        )
    return sorted(set(hashes) - {check}) if hashes else []


def erasure_key(warehouse: Path) -> str:
    """The key of the hashes: CX_ERASURE_KEY or the file beside the warehouse.

    Empty when nobody was ever erased. Raises UserError when there is a list of erased
    respondents but no key: nobody on it could be recognised.
    """
    if named := os.environ.get("CX_ERASURE_KEY"):
        return named
    path = erasure_key_path(warehouse)
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    if erasure_list_path(warehouse).exists():
        raise UserError(
            f"{erasure_list_path(warehouse)} lists erased respondents, but their key "
            f"is missing: restore {path} or set CX_ERASURE_KEY, so that they stay "
            "erased."
        )
    return ""


def respondent_hash(key: str, source_system: str, respondent_id: str) -> str:
    """HMAC-SHA-256 of a respondent: the same text as the macro `respondent_hash`.

    The message is both ids, each behind its length, so that no two respondents share
    it.
    """
    message = (
        f"{len(source_system)}:{source_system}{len(respondent_id)}:{respondent_id}"
    )
    return hmac.new(key.encode(), message.encode(), "sha256").hexdigest()


def _key_check(key: str) -> str:
    """What a list has beside the erased: the hash of nobody, which tells its key."""
    return respondent_hash(key, "", "")


def hash_pads(key: str) -> tuple[bytes, bytes]:
    """The inner and outer pads of HMAC for a key, 64 bytes each (RFC 2104).

    SHA-256 of the outer pad and of SHA-256 of the inner pad and the message is the
    HMAC.
    """
    secret = key.encode()
    if len(secret) > 64:
        secret = hashlib.sha256(secret).digest()
    padded = secret.ljust(64, b"\0")
    return bytes(byte ^ 0x36 for byte in padded), bytes(byte ^ 0x5C for byte in padded)


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `erase` to the program's."""
    parser = subparsers.add_parser(
        "erase",
        help="erase respondents from the warehouse, now and whenever they come again",
        description="Erase respondents: no row and no id of them stays in the "
        "warehouse, and rows of them that come again are dropped. Their number by "
        "source is in fct_erased_answer_counts_by_source.",
    )
    parser.add_argument("source_system", help="the source, as exported")
    parser.add_argument(
        "respondent_ids",
        nargs="+",
        metavar="respondent_id",
        help="as exported; a single - reads them from standard input, one a line",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Erase the respondents that the arguments name and build the warehouse."""
    # It asks here who is erased.
    from cx_warehouse import load

    warehouse = warehouse_path(None)
    respondent_ids: Sequence[str] = arguments.respondent_ids
    if respondent_ids == ["-"]:
        respondent_ids = [line for line in sys.stdin.read().splitlines() if line]
    known = len(erased_hashes(warehouse))
    on_server = load.target_name() != "duckdb"
    place = f"the {load.target_name()} warehouse" if on_server else str(warehouse)
    row_counts = _row_counts(
        None if on_server else warehouse, arguments.source_system, respondent_ids
    )
    listed = add_to_erasure_list(warehouse, arguments.source_system, respondent_ids)
    print_lines(
        [
            f"{listed - known} respondent(s) put on {erasure_list_path(warehouse)}, "
            f"{listed} in all.",
            "Building the warehouse without them ...",
        ]
    )
    if on_server:
        load.run(argparse.Namespace(definitions_only=False))
    dbt = Path(sys.executable).parent / "dbt"
    build = [str(dbt), "--quiet", "build", "--exclude-resource-type", "unit_test"]
    if subprocess.run(build, cwd=PROJECT_ROOT, check=False).returncode:
        raise UserError(
            "the build failed, so that rows of them may still be in the warehouse: put "
            "right what it says and give the command again."
        )
    if on_server:
        load.rewrite_server_tables()
    else:
        rewrite(warehouse)
    lines = [f"{sum(row_counts):,} row(s) of them were in {place}, none is left."]
    if strangers := row_counts.count(0):
        lines.append(
            f"{strangers} of the {len(row_counts)} had no row there: look whether the "
            "source and the id are spelled as exported."
        )
    print_lines(lines)
    return 0


def _row_counts(
    warehouse: Path | None, source_system: str, respondent_ids: Sequence[str]
) -> list[int]:
    """How many rows the warehouse holds of each respondent; 0 without a warehouse.

    Without a file it is the one on the server. Raises UserError when somebody else
    writes to it.
    """
    from cx_warehouse import load

    wanted = sorted(set(respondent_ids))
    if warehouse is None:
        held = load.respondent_row_counts(source_system, wanted)
        return [held.get(respondent_id, 0) for respondent_id in wanted]
    if not warehouse.exists():
        return [0] * len(wanted)
    try:
        with duckdb.connect(warehouse, read_only=True) as connection:
            found = connection.execute(
                "select respondent_id, count(*)"
                " from intermediate.int_survey_answers_judged"
                " where source_system = ? and respondent_id in (select unnest(?))"
                " group by respondent_id",
                [source_system, wanted],
            ).fetchall()
    except duckdb.CatalogException:  # nothing was built yet
        found = []
    except duckdb.IOException as error:
        reason = str(error).partition("\n")[0]
        raise UserError(
            f"{warehouse} cannot be read: close whatever has it open and give the "
            f"command again. DuckDB says: {reason}"
        ) from error
    counts = dict(found)
    return [counts.get(respondent_id, 0) for respondent_id in wanted]


def add_to_erasure_list(
    warehouse: Path, source_system: str, respondent_ids: Sequence[str]
) -> int:
    """Put respondents on the list; the file is replaced as a whole.

    Makes the key if there is none. Returns the number of respondents on the list.
    """
    hashes = erased_hashes(warehouse)
    key = erasure_key(warehouse)
    if not key:
        key = secrets.token_hex(32)
        _write(erasure_key_path(warehouse), key + "\n")
    hashes += [respondent_hash(key, source_system, name) for name in respondent_ids]
    listed = set(hashes)
    lines = sorted({*listed, _key_check(key)})
    _write(erasure_list_path(warehouse), "".join(f"{line}\n" for line in lines))
    return len(listed)


def rewrite(warehouse: Path) -> None:
    """Write the warehouse file anew: what was deleted leaves no bytes behind.

    A link stays one, and who may read the file stays as it is. Raises UserError when
    somebody has the warehouse open.
    """
    warehouse = warehouse.resolve()
    fresh = warehouse.with_name(f"{warehouse.name}.rewritten")
    fresh.unlink(missing_ok=True)
    try:
        with duckdb.connect() as connection:
            connection.execute(f"attach {_literal(warehouse)} as old_file")
            connection.execute(f"attach {_literal(fresh)} as new_file")
            shutil.copymode(warehouse, fresh)
            connection.execute("copy from database old_file to new_file")
            connection.execute("detach old_file")
            connection.execute("detach new_file")
    except duckdb.Error as error:
        fresh.unlink(missing_ok=True)
        reason = str(error).partition("\n")[0]
        raise UserError(
            f"their rows are deleted, but {warehouse} could not be written anew: close "
            f"whatever has it open and give the command again. DuckDB says: {reason}"
        ) from error
    fresh.replace(warehouse)


def _write(path: Path, text: str) -> None:
    """Replace a file that only its owner may read, whole or not at all."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.touch(mode=0o600)
    with fresh.open("w", encoding="ascii") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"

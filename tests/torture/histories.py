"""Histories of a feed, chosen by hypothesis: whatever happens, one full build agrees.

A history is a feed that arrives in pieces, with edits, removals, changed definitions
and vars, erased respondents and builds that fail, and builds between. When it ends (and
after every build that ends) the marts must be those of the files that lie there.
"""

from __future__ import annotations

import shutil
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from tests.dbt_server.client import ServerGoneError
from tests.torture.builds import BuildServer
from tests.torture.world import (
    BUILDS,
    OPERATIONS,
    DifferenceError,
    Operation,
    World,
    as_text,
    play,
)

STEPS = 10
# Builds between the first and the last one of a history, which cost most of its time.
MOST_BUILDS = 2

_SEEDS = st.integers(0, 2**32 - 1)
# What comes behind an operation: most often nothing.
_BUILDS = st.sampled_from((*[None] * 32, "plain", "plain", *BUILDS))


@dataclass
class Journal:
    """What the histories of a run came to.

    `report` hears of every history that is over, and of its difference, if any.
    """

    directory: Path
    prefix: str = ""
    report: Callable[[World, str], None] = lambda world, difference: None
    histories: int = 0
    failures: list[Path] = field(default_factory=list)
    # Hypothesis plays a history again that failed; once is enough.
    is_noted: bool = False

    def note(self, world: World, operations: list[Operation], difference: str) -> None:
        """Count a history that is over; write one down that failed, for `--replay`."""
        self.histories += 1
        if difference:
            self.is_noted = True
            self.directory.mkdir(parents=True, exist_ok=True)
            number = len(self.failures) + 1
            path = self.directory / f"history_{self.prefix}{number}.json"
            path.write_text(as_text(operations), "utf-8")
            told = "\n".join([*world.notes, "", difference, ""])
            path.with_suffix(".txt").write_text(told, "utf-8")
            self.failures.append(path)
            difference = f"{path}\n{told}"
        self.report(world, difference)


def history_machine(
    directory: Path, server: BuildServer, journal: Journal
) -> type[RuleBasedStateMachine]:
    """The state machine whose runs are histories in a folder, built by a server."""

    class History(RuleBasedStateMachine):
        world: World | None = None

        @initialize(
            seed=_SEEDS,
            rows=st.integers(30, 200),
            keeps_removed_files=st.sampled_from((False, False, False, True)),
            files=st.integers(1, 3),
        )
        def begin(self, files: int, **arguments: Any) -> None:
            if journal.is_noted:
                raise DifferenceError("noted already")
            shutil.rmtree(directory, ignore_errors=True)
            directory.mkdir(parents=True)
            self.world = World(directory, server, **arguments)
            self.operations: list[Operation] = [
                {"name": "begin", "arguments": arguments}
            ]
            self.builds = 0
            for number in range(files):
                self.apply("deliver", seed=arguments["seed"] + number)
            self.apply("build", seed=0, how="plain")

        @rule(name=st.sampled_from(OPERATIONS), seed=_SEEDS, how=_BUILDS)
        def step(self, name: str, seed: int, how: str | None) -> None:
            self.apply(name, seed=seed)
            if how is not None and self.builds < MOST_BUILDS:
                self.builds += 1
                self.apply("build", seed=seed, how=how)

        def apply(self, name: str, **arguments: Any) -> None:
            assert self.world is not None
            operation = {"name": name, **arguments}
            self.operations.append(operation)
            self.hold_to(lambda world: world.apply(operation))

        def teardown(self) -> None:
            if self.world is not None:
                self.hold_to(lambda world: world.end())
                self.leave("")

        def hold_to(self, act: Callable[[World], None]) -> None:
            assert self.world is not None
            try:
                act(self.world)
            except DifferenceError as error:
                self.leave(str(error))
                raise
            except ServerGoneError:
                self.world = None
                raise
            except Exception:
                self.leave(traceback.format_exc())
                raise

        def leave(self, difference: str) -> None:
            assert self.world is not None
            world, self.world = self.world, None
            journal.note(world, self.operations, difference)
            world.close()

    return History


def run_histories(
    count: int,
    *,
    first_seed: int,
    directory: Path,
    server: BuildServer,
    journal: Journal,
) -> None:
    """Run so many histories; a difference is noted in the journal and ends none.

    Hypothesis stops at a difference: it is started again, with the next seed, for
    the histories that are left.
    """
    for number in range(count):
        left = count - journal.histories
        if left <= 0:
            return
        journal.is_noted = False
        machine = seed(first_seed + number)(history_machine(directory, server, journal))
        try:
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=left,
                    stateful_step_count=STEPS,
                    deadline=None,
                    database=None,
                    phases=(Phase.generate,),
                    suppress_health_check=list(HealthCheck),
                    print_blob=False,
                ),
            )
        except Exception:
            if not journal.is_noted:
                raise


def shrink(
    operations: list[Operation],
    directory: Path,
    server: BuildServer,
    say: Callable[[str], None],
) -> list[Operation]:
    """Leave out operation after operation while the history still ends in a difference.

    The message may change with it: any difference is one too many.
    """
    position = len(operations) - 1
    while position > 0:
        shorter = operations[:position] + operations[position + 1 :]
        difference, _ = play(shorter, directory, server)
        if difference:
            operations = shorter
            say(f"{len(operations)} operations left")
        position = min(position, len(operations)) - 1
    return operations

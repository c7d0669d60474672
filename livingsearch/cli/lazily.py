"""Commands that are loaded when they are asked for: a process loads what one command needs, not what all need.

The way that Click documents for large programs ("Lazily Loading Subcommands"), with Typer's classes: a group knows
the names of its commands, and imports the module of one when it is asked for that one.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group


@cache
def commands_of(module: str) -> Mapping[str, Any]:
    """The commands of a module.

    Args:
        module: its full name; its function `add_to` adds them to a program.

    Returns:
        Each command and group by its name, in the order in which they are added; groups come last.
    """
    part = typer.Typer()
    import_module(module).add_to(part)
    return get_group(part).commands


def loaded_on_demand(modules: Mapping[str, str]) -> type[TyperGroup]:
    """The class of a program, or of a group of commands, that loads a command when it is asked for.

    Args:
        modules: for each command, in the order of the help, the full name of the module that adds it.

    Returns:
        The class, for `typer.Typer(cls=...)`.
    """

    class OnDemand(TyperGroup):
        # The types that Click's methods take and return differ from one version of Typer to the next.
        def list_commands(self, ctx: Any) -> list[str]:
            return list(modules)

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            # For an unknown word Typer suggests commands among those that are loaded: all of them, then.
            wanted = [modules[cmd_name]] if cmd_name in modules else modules.values()
            for module in wanted:
                self.commands.update(commands_of(module))
            return self.commands.get(cmd_name)

    return OnDemand

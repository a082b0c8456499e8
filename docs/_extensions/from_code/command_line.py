"""The arguments of the command, as its parser knows them."""

import argparse
import re

from from_code.markdown import MarkdownDirective, code, definitions
from napari_colorcluster.cli.arguments import command_parser

_CODE = re.compile(r"(?<!\w)'([^']+)'|(?<!\S)(--[\w-]+(?: \w+(?=:))?)")
"""In the help of an argument: what stands in quotes, and other arguments."""


class CommandLine(MarkdownDirective):
    """Each group of arguments under a heading."""

    def markdown(self) -> str:
        # argparse's own group holds --help alone.
        _, *groups = (group for group in command_parser()._action_groups if group._group_actions)
        return "\n\n".join(
            f"## {group.title.capitalize()}\n\n{definitions(map(_described, group._group_actions))}"
            for group in groups
        )


class CommandSummary(MarkdownDirective):
    """What the command does, and its exit codes."""

    def markdown(self) -> str:
        parser = command_parser()
        return f"{parser.description}\n\n{parser.epilog}"


def _described(argument: argparse.Action) -> tuple[str, str]:
    names = argument.option_strings or [argument.metavar]
    value = _value(argument) if argument.option_strings else ""
    term = ", ".join(code(f"{name} {value}".strip()) for name in names)
    text = argument.help[0].upper() + argument.help[1:].rstrip(".") + "."
    text = _CODE.sub(lambda found: code(found[1] or found[2]), text)
    choices = ", ".join(map(code, argument.choices or ()))
    return term, f"{text} One of {choices}." if choices else text


def _value(argument: argparse.Action) -> str:
    return "" if argument.nargs == 0 else argument.metavar or argument.dest.upper()

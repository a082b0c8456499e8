"""The arguments of the command, as its parser knows them."""

import argparse

from from_code.markdown import MarkdownDirective, code, definitions
from napari_colorcluster.cli.arguments import command_parser


class CommandLine(MarkdownDirective):
    """What the command does, and each group of its arguments under a heading."""

    def markdown(self) -> str:
        parser = command_parser()
        groups = [group for group in parser._action_groups if group._group_actions]
        described = [
            f"## {group.title.capitalize()}\n\n{definitions(map(_described, group._group_actions))}"
            for group in groups
        ]
        return "\n\n".join([parser.description, *described, "## Exit code\n", parser.epilog])


def _described(argument: argparse.Action) -> tuple[str, str]:
    names = argument.option_strings or [argument.metavar]
    value = _value(argument) if argument.option_strings else ""
    term = ", ".join(code(f"{name} {value}".strip()) for name in names)
    text = argument.help[0].upper() + argument.help[1:].rstrip(".") + "."
    return term, text.replace("'", "`") if "'" in text else text


def _value(argument: argparse.Action) -> str:
    if argument.nargs == 0:
        return ""
    if argument.choices:
        return "{" + ",".join(argument.choices) + "}"
    return argument.metavar or argument.dest.upper()

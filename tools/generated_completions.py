"""Completions for the shells that shtab does not know, made from the options of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterator


def nushell(parser: argparse.ArgumentParser) -> str:
    """A module for Nushell: an ``extern`` with the options, and the values of those that have some."""
    values = {_long(action): list(action.choices) for action in _options(parser) if action.choices}
    completers = [
        f'def "nu-complete {parser.prog} {option.removeprefix("--")}" [] {{ [{" ".join(map(_nu, each))}] }}'
        for option, each in values.items()
    ]
    flags = [f"    {_nu_flag(parser.prog, action)}  # {_help(action)}" for action in _options(parser)]
    return "\n".join(
        [
            *completers,
            "",
            f'export extern "{parser.prog}" [',
            "    ...path: directory  # an app's root directory",
            *flags,
            "]",
        ]
    )


def powershell(parser: argparse.ArgumentParser) -> str:
    """A completer for PowerShell: values after an option that has some, also after a comma, else the options."""
    options = [f"        {_ps(_long(action))} = {_ps(_help(action))}" for action in _options(parser)]
    values = [
        f"        {_ps(_long(action))} = @({', '.join(_ps(each) for each in action.choices)})"
        for action in _options(parser)
        if action.choices
    ]
    return POWERSHELL.format(prog=_ps(parser.prog), options="\n".join(options), values="\n".join(values))


POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName {prog} -ScriptBlock {{
    param($wordToComplete, $commandAst, $cursorPosition)
    $options = [ordered]@{{
{options}
    }}
    $values = @{{
{values}
    }}
    $before = $commandAst.CommandElements | Where-Object {{ $_.Extent.EndOffset -lt $cursorPosition }}
    $option = @($before)[-1].ToString()
    if ($values.ContainsKey($option)) {{
        $names = $wordToComplete -split ','
        $kept = ($names | Select-Object -SkipLast 1 | ForEach-Object {{ "$_," }}) -join ''
        $values[$option] | Where-Object {{ $_.StartsWith($names[-1]) }} | ForEach-Object {{
            [System.Management.Automation.CompletionResult]::new("$kept$_", $_, 'ParameterValue', $_)
        }}
    }} elseif ($wordToComplete.StartsWith('-')) {{
        $options.Keys | Where-Object {{ $_.StartsWith($wordToComplete) }} | ForEach-Object {{
            [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterName', $options[$_])
        }}
    }}
}}"""


def _options(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    return (action for action in parser._actions if action.option_strings)


def _long(action: argparse.Action) -> str:
    return action.option_strings[-1]


def _help(action: argparse.Action) -> str:
    return " ".join((action.help or "").split())


def _nu_flag(prog: str, action: argparse.Action) -> str:
    option = _long(action)
    if action.nargs == 0:
        return option
    if action.choices:
        return f'{option}: string@"nu-complete {prog} {option.removeprefix("--")}"'
    return f"{option}: string"


def _nu(text: str) -> str:
    return f'"{text}"'


def _ps(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

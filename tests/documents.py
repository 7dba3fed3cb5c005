"""What a document states, line by line: its words without the syntax of Markdown and of the languages in it.

A statement is a heading, a paragraph, a bullet, a row of a table, or a line of code. What only gives a line its place in
a language states nothing (`SILENT`, with the reason beside each form); names, numbers and labels always do.
"""

from __future__ import annotations

import re

FENCE = re.compile(r"```(\w*)$")
RULE = re.compile(r"-{3,}")
SEPARATOR = re.compile(r"\|[-:| ]+\|")
HEADING = re.compile(r"(#+) (?:\d+(?:\.\d+)*\.? )?(.*)")
SECTION = re.compile(r"## (?:(\d+)\. .*|(.*))")  # cited by its number, or, where it has none, by its title
MARKER = re.compile(r"(?:[-*] |\d+\. |> )+")
PAST = {"AS-IS"}  # columns of a table that say how it was

# Where the nodes of a diagram are named: what stands in quotation marks, line breaks apart.
LABEL = re.compile(r'"([^"]*)"')
ARROW = re.compile(r"(\w+) *(-->>|->>|-->|-\.->)(\|[^|]*\|)? *(\w+)")

SILENT = {
    "mermaid": (
        r"graph [A-Z]{2}|flowchart [A-Z]{2}|sequenceDiagram|end",  # what kind of diagram it is, and where a part of it ends
        r"title: .*",  # the section's heading once more
        r"style .*",  # colours
    ),
    "typescript": (
        r"#!.*",  # how the file is started
        r"import .*",  # where names come from
        r"[\s{}()\[\];,]*",  # brackets
        r"export (interface|class) .*\{",  # what the file is called from outside
        r"public readonly .*;",  # what other stacks may ask of this one
        r"constructor\(.*\{|super\(.*\);",
        r"\w+: string;",  # the type of a parameter
        r"\w+: [{\[]",  # a name that only opens a block: the lines in it say what it holds
        r"const app = new cdk\.App\(\);|app\.synth\(\);",  # that this is a program of CDK
    ),
    "yaml": (
        r"[\w-]+:( \|)?",  # a name that only opens a block
    ),
    "bash": (),
    "json": (r"[\s{}()\[\],]*",),
    "hcl": (r"[\s{}()\[\],]*",),
    "sql": (),
    "prisma": (r"[\s{}]*",),
    "": (),
}
# Outputs of a stack repeat what other lines made, so that a person may copy it: left out whole.
OUTPUT, CLOSED = re.compile(r"new cdk\.CfnOutput\(.*"), re.compile(r"\}\);")
KEYWORDS = {"const", "new", "this", "props"}  # of TypeScript


def headings(lines):
    """The sections by the line of their heading: a number, or a title where headings carry none. In code `##` is none."""
    out, fenced = {}, False
    for number, line in enumerate(lines, 1):
        fenced ^= bool(FENCE.fullmatch(line.strip()))
        heading = None if fenced else SECTION.fullmatch(line.rstrip())
        if heading:
            out[number] = heading.group(1) or heading.group(2).strip()
    return out


def sections(lines):
    """The section that each line stands in; 0 is what stands before the first."""
    named, out, current = headings(lines), {}, "0"
    for number in range(1, len(lines) + 1):
        current = out[number] = named.get(number, current)
    return out


def statements(lines):
    """(line, what it states) of a whole document."""
    language, outputs, columns = None, False, []
    named = headings(lines)  # a baseline names its sections itself
    for number, line in enumerate(lines, 1):
        text = line.strip()
        fence = FENCE.fullmatch(text)
        if fence:
            language, outputs = (None if language is not None else fence.group(1)), False
        elif not text or number in named:
            continue
        elif language is not None:
            outputs = (outputs or bool(OUTPUT.fullmatch(text))) and not CLOSED.fullmatch(text)
            if not outputs and not OUTPUT.fullmatch(text) and (said := code(text, language)):
                yield number, said
        elif text.startswith("|"):
            if SEPARATOR.fullmatch(lines[number].strip() if number < len(lines) else ""):
                columns = cells(text)
            elif not SEPARATOR.fullmatch(text):
                yield number, row(cells(text), columns)
        elif not RULE.fullmatch(text):
            yield number, prose(text)


def cells(text):
    return [cell.strip() for cell in text.strip("|").split("|")]


def row(found, columns):
    """A row without its columns of the past. The head of a table names its columns and states nothing."""
    kept = [cell for index, cell in enumerate(found) if index >= len(columns) or columns[index] not in PAST]
    return prose(" ".join(kept))


def prose(text):
    heading = HEADING.fullmatch(text)
    return heading.group(2) if heading else MARKER.sub("", text, count=1) if MARKER.match(text) else text


def code(text, language):
    """What a line of code states; nothing where it is syntax alone."""
    if language not in SILENT:
        raise AssertionError(f"documents.py does not know how {language!r} is read; say what in it states nothing")
    if any(re.fullmatch(form, text) for form in SILENT[language]) or (language == "mermaid" and RULE.fullmatch(text)):
        return ""
    if language == "mermaid":
        if LABEL.search(text):
            return " ".join(LABEL.findall(text)).replace("<br/>", " ")
        return re.sub(r"^(participant|actor) \w+ as |^loop ", "", text)
    if language == "typescript":
        return re.sub(rf"\b(?:{'|'.join(KEYWORDS)})\b", " ", text)
    return text


def words(text):
    return set(re.findall(r"\w+", text))

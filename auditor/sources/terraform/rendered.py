"""The data source `template_file`, written as the function that took its place.

`data.template_file.p.rendered` is what `templatefile` gives of the same file and values, so it is read as that. What
names no file in plain words, or makes several, stays a data source that only Terraform reads.
"""

from __future__ import annotations

import re

from auditor.sources.terraform.templates import NotWritten, in_one_line
from auditor.sources.terraform.text import CODE, IN_HCL, Head, attributes, blocks, in_code, inside
from auditor.sources.terraform.tree import Tree

_REFERENCE = re.compile(r"(?<![\w.])data\.template_file\.([\w-]+)\.rendered\b")
_BLOCK = re.compile(r"[\w-]+\s*\{")
_OLD_VARS = re.compile(r"vars\s*\{")  # before Terraform 0.12 a block, of which each attribute is a value
_FILE = re.compile(r'(?:"\$\{)?\s*file\(\s*("(?:\$\{path\.(?:module|root)\}/)?[\w@%+=:,./ -]*")\s*\)\s*(?:\}")?')


def with_rendered(text: str, name: str, tree: Tree) -> str:
    """The text of a file, with as many lines."""
    if "data.template_file." not in text:
        return text
    calls = _calls(name.rpartition("/")[0], tree)
    return in_code(text, lambda code: _REFERENCE.sub(lambda found: calls.get(found[1], found[0]), code))


def _calls(folder: str, tree: Tree) -> dict[str, str]:
    """What each `template_file` of a folder is as a call; of one that two files declare one lies over the other."""
    out: dict[str, str] = {}
    seen: set[str] = set()
    for name, text in tree.texts.items():
        if name.rpartition("/")[0] != folder or not name.endswith(CODE) or "template_file" not in text:
            continue
        if not name.endswith(IN_HCL):
            return {}  # it may lay something else over any of them
        heads = [each for each in blocks(text) if each.kind == "data" and each.labels[:1] == ("template_file",)]
        for label, head in ((each.labels[-1], each) for each in heads):
            call = "" if label in seen else _call(head)
            out = {**out, label: call} if call else {key: said for key, said in out.items() if key != label}
            seen.add(label)
    return out


def _call(head: Head) -> str:
    """One of them as a call in one line; nothing where it cannot be written so."""
    said = attributes(head.source, 0)
    file = _FILE.fullmatch(said["template"].text) if "template" in said else None
    nested = [each.source for each in inside(head.source, 0) if _BLOCK.match(each.source)]
    values = [said["vars"].text] if "vars" in said else []
    values += [each[each.index("{") :] for each in nested if _OLD_VARS.match(each)]
    plain = not any(_BLOCK.match(each.source) for text in nested for each in inside(text, 0))
    if file is None or said.keys() - {"template", "vars"} or len(values) > 1 or len(nested) > len(values) or not plain:
        return ""
    try:
        given = in_one_line(values[0]) if values else "{}"
    except NotWritten:
        return ""
    return f"templatefile({file[1]}, {given})"

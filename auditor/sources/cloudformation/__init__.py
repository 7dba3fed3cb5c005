"""CloudFormation as a source: a template, a folder of templates, or what `cdk synth` wrote.

Nothing is executed and nothing fetched. What only AWS knows (zones, macros, Parameter Store, templates elsewhere) is
unknown where it stands, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from auditor.model import Gap, Inventory, ResourceType
from auditor.resources import load as described
from auditor.sources.cloudformation import cdk
from auditor.sources.cloudformation.arns import written_arns
from auditor.sources.cloudformation.blocks import block
from auditor.sources.cloudformation.folds import parts
from auditor.sources.cloudformation.load import assemblies_in, looks_like_template, templates_in
from auditor.sources.cloudformation.openapi import with_definition
from auditor.sources.cloudformation.scope import Exhausted
from auditor.sources.cloudformation.stack import Declared
from auditor.sources.cloudformation.tree import Tree
from auditor.sources.code_options import MOST_RESOURCES, BadCode, CodeOptions, Unbounded
from auditor.sources.declared import Block, assemble, unread
from auditor.sources.references import DEPLOYED

__all__ = ["grow", "is_cloudformation", "read"]


def is_cloudformation(path: Path) -> bool:
    """Whether a file is a template, or a folder holds one or an assembly of CDK."""
    if path.is_dir():
        return bool(assemblies_in(path)) or any(True for _ in templates_in(path))
    return looks_like_template(path)


def read(path: Path, options: CodeOptions, files: Sequence[Path] = ()) -> Inventory:
    """The inventory that the templates declare: all of a folder, or some of its files."""
    try:
        tree = grow(path, options, files)
        declared = [part for stack in tree.every() for each in stack.declared() for part in with_definition(each)]
    except Exhausted:
        raise BadCode(f"{path}:1: it takes too many steps to evaluate; remove loops and repeated parts") from None
    if len(declared) > MOST_RESOURCES:
        raise BadCode(f"{path}:1: declares more than {MOST_RESOURCES} resources; check its parts separately")
    types = described()
    blocks = [part for each in declared for part in parts(_block(tree, each, types), types)]
    doubts = [_whether_made(each) for each in declared if each.doubt]
    doubts += [gap for each in declared for gap in _definitions_inside(each, types)]
    inventory = assemble(blocks, types, options.region, [*tree.gaps, *doubts], later=DEPLOYED)
    inventory.choices = tuple(tree.choices.values())
    _place(inventory, declared, options.parameters.get("AWS::AccountId", ""))
    return inventory


def _place(inventory: Inventory, declared: list[Declared], account: str) -> None:
    """The account, where the user names it, and the ARNs that templates write out by hand."""
    by_address = {each.address: each for each in declared}
    if account:
        inventory.accounts = (account,)
    for resource in inventory.resources:
        resource.account = account
        if resource.address not in by_address:
            continue  # it is declared elsewhere
        where = by_address[resource.address].stack.around
        resource.name = resource.name or cdk.construct(by_address[resource.address].entry)
        arns = written_arns(resource, where.account or account, where.region, where.partition)
        resource.names = tuple(sorted({*resource.names, *arns}))


def grow(path: Path, options: CodeOptions, files: Sequence[Path] = ()) -> Tree:
    """The stacks below a path, not worked out yet."""
    if not path.exists():
        raise BadCode(f"{path}: there is no such file or folder")
    folder = path if path.is_dir() else path.parent
    root = (options.root or folder).resolve()
    tree = Tree(root, options.region, dict(options.parameters), world=options.world)
    if path.is_file():
        if path.is_symlink() and not path.resolve().is_relative_to(root):
            raise BadCode(f"{path}:1: is a symbolic link that points outside the tree; pass the file itself")
        tree.add(path.resolve())
        return tree
    for assembly in assemblies_in(path) if not files else ():
        cdk.grow(tree, assembly.resolve())
    tree.add_all([each.resolve() for each in files or templates_in(path)])
    if not tree.stacks:
        raise BadCode(f"{path}:1: contains no template; a template has Resources with types like AWS::S3::Bucket")
    return tree


def nested_in(files: Sequence[Path], options: CodeOptions) -> set[Path]:
    """The files that one of the others nests; what cannot be read nests nothing, and says so when it is read."""
    found: set[Path] = set()
    for path in files:
        try:
            tree = grow(path, options)
            found |= {each.template.path for each in tree.every()} - {path.resolve()}
        except Unbounded:
            raise
        except (BadCode, Exhausted):
            continue
    return found


def _block(tree: Tree, each: Declared, types: Mapping[str, ResourceType]) -> Block:
    """A block at its place in the program where one wrote the template; its lines are the template's otherwise."""
    name = each.stack.template.name
    program = cdk.origin(tree, name, each.logical, each.entry)
    out = block(each, types, program or f"{name}:{each.line}")
    if program:
        out.lines = {}
    return out


def _definitions_inside(each: Declared, types: Mapping[str, ResourceType]) -> Iterator[Gap]:
    """What is written down inside of a resource and not read."""
    given = each.properties if isinstance(each.properties, dict) else {}
    holds = types[each.type].holds if each.type in types else {}
    for name in holds.keys() & given.keys():
        at = f"{each.stack.template.name}:{each.line}"
        yield unread(at, f"{at}: {each.logical}: the definition in its {name} is not read", holds[name])


def _whether_made(each: Declared) -> Gap:
    at = f"{each.stack.template.name}:{each.line}"
    return unread(at, f"{at}: {each.doubt}", (each.type,))

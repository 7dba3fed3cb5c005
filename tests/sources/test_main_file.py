"""The file that stands for some code is one that is there and belongs to it."""

import pytest

from auditor.sources.main_file import Places

TEMPLATE = "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Q: {Type: AWS::SQS::Queue}\n"


@pytest.mark.parametrize(
    ("files", "main"),
    [
        ({"a.tf": "", "main.tf": ""}, "main.tf"),
        ({"a.tf": "", "template.yaml": TEMPLATE}, "template.yaml"),
        ({"z.tf": "", "b.tf": ""}, "b.tf"),
        ({"infra/template.yaml": TEMPLATE, "node_modules/x/a.tf": "", ".terraform/b.tf": ""}, "infra/template.yaml"),
        ({"docker-compose.yaml": "services: {}\n", "envs/prod/main.tf": ""}, "envs/prod/main.tf"),
        ({"envs/prod/main.tofu": ""}, "envs/prod/main.tofu"),
    ],
)
def test_the_main_file(tmp_path, files, main):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert Places(tmp_path, tmp_path).main == main


def test_the_block_of_an_address(tmp_path):
    (tmp_path / "main.tf").write_text('# x\nmodule "m" {\n  source = "./m"\n}\nresource "a_b" "c" {\n}\n')
    places = Places(tmp_path, tmp_path)
    assert places.of("module.m[0].a_b.x") == "main.tf:2"
    assert places.of('a_b.c["k"]') == "main.tf:5"
    assert places.of("a_b.d") == ""

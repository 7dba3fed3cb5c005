"""One process answers many questions; what brings it down or hangs is told of that question alone."""

import json
import os
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from auditor.sources.code_options import BadCode, CodeOptions
from auditor.sources.terraform import evaluate, read
from auditor.sources.terraform.processes import Down, Late, Processes

# `die` ends it at once, `second` where it has answered before, `hang` never; `last` is its last answer.
PROGRAM = """\
    import json, os, sys, time
    answered = 0
    for line in sys.stdin:
        said = json.loads(line)
        if said == "die" or (said == "second" and answered):
            os._exit(1)
        if said == "half":
            print("ha", end="", flush=True)
            os._exit(0)
        if said == "hang":
            time.sleep(600)
        print(json.dumps([said, os.getpid(), os.environ.get("AWS_PROFILE"), os.environ["HOME"]]), flush=True)
        answered += 1
        if said == "last":
            break
"""


@pytest.fixture
def processes(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "production")
    program = tmp_path / "program.py"
    program.write_text(textwrap.dedent(PROGRAM))
    return Processes(program)


def ask(processes, said, seconds=60):
    return json.loads(processes.ask(said, seconds))


def test_one_process_answers_many_questions_without_credentials(processes):
    answers = [ask(processes, said) for said in range(20)]
    assert [said for said, *_ in answers] == list(range(20))
    ((pid, profile, home),) = {tuple(rest) for _, *rest in answers}
    assert profile is None
    assert pid != os.getpid()
    assert home != os.environ["HOME"]
    assert Path(home).is_dir()


@pytest.mark.parametrize("said", ["die", "half"])
def test_what_brings_a_process_down_is_told_and_the_next_question_answered(said, processes):
    first = ask(processes, 1)
    with pytest.raises(Down):
        processes.ask(said, 60)
    answered, pid, *_ = ask(processes, 2)
    assert answered == 2
    assert pid != first[1]
    assert not Path(first[3]).exists()


def test_what_brings_down_only_a_used_process_is_answered_by_a_new_one(processes):
    assert [ask(processes, said)[0] for said in (1, "second", "last", 2)] == [1, "second", "last", 2]


def test_what_hangs_is_ended(processes):
    ask(processes, 1)
    with pytest.raises(Late):
        processes.ask("hang", 0.5)
    assert ask(processes, 2)[0] == 2


def test_every_thread_gets_its_own_answer(processes):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda said: ask(processes, said)[0], range(60)))
    assert answers == list(range(60))


def test_trees_that_are_evaluated_one_after_another_know_nothing_of_each_other(tmp_path, monkeypatch):
    alone = Processes(evaluate.EVALUATORS.program)
    monkeypatch.setattr("auditor.sources.terraform.evaluate.EVALUATORS", alone)
    texts = [
        f'locals {{\n  n = "g{n}"\n}}\nresource "aws_cloudwatch_log_group" "g" {{\n  name = %s\n}}\n' for n in range(4)
    ]
    expected = []
    for at, text in enumerate(texts):
        (tmp_path / str(at)).mkdir()
        (tmp_path / str(at) / "main.tf").write_text(text % ("local.n" if at != 2 else "local.n\n}}"))
        expected.append([f"g{at}"] if at != 2 else "refused")
    found = []
    for at in (*range(4), *range(4)):
        try:
            every = read(tmp_path / str(at), CodeOptions()).resources
            found.append([each.properties["LogGroupName"] for each in every])
        except BadCode:
            found.append("refused")
    assert found == expected * 2

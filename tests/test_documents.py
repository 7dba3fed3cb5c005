"""How documents are read: sections by number or title, and what is left of a line without its syntax."""

from tests.documents import headings, sections, statements

NUMBERED = ["# A", "before", "## 1. First", "a", "## 2. Second", "### 2.1 Inside", "b"]
TITLED = [
    "# A",
    "before",
    "## Costs",
    "a",
    "### 1. Inside",
    "b",
    "```bash",
    "## no heading",
    "```",
    "## ⚠️ 보안 설정 ",
    "c",
]


def test_sections_are_cited_by_number_where_they_have_one():
    assert headings(NUMBERED) == {3: "1", 5: "2"}
    assert sections(NUMBERED) == {1: "0", 2: "0", 3: "1", 4: "1", 5: "2", 6: "2", 7: "2"}


def test_sections_without_a_number_are_cited_by_title():
    assert headings(TITLED) == {3: "Costs", 10: "⚠️ 보안 설정"}
    assert [sections(TITLED)[line] for line in (2, 4, 6, 8, 11)] == ["0", "Costs", "Costs", "Costs", "⚠️ 보안 설정"]


def test_a_section_s_own_heading_states_nothing_and_others_do():
    stated = dict(statements(TITLED))
    assert not {3, 10} & set(stated)
    assert stated[5] == "Inside"

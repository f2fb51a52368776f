"""The table of rules: the built-in rows, a state's own, and files that cannot be used."""

from pathlib import Path

import pytest

from portico.minors.table import BadRules, rule_book

STATE = """
[states]
bronx = "NY"

[[rule]]
where = "NY"
ages = [16, 17]
pay = ["paid"]
source = "NY Labor Law 143"
school_day_hours = 4
latest = 22:00:00
"""


@pytest.fixture
def file(settings: object, tmp_path: Path) -> Path:
    path = tmp_path / "rules.toml"
    settings.MINORS_RULES = str(path)  # type: ignore[attr-defined]
    return path


def test_the_federal_rows_are_built_in() -> None:
    book = rule_book()
    sources = {
        age: [rule.source for rule in book.rules_for(age=age, pay="paid", region="bronx")]
        for age in (13, 14, 15, 16, 17, 18)
    }
    assert sources == {
        13: ["29 CFR 570.2 and 570.119"],
        14: ["29 CFR 570.35"],
        15: ["29 CFR 570.35"],
        16: ["29 CFR 570 subpart E"],
        17: ["29 CFR 570 subpart E"],
        18: [],
    }
    assert book.rules_for(age=15, pay="unpaid", region="bronx") == []


def test_a_states_rows_are_for_the_regions_that_lie_in_it(file: Path) -> None:
    file.write_text(STATE)
    book = rule_book()
    bronx = [rule.where for rule in book.rules_for(age=16, pay="paid", region="bronx")]
    elsewhere = [rule.where for rule in book.rules_for(age=16, pay="paid", region="queens")]
    assert (bronx, elsewhere) == (["US", "NY"], ["US"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[[rule", "rules.toml"),
        ('[[rule]]\nwhere = "NY"\nages = [14]\npay = []\nsource = "s"', "rule 1"),
        ('[[rule]]\nwhere = "NY"\nages = [14, 15]\nsource = "s"', "pay"),
        (STATE + "nights = 3", "nights"),
    ],
)
def test_a_file_that_cannot_be_used_says_where(file: Path, content: str, said: str) -> None:
    file.write_text(content)
    with pytest.raises(BadRules, match=said):
        rule_book()


def test_a_file_that_is_not_there_says_so(file: Path) -> None:
    with pytest.raises(BadRules, match=r"rules\.toml"):
        rule_book()

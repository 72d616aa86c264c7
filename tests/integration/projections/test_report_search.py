from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import inspect

from countersign.aggregates.sought import Part, Sought
from countersign.projections.building.placing import placed
from countersign.projections.catalogue import projection_named
from countersign.projections.following.runner import Runner
from countersign.projections.keyset import BadCursor
from countersign.projections.search.report_search import dress, texts
from countersign.projections.search.report_search_index import Offer, offer_of
from countersign.projections.search.report_search_queries import (
    Found,
    Passage,
    search,
    suggestions,
)
from tests.integration.projections.conftest import MakeRunner
from tests.integration.projections.desk import Desk
from tests.integration.projections.journal import BEGIN, ENGINEER, MANAGER
from tests.integration.projections.story import Story

SIGNALS = [
    {"id": "r1", "tag": "AI_1_3_07", "description": "Flow transmitter", "result": "", "comment": ""},
    {"id": "r2", "tag": "DO_2_1_11", "description": "Vanne d'entrée", "result": "pass", "comment": "leaks"},
]
DEVICES = [{"id": "1", "device_name": "PLC-04", "ip_address": "192.168.20.7", "comment": ""}]


@pytest.fixture
def runner(make_runner: MakeRunner) -> Runner:
    return make_runner(projections=[projection_named("report_search"), projection_named("report_register")])


def sought(story: Story, runner: Runner, text: str, **wanted: object) -> Found:
    runner.catch_up()
    return search(story.databases.read, Sought(text=text, **wanted))  # type: ignore[arg-type]


def numbers(found: Found) -> list[str]:
    return [row.document_number for row in found.page.rows]


def passage(found: Found) -> Passage:
    (passages,) = found.passages.values()
    return passages[0]


def pumps(story: Story, number: str = "SAT-2026-014", title: str = "Pumping station Łódź") -> UUID:
    report = story.report(number, title)
    story.section_saved(report, "analogue_inputs", SIGNALS)
    story.section_saved(report, "ip_records", DEVICES)
    story.section_saved(report, "purpose", {"text": "To show that the tank overflows never."})
    return report


FINDING = (
    "AI_1_3_07",
    "ai_1_3",
    "1_3_07",
    "3_07",
    "AI-1-3-07",
    "192.168.20.7",
    "192.168",
    "168.20",
    "SAT-2026-014",
    "2026-01",
    "014",
    "at-2026",
    "ump",
    "lodz",
    "ŁÓDŹ",
    "entree",
    "ENTRÉE vanne",
    "leaks pumping AI_1",
    '"tank" +(overflows)*',
    "water & co",
    "flow trans",
    "p",
)
NOT_FINDING = (
    "AI_1_3_08",
    "I_1_3_07",
    "pumping nowhere",
    "",
    "🚧",
    "***",
    "'; DROP TABLE x --",
    "\\",
    "%",
    "_",
    "8",
)


def test_a_report_is_found_by_what_it_says_and_by_nothing_else(story: Story, runner: Runner) -> None:
    pumps(story)
    story.report("FDS-9", "Something else", client="Nobody")
    for text in FINDING:
        assert numbers(sought(story, runner, text)) == ["SAT-2026-014"], text
    for text in NOT_FINDING:
        found = sought(story, runner, text)
        assert (found.page.rows, found.page.next_cursor, found.passages, found.total) == ((), None, {}, 0)


def test_numbers_come_before_titles_and_titles_before_contents(story: Story, runner: Runner) -> None:
    in_section = story.report("FDS-1", "One")
    story.section_saved(in_section, "purpose", {"text": "As in pump-7 before."})
    story.report("FDS-2", "Of pump-7")
    story.report("PUMP-70", "Three")
    story.report("PUMP-7", "Four")
    story.report("FDS-3", "Five", header={"document_title": "Five", "prepared_by": "Pump-7 team"})
    found = sought(story, runner, "pump-7")
    assert numbers(found) == ["PUMP-7", "PUMP-70", "FDS-2", "FDS-3", "FDS-1"]
    assert [row.score for row in found.page.rows] == sorted(
        (row.score for row in found.page.rows), reverse=True
    )


def test_a_single_letter_lifts_reports_but_is_not_needed(story: Story, runner: Runner) -> None:
    for number, title in (("A-1", "Tank 3"), ("B-1", "Tank"), ("C-1", "Tank 30")):
        story.report(number, title)
    assert numbers(sought(story, runner, "tank 3")) == ["A-1", "C-1", "B-1"]
    assert numbers(sought(story, runner, "3")) == ["A-1", "C-1"]


def test_only_what_stands_there_now_is_found(story: Story, runner: Runner) -> None:
    report = pumps(story)
    runner.catch_up()
    story.tested(report, "analogue_inputs", "r2", "pass", "fail", comment="bearing hot")
    story.header_changed(
        report, document_title=("", "Booster"), client_name=("", "Aqua"), note=("", "urgent")
    )
    story.section_saved(report, "purpose", {"text": ""})
    runner.catch_up()
    for text in ("bearing", "booster", "aqua", "urgent", "fail"):
        assert numbers(sought(story, runner, text)) == ["SAT-2026-014"], text
    for text in ("leaks", "pumping", "water", "tank"):
        assert numbers(sought(story, runner, text)) == [], text
    story.section_saved(report, "analogue_inputs", SIGNALS[:1])
    assert numbers(sought(story, runner, "bearing")) == []
    assert numbers(sought(story, runner, "AI_1_3_07")) == ["SAT-2026-014"]


def test_a_large_section_is_found_in_its_blob_and_may_shrink(story: Story, runner: Runner) -> None:
    report = story.report()
    rows = [
        {"id": f"r{n}", "tag": f"DI_{n // 16}_{n % 16}", "result": "", "comment": ""} for n in range(2_000)
    ]
    story.section_saved(report, "digital_inputs", rows, ref="yes")
    found = sought(story, runner, "DI_124_15")
    assert passage(found).excerpt.line == "r1999"
    story.tested(report, "digital_inputs", "r1999", "", "fail", comment="broken wire")
    assert passage(sought(story, runner, "broken")).excerpt.text == "DI_124_15 · fail · broken wire"
    story.section_saved(report, "digital_inputs", rows[:3])
    assert numbers(sought(story, runner, "DI_124_15")) == []
    assert numbers(sought(story, runner, "DI_0_2")) == ["SAT-1"]


def test_passages_say_where_it_was_found(story: Story, runner: Runner) -> None:
    pumps(story)
    told = passage(sought(story, runner, "entree leaks"))
    assert (told.section, told.excerpt.line) == ("analogue_inputs", "r2")
    assert told.excerpt.text == "DO_2_1_11 · Vanne d'entrée · pass · leaks"
    assert [told.excerpt.text[at : at + size] for at, size in told.excerpt.highlights] == ["entrée", "leaks"]


def test_the_part_of_the_report_and_the_filters_narrow_it_down(story: Story, runner: Runner) -> None:
    pumps(story)
    other = story.report("SAT-2", "Pumping", client="Other", owner=MANAGER, report_type="FAT")
    story.submitted(other)
    both = {"SAT-2", "SAT-2026-014"}
    assert set(numbers(sought(story, runner, "pumping"))) == both
    for text, wanted, expected in (
        ("pumping", {"part": Part.HEADER}, both),
        ("pumping", {"part": Part.SECTION}, set()),
        ("tank", {"part": Part.SECTION}, {"SAT-2026-014"}),
        ("tank", {"part": Part.HEADER}, set()),
        ("pumping", {"owner": ENGINEER}, {"SAT-2026-014"}),
        ("pumping", {"report_type": "FAT"}, {"SAT-2"}),
        ("pumping", {"status": "in_review"}, {"SAT-2"}),
        ("pumping", {"client_name": "Other"}, {"SAT-2"}),
        ("pumping", {"project_reference": "P-2"}, set()),
        ("pumping", {"since": BEGIN}, both),
        ("pumping", {"before": BEGIN}, set()),
    ):
        assert set(numbers(sought(story, runner, text, **wanted))) == expected, (text, wanted)


def test_pages_follow_one_another_and_the_total_counts_all(story: Story, runner: Runner) -> None:
    for number in range(7):
        story.report(f"SAT-{number}", f"Pump {'pump-x' * (number % 2)}")
    runner.catch_up()
    seen: list[str] = []
    cursor = None
    while True:
        found = search(story.databases.read, Sought(text="pump"), cursor=cursor, limit=3)
        assert found.total == 7
        seen += numbers(found)
        cursor = found.page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7
    with pytest.raises(BadCursor):
        search(story.databases.read, Sought(text="pump"), cursor="nonsense")


def test_suggestions_are_of_numbers_and_titles(story: Story, runner: Runner) -> None:
    pumps(story)
    story.report("SAT-2", "Tank farm", owner=MANAGER)
    runner.catch_up()
    read = story.databases.read

    def suggested(text: str, owner: UUID | None = None) -> list[str]:
        return [each.document_number for each in suggestions(read, text, owner)]

    assert suggested("sat-2") == ["SAT-2", "SAT-2026-014"]
    assert suggested("sat tank") == ["SAT-2"]
    assert suggested("s") == ["SAT-2", "SAT-2026-014"]
    assert suggested("sat", MANAGER) == ["SAT-2"]
    assert suggested("AI_1_3") == suggested("?!") == []


QUESTIONS = ("AI_1_3_07", "3_07", "ump", "lodz", "leaks pumping", "at-2026", "do", "p")


def answers(story: Story) -> list[Found]:
    return [search(story.databases.read, Sought(text=text)) for text in QUESTIONS]


def test_without_indexes_the_same_is_found(story: Story, runner: Runner) -> None:
    pumps(story)
    story.report("FDS-9", "Something else", client="Nobody")
    runner.catch_up()
    quick = answers(story)
    assert all(found.total == 1 for found in quick)
    with story.databases.read.write() as connection:
        if connection.dialect.name == "sqlite":
            for fts in ("report_search_v1_begin", "report_search_v1_within"):
                for name in ("come", "go", "change"):
                    connection.exec_driver_sql(f"DROP TRIGGER {fts}_{name}")
                connection.exec_driver_sql(f"DROP TABLE {fts}")
        else:
            connection.exec_driver_sql("DROP EXTENSION pg_trgm CASCADE")
            connection.exec_driver_sql("DROP INDEX report_search_v1_begin")
    assert answers(story) == quick


def test_tables_can_be_dressed_again_and_leave_nothing_of_those_that_are_gone(
    story: Story, runner: Runner
) -> None:
    pumps(story)
    runner.catch_up()
    before = answers(story)
    gone = placed(projection_named("report_search"), "_b2")[texts]
    with story.databases.read.write() as connection:
        gone.create(connection)
        dress(connection, {texts: gone})
        gone.drop(connection)
        dress(connection, {texts: texts})
    assert answers(story) == before
    with story.databases.read.read() as connection:
        assert not [name for name in inspect(connection).get_table_names() if "_b2" in name]
    story.report("SAT-3", "Pump three")
    assert set(numbers(sought(story, runner, "pump"))) == {"SAT-3", "SAT-2026-014"}


def test_after_a_rebuild_the_same_is_found_and_what_comes_later_too(
    story: Story, make_runner: MakeRunner, desk: Desk
) -> None:
    projections = [projection_named("report_search"), projection_named("report_register")]
    runner = make_runner(projections=projections)
    pumps(story)
    runner.catch_up()
    before = answers(story)
    runner.release()
    rebuilt = desk.rebuild(projection_named("report_search"))

    assert desk.live("report_search").build == rebuilt.build == 2
    assert answers(story) == before
    with story.databases.read.read() as connection:
        assert offer_of(connection) == Offer(
            vectors=connection.dialect.name == "postgresql",
            full_text="report_search_v1_b2" if connection.dialect.name == "sqlite" else None,
        )
    story.report("SAT-3", "Pump three")
    next_runner = make_runner("second", projections=projections)
    assert set(numbers(sought(story, next_runner, "pump"))) == {"SAT-3", "SAT-2026-014"}

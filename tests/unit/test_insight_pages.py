"""The pages with figures: who may see which, both languages, and a picture that tells the table."""

import csv
import io
import json
import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sync.central.casework.models import Office
from sync.central.insight import chart, open_figures, period, ranking
from sync.central.insight.open_figures import Measure, OpenFigures, State
from sync.central.insight.places import Country
from sync.central.insight.ranking import Centre, Part
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import Device
from sync.central.security import POLICY
from sync.records import Status
from tests import residence
from tests.counted_cases import NAMBAK, at, case, cases, complaint, feedback
from tests.officers import browser, browser_of, new_officer, text_of
from tests.paper_kiosk import PaperKiosk
from tests.sample_service import OFFICE, SERVICE

PAGE = "/office/insight/"
RANKING = f"{PAGE}ranking"
JULY = date(2026, 7, 6)
PERIOD = "period=2026-Q3"
pytestmark = pytest.mark.usefixtures("central")


def analyst(language: str = "en") -> Client:
    """Somebody who belongs to no office and sees the nation."""
    user, is_new = User.objects.get_or_create(username="analyst", first_name="ນາງ ວິໄຊ")
    if is_new:
        user.groups.add(Group.objects.get(name="analysts"))
    hers = browser(language)
    hers.force_login(user)
    return hers


def supervisor(office: str = OFFICE) -> Client:
    officer = new_officer(f"supervisor-{office}", office)
    officer.is_supervisor = True
    officer.save()
    return browser_of(officer)


def sees(somebody: Client, at_: str = "", query: str = PERIOD) -> int:
    return somebody.get(f"{PAGE}?at={at_}&{query}").status_code


def applications(count: int, late: int = 0, **fields: object) -> None:
    cases(count - late, JULY, Status.APPROVED, JULY + timedelta(days=1), **fields)  # type: ignore[arg-type]
    cases(late, JULY, Status.APPROVED, JULY + timedelta(days=10), **fields)  # type: ignore[arg-type]


def test_each_sees_her_part_of_the_country() -> None:
    officer = browser_of(new_officer())
    assert [sees(officer, one) for one in ("", OFFICE)] == [200, 200]
    for other in ("LA", "LA01", "LA0106", NAMBAK, "la-vte-xaythany-village", "LA99", "x"):
        assert sees(officer, other) == 404
    hers = supervisor()
    for one in ("", "LA0106", OFFICE, "la-vte-xaythany-village"):
        assert sees(hers, one) == 200
    assert [sees(hers, one) for one in ("LA", "LA01", "LA0101", NAMBAK)] == [404] * 4
    assert [sees(analyst(), one) for one in ("", "LA", "LA06", "LA0605", NAMBAK)] == [200] * 5
    nobody = browser()
    nobody.force_login(User.objects.create(username="nobody"))
    assert nobody.get(PAGE).status_code == 403
    assert browser().get(PAGE).status_code == 302
    assert [one.get(RANKING).status_code for one in (nobody, browser())] == [403, 302]


def test_an_analyst_is_led_to_the_figures_when_she_signs_in() -> None:
    assert analyst().get("/office/sign-in").headers["Location"] == PAGE
    assert browser_of(new_officer()).get("/office/sign-in").headers["Location"] == "/office/"


def test_the_page_keeps_the_policy_and_out_of_caches() -> None:
    answer = analyst().get(PAGE)
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert "no-store" in answer.headers["Cache-Control"]
    page = text_of(answer)
    assert "<script" not in page
    assert "<style" not in page
    assert " style=" not in page


def dots(page: str) -> dict[str, tuple[int, int]]:
    found = re.findall(r'<circle cx="(\d+)" cy="(\d+)".*?<text[^>]*>([^<]+)</text>', page)
    return {label: (int(x), int(y)) for x, y, label in found}


def test_a_dot_lies_where_the_table_says() -> None:
    applications(20, late=5)
    feedback(JULY, *[4] * 9, *[1] * 3)
    page = text_of(analyst().get(f"{PAGE}?{PERIOD}"))
    row = re.search(r'<td class="number rank">1</td>.*?</tr>', page)
    assert row
    on_time, satisfied = (int(one) for one in re.findall(r">(\d+) %<", row[0]))
    assert (on_time, satisfied) == (75, 75)
    assert re.findall(r"n = (\d+)", row[0]) == ["20", "12"]
    assert dots(page) == {"1": (chart.x_of(on_time), chart.y_of(satisfied))}
    assert "Not in the picture" not in page


def test_services_with_the_same_figures_share_a_dot() -> None:
    drawn = chart.draw([chart.Point(2, 50, 90), chart.Point(1, 50, 90), chart.Point(3, 0, 100)])
    assert [(dot.label, dot.x, dot.y) for dot in drawn.dots] == [
        ("3", chart.LEFT, chart.TOP),
        ("1, 2", chart.LEFT + 200, chart.TOP + 40),
    ]


def test_no_label_lies_on_another_or_on_a_dot() -> None:
    near = [chart.Point(number, 96 + number // 3, 96 + number % 5) for number in range(12)]
    drawn = chart.draw(near).dots
    for dot in drawn:
        for other in drawn:
            apart_x, apart_y = abs(dot.label_x - other.label_x), abs(dot.label_y - other.label_y)
            assert dot is other or apart_x >= dot.half_width + other.half_width or apart_y >= 26
            assert abs(dot.label_x - other.x) >= dot.half_width + 6 or (
                abs(dot.label_y - other.y) >= 13 + 6
            )


def test_what_is_missing_is_drawn_as_missing() -> None:
    applications(3)
    feedback(JULY, *[4] * 9)
    page = text_of(analyst().get(f"{PAGE}?{PERIOD}"))
    assert dots(page) == {}
    assert "Not in the picture, because a figure is missing:</strong> 1" in page
    assert "kept back: under 10 here or beside it" in page
    assert "kiosks do not report it yet" in page
    empty = text_of(analyst().get(f"{PAGE}?period=2020"))
    assert "Nothing was counted in this time." in empty
    assert re.search(r"With a clerk&#x27;s help.*?none in this time", empty)


def test_a_loss_is_alarmed() -> None:
    PaperKiosk(CentralServer())
    Device.objects.update(told_recorded=5, told_waiting=2)
    page = text_of(supervisor().get(PAGE))
    assert 'role="alert"' in page
    assert "difference 3" in page
    Device.objects.update(told_recorded=2)
    assert 'role="alert"' not in text_of(analyst().get(PAGE))


def test_both_languages_are_spoken() -> None:
    applications(12)
    for address, lao in (
        (PAGE, "ທັນເວລາ"),
        (RANKING, "ຈັດອັນດັບ"),
        ("/statistics", "ຕົວເລກ"),
        ("/statistics/method", "ຕົວເລກ"),
    ):
        assert lao in text_of(analyst("lo").get(f"{address}?{PERIOD}"))
        english = text_of(analyst("en").get(f"{address}?{PERIOD}"))
        english = re.sub(r'<button class="language".*?</button>', "", english)
        assert not re.search(r"[\u0e80-\u0eff]", english.replace("ນາງ ວິໄຊ", ""))


def test_reasons_for_returns_are_in_words() -> None:
    residence.put_on_shelf()
    case(JULY, Status.RETURNED, JULY, reason="name-differs", service=residence.SERVICE)
    page = text_of(analyst().get(f"{PAGE}?{PERIOD}"))
    assert "The name differs from the family book · Residence certificate" in page
    assert "Sample data" in page


def test_more_cases_and_offices_ask_no_more_of_the_database() -> None:
    hers = analyst()
    applications(2)
    feedback(JULY, 4)
    complaint(JULY)
    assert sees(hers) == 200

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert sees(hers) == 200
            assert hers.get(f"{RANKING}?{PERIOD}").status_code == 200
        return len(queries)

    before = asked()
    for number in range(6):
        office = Office.objects.create(pk=f"more-{number}", name_lo="ຕົວຢ່າງ", district="LA0701")
        PaperKiosk(CentralServer(), office.pk)
        applications(2, office=office.pk, service=f"la.example.{number}")
        feedback(JULY, 4, office=office.pk)
        complaint(JULY, accused=office.pk)
    assert asked() == before
    assert before <= 40


def ranked(*shares: tuple[str, int, int, int], of: int = 100) -> list[tuple[str, int | None]]:
    centres = [
        Centre(name, Part(kept, of), Part(content, of), Part(right, of))
        for name, kept, content, right in shares
    ]
    return [(one.centre.office, one.rank) for one in ranking.rank(centres)]


def test_the_ranking_is_worked_out_as_its_page_says() -> None:
    best = Centre("a", Part(90, 100), Part(8, 10), Part(15, 30))
    assert best.points == 78  # 0.9 x 40 + 0.8 x 40 + 0.5 x 20
    assert ranked(("a", 50, 50, 50), ("b", 90, 90, 90), ("c", 50, 50, 50), ("d", 0, 0, 0)) == [
        ("b", 1),
        ("a", 2),
        ("c", 2),
        ("d", 4),
    ]
    assert ranked(("a", 20, 20, 20), of=29) == [("a", None)]
    few = Centre("a", Part(29, 29), Part(9, 9), Part(30, 30))
    assert few.lacks == ("on_time", "satisfied")


def test_the_ranking_s_page_names_its_method_and_who_has_too_few() -> None:
    applications(32, late=8)
    feedback(JULY, *[4] * 10)
    page = text_of(analyst().get(f"{RANKING}?{PERIOD}"))
    assert "On time: weight 40, of at least 30 cases" in page
    assert "Centres with the same points have the same rank" in page
    placed = re.search(r'<td class="number rank">1</td><th scope="row">([^<]+)</th>.*?</tr>', page)
    assert placed
    assert placed[1] == "Xaythany District One-Door Service Centre"
    assert '<strong class="number">90</strong>' in placed[0]  # 0.75 x 40 + 40 + 20
    assert re.search(r"Nambak District[^<]*</th>.*?On time, Satisfied, Right at the first", page)
    hers = text_of(browser_of(new_officer("other", NAMBAK)).get(f"{RANKING}?{PERIOD}"))
    assert "Xaythany" not in hers
    assert "1 centre of the whole country has a rank." in hers


def open_figures_of(written: str = "2026-Q3", today: date = date(2026, 11, 23)) -> OpenFigures:
    found = period.find(written)
    assert found is not None
    return OpenFigures(Country(Office.objects.all()), found, at(today))


def test_the_public_figures_hide_few_and_what_they_could_be_taken_from() -> None:
    applications(5)
    applications(40, service="la.example.second")
    applications(30, late=3, office=NAMBAK)
    applications(25, office=NAMBAK, service="la.example.second")
    found = open_figures_of()
    received = Measure.RECEIVED
    assert found.told(received).value == 100
    assert found.told(received, "LA01", SERVICE).state is State.SUPPRESSED
    assert found.told(received, "LA01", "la.example.second").state is State.SUPPRESSED
    assert found.told(received, "LA06", SERVICE).state is State.SUPPRESSED  # by its column
    assert found.told(Measure.ON_TIME).value == 97
    for _province, _service, measure, told in found.everything():
        if told.state is State.SHOWN and measure not in (received, Measure.COMPLAINTS):
            assert told.of is not None
            assert told.of >= 10


def test_the_public_page_shows_quarters_that_are_over() -> None:
    applications(20, late=2)
    complaint(JULY)
    page = text_of(browser("en").get("/statistics"))
    assert "Quarter 3 of 2026" in page
    assert '<strong class="number">20</strong>' in page
    assert '<strong class="number">90 %</strong> <span class="small quiet number">n = 20' in page
    assert '<strong class="number">1 day</strong>' in page
    assert "kept back" in page  # one complaint
    assert "Quarter 4 of 2026" not in page
    assert "/statistics/2026-Q3.csv" in page
    assert browser().get("/statistics?at=LA01").status_code == 200
    assert browser().get("/statistics?at=LA02").status_code == 404
    assert "/statistics" in text_of(browser().get("/"))


def test_without_a_quarter_that_is_over_there_are_no_figures() -> None:
    assert "There are no figures yet." in text_of(browser("en").get("/statistics"))
    assert browser().get("/statistics/2026-Q3.csv").status_code == 404
    case(date(2026, 7, 6))
    for written in ("2026-Q4", "2026-07", "2026", "2026-Q2", "2027-Q3", "x"):
        assert browser().get(f"/statistics/{written}.csv").status_code == 404
    assert open_figures.quarters(at(date(2026, 9, 30))) == []
    assert [str(one) for one in open_figures.quarters(at(date(2026, 10, 1)))] == ["2026-Q3"]


def test_open_data_is_the_same_in_both_forms_and_names_its_licence() -> None:
    applications(20, late=2)
    answer = browser().get("/statistics/2026-Q3.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert set(answer.headers["Cache-Control"].split(", ")) == {"public", "max-age=3600"}
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    told = json.loads(browser().get("/statistics/2026-Q3.json").content)
    assert told["licence"]["id"] == "CC-BY-4.0"
    assert told["dictionary"].endswith("/statistics/method")
    as_text = [
        {name: "" if value is None else str(value) for name, value in row.items()}
        for row in told["figures"]
    ]
    assert as_text == rows
    (total,) = [
        row
        for row in rows
        if (row["area"], row["service"], row["measure"])
        == ("LA", "all", "applications_on_time_percent")
    ]
    assert (total["value"], total["of"], total["state"]) == ("90", "20", "shown")
    assert 'rel="license"' in answer.headers["Link"]
    again = browser().get("/statistics/2026-Q3.csv", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_the_dictionary_names_every_measure_and_column() -> None:
    applications(20)
    page = text_of(browser("en").get("/statistics/method"))
    header = browser().get("/statistics/2026-Q3.csv").content.decode().splitlines()[0]
    for name in (*Measure, *header.split(",")):
        assert name in page
    assert "creativecommons.org/licenses/by/4.0/" in page

"""What a description says of steps and of services that belong together, and what is wrong."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from kiosk.forms import publish
from kiosk.forms.descriptor import ANY_DELAY, BadDescriptor, ServiceDescriptor, StepAction
from tests.sample_answers import BIRTH, CONSTRUCTION, FAMILY_BOOK, FOLDERS
from tests.workbooks import SERVICES


def written(service: str) -> dict[str, Any]:
    path = SERVICES / FOLDERS[service] / "descriptor.yaml"
    plain: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return plain


def read(data: dict[str, Any]) -> ServiceDescriptor:
    return ServiceDescriptor.from_json(data)


def test_steps_say_what_their_office_does() -> None:
    actions = [step.action for step in read(written(CONSTRUCTION)).workflow]
    assert actions == [StepAction.CONFIRM, StepAction.HAND_OVER, StepAction.DECIDE]


def test_each_step_leads_to_the_next_and_the_last_to_none() -> None:
    service = read(written(CONSTRUCTION))
    site_visit = service.step_after("village")
    assert site_visit is not None
    assert site_visit.id == "site-visit"
    assert service.step_after("decide") is None
    assert service.step_after("unheard-of") is None
    assert service.step("unheard-of") is None


def test_an_action_of_a_later_version_is_work_before_handing_over() -> None:
    data = written(BIRTH)
    data["workflow"]["steps"][0]["action"] = "sign-twice"
    assert read(data).workflow[0].action is StepAction.HAND_OVER


def test_steps_without_an_action_are_read_as_before() -> None:
    data = written(BIRTH)
    for step in data["workflow"]["steps"]:
        del step["action"]
    actions = [step.action for step in read(data).workflow]
    assert actions == [StepAction.HAND_OVER, StepAction.DECIDE]


def test_a_step_has_one_signatory_unless_it_says_two() -> None:
    assert [step.signatories for step in read(written(CONSTRUCTION)).workflow] == [1, 1, 2]
    data = written(CONSTRUCTION)
    del data["workflow"]["steps"][2]["signatories"]  # as an older description
    assert read(data).workflow[2].signatories == 1
    data["workflow"]["steps"][2]["signatories"] = 3
    with pytest.raises(BadDescriptor):
        read(data)


def test_reasons_for_approving_and_for_delays_are_read_and_a_delay_always_has_one() -> None:
    data = written(CONSTRUCTION)
    names = [reason.id for reason in read(data).reasons_for("approve")]
    assert names == ["keeps-the-rules", "with-conditions"]
    assert read(data).delay_reasons()[0].id == "road-closed"
    del data["reasons"]["delay"]
    assert read(data).delay_reasons() == (ANY_DELAY,)


def test_a_life_event_without_a_bundle_has_nothing_to_follow() -> None:
    data = written(BIRTH)
    del data["life_events"][0]["bundle"]
    assert read(data).following() == ()
    assert read(written(BIRTH)).following() == (FAMILY_BOOK,)


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        (("workflow", "steps", 0, "action"), "sign-twice", "There is no action 'sign-twice'"),
        (("workflow", "steps", 0, "decides"), True, "The last step decides, and no other."),
        (("workflow", "steps", 1, "action"), "confirm", "needs decides: true"),
        (("workflow", "steps", 0, "id"), "decide", "Two steps have the same id."),
        (("workflow", "steps", 0, "days"), 4, "The steps take 7 days, but 5 are promised."),
        (("workflow", "steps", 0, "signatories"), 2, "Only the step that decides can have two"),
        (("life_events", 0, "bundle"), [FAMILY_BOOK, BIRTH], "A bundle begins with this service"),
        (("life_events", 0, "bundle"), [BIRTH], "A bundle begins with this service"),
    ],
)
def test_what_is_wrong_with_steps_and_bundles_is_found(
    tmp_path: Path, place: tuple[str | int, ...], value: object, sentence: str
) -> None:
    folder = tmp_path / "birth"
    shutil.copytree(SERVICES / FOLDERS[BIRTH], folder)
    data: Any = written(BIRTH)
    inner = data
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    (folder / "descriptor.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    found = [str(finding) for finding in publish.check(folder)]
    assert any(sentence in words for words in found), found

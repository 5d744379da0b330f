"""ODK's tools read the published forms from a running central, as the OpenRosa standard says."""

import hashlib
import io
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import requests
import yaml

from kiosk.forms.compile import compile_form
from tests.central import RunningCentral, running_central
from tests.tones import tone
from tests.workbooks import SERVICES, folder_with, question, workbook

LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
SAMPLES = {"residence_certificate", "household_business"}
VILLAGES = "name,label::lo,label::en,label\nv1,ບ້ານໜຶ່ງ,First,First\nv2,ບ້ານສອງ,Second,Second\n"


@pytest.fixture(scope="module")
def central(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentral]:
    with running_central(tmp_path_factory.mktemp("openrosa")) as running:
        yield running


def asked(url: str, method: str = "GET", **query: str) -> requests.Response:
    """An answer as a client of ODK's asks for it."""
    headers = {"X-OpenRosa-Version": "1.0", "Date": "Thu, 26 Nov 2026 00:00:00 GMT"}
    answer = requests.request(method, url, headers=headers, params=query, timeout=60)
    assert answer.headers["X-OpenRosa-Version"] == "1.0"
    assert parsedate_to_datetime(answer.headers["Date"]).tzinfo is not None
    return answer


def listed(central: RunningCentral, **query: str) -> dict[str, dict[str, str]]:
    """The form list: what is said of each form, by its id."""
    answer = asked(f"{central.base_url}/openrosa/formList", **query)
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    top = ET.fromstring(answer.content)
    assert top.tag == f"{LIST}xforms"
    forms = [{part.tag.removeprefix(LIST): part.text or "" for part in form} for form in top]
    return {form["formID"]: form for form in forms}


def md5(data: bytes) -> str:
    return f"md5:{hashlib.md5(data).hexdigest()}"


def with_a_list(tmp_path: Path) -> Path:
    """A service whose form needs a CSV list and a recording."""
    form = workbook(
        [
            question("text", "full_name", **{"audio::Lao (lo)": "name_lo.wav"}),
            question("select_one_from_file villages.csv", "village"),
        ]
    )
    folder = folder_with(tmp_path, form)
    (folder / "media").mkdir()
    (folder / "media" / "villages.csv").write_text(VILLAGES, "utf-8")
    (folder / "media" / "name_lo.wav").write_bytes(tone())
    described = yaml.safe_load((folder / "descriptor.yaml").read_text("utf-8"))
    described |= {"id": "la.example.with-list", "evidence": []}
    (folder / "descriptor.yaml").write_text(yaml.safe_dump(described, allow_unicode=True), "utf-8")
    return folder


def test_the_list_names_every_published_form_with_its_hash(central: RunningCentral) -> None:
    forms = listed(central)
    assert set(forms) >= SAMPLES
    for form in forms.values():
        xml = asked(form["downloadUrl"]).content
        assert form["hash"] == md5(xml)
        definition = compile_form(xml) if "manifestUrl" not in form else None
        if definition is not None:
            assert (form["formID"], form["version"]) == (definition.id, definition.version)
            assert form["name"] == definition.title


def test_what_people_say_is_no_form_to_fill_in_elsewhere(central: RunningCentral) -> None:
    forms = listed(central)
    assert len(forms) >= 6
    assert not {"complaint", "sdg_16_6_2"} & set(forms)
    feedback = f"{central.base_url}/openrosa/forms/la.sia.complaint/2026.11.1/form.xml"
    assert requests.get(feedback, timeout=60).status_code == 404


def test_one_form_can_be_asked_for_and_told_of_at_length(central: RunningCentral) -> None:
    forms = listed(central, formID="household_business", verbose="true")
    assert set(forms) == {"household_business"}
    at_length = forms["household_business"]["descriptionText"]
    in_short = listed(central)["household_business"]["descriptionText"]
    assert at_length.endswith(in_short)
    assert len(at_length) > len(in_short)
    assert "ສົ່ງຈາກນີ້ບໍ່ໄດ້" in in_short


def test_the_list_may_be_asked_for_without_its_body(central: RunningCentral) -> None:
    answer = asked(f"{central.base_url}/openrosa/formList", "HEAD")
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_form_s_lists_are_named_with_their_hashes_and_can_be_fetched(
    central: RunningCentral, tmp_path: Path
) -> None:
    central.run("publish", str(with_a_list(tmp_path)))
    form = listed(central)["a_form"]
    manifest = ET.fromstring(asked(form["manifestUrl"]).content)
    assert manifest.tag == f"{MANIFEST}manifest"
    recording, file = manifest
    heard = asked(recording.findtext(f"{MANIFEST}downloadUrl") or "")
    assert (heard.headers["Content-Type"], heard.content) == ("audio/wav", tone())
    assert file.findtext(f"{MANIFEST}filename") == "villages.csv"
    data = asked(file.findtext(f"{MANIFEST}downloadUrl") or "").content
    assert data.decode() == VILLAGES
    assert file.findtext(f"{MANIFEST}hash") == md5(data)
    compiled = compile_form(asked(form["downloadUrl"]).content, {"villages.csv": data})
    assert compiled.id == "a_form"


def test_what_only_some_kiosks_try_out_is_not_listed(
    central: RunningCentral, tmp_path: Path
) -> None:
    before = listed(central)["household_business"]
    folder = folder_with(
        tmp_path, (SERVICES / "household-business" / "form.xlsx").read_bytes(), "household-business"
    )
    central.run("publish", str(folder), "--version", "2026.12.1", "--ring", "first")
    assert listed(central)["household_business"] == before
    tried_out = before["downloadUrl"].replace("2026.11.1", "2026.12.1")
    assert requests.get(tried_out, timeout=60).status_code == 404


def test_nothing_can_be_handed_in_there(central: RunningCentral) -> None:
    answer = requests.post(
        f"{central.base_url}/openrosa/formList",
        files={"xml_submission_file": io.BytesIO(b"<data/>")},
        timeout=60,
    )
    assert answer.status_code in {403, 405}
    door = f"{central.base_url}/openrosa/submission"
    assert requests.head(door, timeout=60).status_code == 403
    sent = requests.post(door, files={"xml_submission_file": io.BytesIO(b"<data/>")}, timeout=60)
    assert sent.status_code == 403
    assert "ສົ່ງຈາກນີ້ບໍ່ໄດ້" in (ET.fromstring(sent.content)[0].text or "")

"""Settings: where the database is, which catalogues are compiled, which sentences are found."""

import gettext
import io
import os
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import write_po

from sync.central.database import BadDatabase, database_from_url
from sync.central.secret_key import make_secret_key, read_secret_key
from sync.central.translations import compile_stale


def test_postgresql_is_one_address_away() -> None:
    settings = database_from_url(
        "postgresql://kiosk:p%40ss@db.example:5433/central?sslmode=require"
    )
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    names = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    assert [settings[name] for name in names] == ["central", "kiosk", "p@ss", "db.example", "5433"]
    assert settings["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize("url", ["mysql://a/b", "postgresql://host", "central.sqlite3"])
def test_another_database_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(BadDatabase, match="must read postgresql://"):
        database_from_url(url)


def test_a_secret_key_is_made_once(tmp_path: Path) -> None:
    make_secret_key(tmp_path)
    first = read_secret_key(tmp_path)
    make_secret_key(tmp_path)
    assert read_secret_key(tmp_path) == first
    assert len(first) >= 50


def write_catalogue(locales: Path, text: str) -> Path:
    catalogue = Catalog(locale="lo", domain="django", fuzzy=False)
    catalogue.add("Status", text)
    path = locales / "lo" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        write_po(target, catalogue)
    return path


def translated(locales: Path) -> str:
    return gettext.translation("django", locales, ["lo"]).gettext("Status")


def test_a_changed_catalogue_is_compiled_again_and_an_unchanged_one_is_not(tmp_path: Path) -> None:
    write_catalogue(tmp_path, "ສະຖານະ")
    assert compile_stale(tmp_path, ["lo"]) == ["lo"]
    assert compile_stale(tmp_path, ["lo"]) == []
    path = write_catalogue(tmp_path, "ໃໝ່")
    later_ns = path.stat().st_mtime_ns + 10**9
    os.utime(path, ns=(later_ns, later_ns))
    assert compile_stale(tmp_path, ["lo"]) == ["lo"]
    gettext._translations.clear()  # type: ignore[attr-defined]
    assert translated(tmp_path) == "ໃໝ່"


def test_a_language_without_a_catalogue_gets_an_empty_one(tmp_path: Path) -> None:
    assert compile_stale(tmp_path, ["lo"]) == ["lo"]
    gettext._translations.clear()  # type: ignore[attr-defined]
    assert translated(tmp_path) == "Status"


def test_sentences_of_a_template_are_found() -> None:
    template = """{% load i18n %}
    <h1>{% translate "Your application" %}</h1>
      {% blocktranslate trimmed with name=service %}
        You asked for
        {{ name }}.
      {% endblocktranslate %}
    {% blocktranslate count days=n %}one day{% plural %}{{ days }} days{% endblocktranslate %}
    """
    keywords = {"gettext": None, "ngettext": (1, 2)}
    found = extract(
        "sync.central.extract:extract_template", io.BytesIO(template.encode()), keywords
    )
    assert [message for _line, message, *_rest in found] == [
        "Your application",
        "You asked for %(name)s.",
        ("one day", "%(days)s days"),
    ]

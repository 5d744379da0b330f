"""A real Chromium without a window, in a profile of its own, of a phone's or a desk's size.

Debian's is used, or whatever `chromedriver` on the PATH steers. Ubuntu has Chromium only as a snap,
which cannot be steered in a container and does not see our folders: there, and only there, tests
that need a browser are skipped when no other was installed.
"""

import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import (
    ElementNotInteractableException,
    InvalidElementStateException,
    JavascriptException,
    NoSuchElementException,
    StaleElementReferenceException,
)
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

PHONE = (360, 740)
DESK = (1280, 800)
WAIT_S = 60  # on a busy machine; nothing is measured by it
_SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


_NOT_YET = (  # what is raised while one page gives way to the next
    ElementNotInteractableException,
    InvalidElementStateException,
    JavascriptException,
    NoSuchElementException,
    StaleElementReferenceException,
)


class Reader:
    """A person at a browser: finds things by the words on them."""

    def __init__(self, driver: webdriver.Chrome, base_url: str) -> None:
        self.driver = driver
        self.base_url = base_url

    def opens(self, address: str) -> None:
        """Type an address."""
        self.driver.get(self.base_url + address)

    def resizes(self, size: tuple[int, int]) -> None:
        """Hold a device of that many CSS pixels."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False},
        )

    def presses(self, words: str) -> None:
        """Press the button or link with these words; the main part's before the frame's."""
        named = f'*[self::a or self::button][normalize-space()="{words}"]'

        def press(driver: webdriver.Chrome) -> bool:
            found = driver.find_elements(By.XPATH, f"//main//{named}")
            found = found or driver.find_elements(By.XPATH, f"//{named}")
            if found:
                found[0].click()
            return bool(found)

        self._wait(press, f"There is nothing to press that reads {words!r}.")

    def writes(self, name: str, words: str) -> None:
        """Fill in a field."""

        def write(driver: webdriver.Chrome) -> bool:
            field = driver.find_element(By.NAME, name)
            field.clear()
            field.send_keys(words)
            return True

        self._wait(write, f"There is no field {name!r} to write in.")

    def chooses(self, words: str) -> None:
        """Choose by the label's words."""

        def choose(driver: webdriver.Chrome) -> bool:
            driver.find_element(By.XPATH, f'//label[normalize-space()="{words}"]').click()
            return True

        self._wait(choose, f"There is no choice {words!r}.")

    def reads(self) -> str:
        """All words that are visible."""
        return str(self.driver.execute_script("return document.body.innerText"))

    def waits_for(self, words: str) -> None:
        """Wait until these words are visible."""
        self._wait(lambda _driver: words in self.reads(), f"{words!r} does not appear.")

    def waits_to_see(self, selector: str) -> None:
        """Wait until an element of a CSS selector is visible."""
        self._wait(lambda _driver: bool(self.sees(selector)), f"{selector} does not appear.")

    def sees(self, selector: str) -> list[WebElement]:
        """The visible elements of a CSS selector."""
        found = self.driver.find_elements(By.CSS_SELECTOR, selector)
        return [element for element in found if element.is_displayed()]

    def width_too_much(self) -> int:
        """By how many pixels the page is wider than the window."""
        script = "return document.documentElement.scrollWidth - window.innerWidth"
        return int(self.driver.execute_script(script))

    def complaints(self) -> list[str]:
        """What the browser's console complained of since the last time."""
        return self._log("browser")

    def requested(self) -> list[str]:
        """Everything that left the browser: addresses and bodies."""
        return self._log("performance")

    def _wait(self, until: Callable[[webdriver.Chrome], bool], otherwise: str) -> None:
        """Wait while pages come and go."""
        WebDriverWait(self.driver, WAIT_S, ignored_exceptions=_NOT_YET).until(until, otherwise)

    def _log(self, kind: str) -> list[str]:
        entries = self.driver.get_log(kind)  # type: ignore[no-untyped-call]  # selenium's gap
        return [str(entry["message"]) for entry in entries]


@contextmanager
def open_browser(base_url: str, size: tuple[int, int] = DESK) -> Iterator[Reader]:
    """A browser that is closed, and its profile removed, when the context ends."""
    steering = _steering()
    profile = Path(tempfile.mkdtemp(prefix="chromium-"))
    options = webdriver.ChromeOptions()
    if browser := shutil.which("chromium"):
        options.binary_location = browser
    for switch in (*_SWITCHES, f"--user-data-dir={profile}"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options, Service(steering))
    reader = Reader(driver, base_url)
    try:
        reader.resizes(size)
        yield reader
    finally:
        driver.quit()
        shutil.rmtree(profile, ignore_errors=True)


def _steering() -> str:
    """The program that steers the browser."""
    found = shutil.which("chromedriver")
    if found is None:
        if platform.freedesktop_os_release().get("ID") == "ubuntu":
            pytest.skip("Ubuntu's Chromium is a snap: install Google Chrome and its chromedriver.")
        raise FileNotFoundError("There is no chromedriver. Install it: .ci/system-packages test")
    return found

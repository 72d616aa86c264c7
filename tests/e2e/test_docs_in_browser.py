"""Somebody who has only a browser: signs in and begins a report on the documentation page."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import (
    element_to_be_clickable,
    presence_of_element_located,
)
from selenium.webdriver.support.ui import WebDriverWait

from countersign.aggregates.role import Role
from countersign.cli.demo.people import cast
from tests.e2e.served_job import ServedJob

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
PATIENCE_S = 60
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1400,2000",
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (BROWSER and DRIVER), reason="NO CHROMIUM: install chromium and chromedriver to run this test"
    ),
    pytest.mark.parametrize("redis_of_job", ["sqlite"], indirect=True, scope="module"),
]


class DocsPage:
    """The page under /docs, as far as its reader uses it."""

    def __init__(self, browser: Chrome, url: str) -> None:
        self._browser = browser
        self._wait = WebDriverWait(browser, PATIENCE_S)
        browser.get(f"{url}/docs")

    def try_out(self, subject: str, method: str, path: str, body: Any) -> Any:
        """Open a subject and send one of its requests with that body; the decoded answer."""
        self._find(f"//h3[@data-tag='{subject}']").click()
        block = self._find(f"//div[contains(@class, 'opblock-{method}')][.//span[@data-path='{path}']]")
        self._click(block, ".opblock-summary-control")
        self._click(block, ".try-out__btn")
        field = WebDriverWait(block, PATIENCE_S).until(
            lambda part: part.find_element(By.TAG_NAME, "textarea")
        )
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(json.dumps(body))
        self._click(block, ".execute")
        shown = WebDriverWait(block, PATIENCE_S).until(
            lambda part: part.find_element(By.CSS_SELECTOR, ".live-responses-table .highlight-code code")
        )
        return json.loads(shown.text)

    def authorize(self, token: str) -> None:
        """Enter an access token for all requests that follow."""
        page = self._browser.find_element(By.TAG_NAME, "body")
        self._click(page, ".auth-wrapper .authorize")
        self._find("//div[contains(@class, 'modal-ux')]//input").send_keys(token)
        self._click(page, ".modal-ux .btn.authorize")
        self._click(page, ".modal-ux .btn-done")

    def _find(self, path: str) -> WebElement:
        return self._wait.until(presence_of_element_located((By.XPATH, path)))

    def _click(self, within: WebElement, selector: str) -> None:
        element = WebDriverWait(within, PATIENCE_S).until(
            lambda part: part.find_element(By.CSS_SELECTOR, selector)
        )
        self._browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        self._wait.until(element_to_be_clickable(element)).click()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = str(BROWSER)
    for argument in (*QUIET, f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(argument)
    browser = Chrome(options=options, service=ChromeService(executable_path=str(DRIVER)))
    yield browser
    browser.quit()


def test_a_reader_of_the_documentation_signs_in_and_begins_a_report(
    served: ServedJob, browser: Chrome
) -> None:
    engineer, number = cast(served.job.run)[Role.ENGINEER], f"KAL-{uuid4().hex[:8]}"
    page = DocsPage(browser, served.url)
    signed_in = page.try_out(
        "Signing in", "post", "/v1/auth/login", {"email": engineer.email, "password": engineer.password}
    )
    page.authorize(signed_in["access_token"])
    header = {"document_title": "Begun in a browser"}
    begun = page.try_out(
        "Reports", "post", "/v1/reports", {"report_type": "SAT", "document_number": number, "header": header}
    )
    kept = served.client(Role.ENGINEER).get(f"/v1/reports/{begun['id']}").body
    assert (kept["document_number"], kept["title"]) == (number, "Begun in a browser")

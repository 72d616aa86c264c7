"""A real browser on loopback, over plain HTTP: it takes the Secure cookie and keeps it from scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

from tests.e2e.api_server import EMAIL, PASSWORD, ApiServer, api_server
from tests.e2e.test_docs_in_browser import BROWSER, DRIVER, QUIET

ASK = """
const [method, path, body, headers, tell] = arguments;
const told = {"Content-Type": "application/json", ...headers};
fetch(path, {method, body: body && JSON.stringify(body), headers: told})
  .then(async answer => tell([answer.status, await answer.text()]), error => tell([0, String(error)]));
"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (BROWSER and DRIVER), reason="NO CHROMIUM: install chromium and chromedriver to run this test"
    ),
]


@pytest.fixture(scope="module")
def server(folders: Callable[[], Path]) -> Iterator[ApiServer]:
    folder = folders()
    folder.mkdir()
    with api_server(folder) as served:
        yield served


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = str(BROWSER)
    for argument in (*QUIET, f"--user-data-dir={tmp_path}"):
        options.add_argument(argument)
    chrome = Chrome(options=options, service=ChromeService(executable_path=str(DRIVER)))
    chrome.set_script_timeout(30)
    yield chrome
    chrome.quit()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_page_signs_in_reads_writes_and_signs_out(server: ApiServer, browser: Chrome, host: str) -> None:
    browser.get(server.url.replace("127.0.0.1", host) + "/docs")

    def ask(method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
        status, text = browser.execute_async_script(ASK, method, path, body, headers)
        return status, text

    credentials = {"email": EMAIL, "password": PASSWORD}
    status, answered = ask("POST", "/v1/auth/browser-session", credentials)
    assert status == 200, answered
    assert ask("GET", "/v1/me")[0] == 200
    assert browser.execute_script("return document.cookie") == ""
    (cookie,) = browser.get_cookies()
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Strict")

    csrf = ask("GET", "/v1/auth/csrf")[1].split('"')[3]
    new = {"report_type": "SAT", "document_number": f"SAT-{host}", "header": {"document_title": "Pump"}}
    assert ask("POST", "/v1/reports", new)[0] == 403
    assert ask("POST", "/v1/reports", new, **{"X-CSRF-Token": csrf})[0] == 201
    assert ask("POST", "/v1/auth/logout", None, **{"X-CSRF-Token": csrf})[0] == 204
    assert ask("GET", "/v1/me")[0] == 401
    assert browser.get_cookies() == []

from __future__ import annotations

import pytest

from countersign.workers.rendering.pdf import ConverterMissing, no_pdf


def test_where_no_pdf_is_wanted_none_is_made_and_the_setting_is_named() -> None:
    with pytest.raises(ConverterMissing, match=r"rendering\.pdf"):
        no_pdf(b"a Word file", 1.0)

"""Whatever is typed as a time or an amount is understood in one way, or refused in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from convoylog.cli.visible import visible
from convoylog.cli.when import understand
from convoylog.errors import UsageError
from convoylog.model.amounts import Kind, read_amount

NOW = datetime(2010, 8, 6, 4, 0, tzinfo=UTC)
WORDS = st.lists(
    st.sampled_from(
        ["18:30", "9pm", "yesterday", "Aug", "5", "2010", "2010-08-05", "T", "Z", "+02:00", "ago",
         "2", "hours", "friday", "le", "août", "gestern", "Uhr", "-", "/", ".", ",", "at", "noon",
         "UTC", "Europe/Berlin", "last", "next", "1e9", "0", "60", "\x00", "\u202e", "½", "٣"]
    ),
    max_size=6,
).map(" ".join)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(WORDS | st.text(max_size=20))
def test_a_time_is_understood_or_refused(text: str) -> None:
    try:
        seen = understand(text, now=NOW, zone_of=lambda _: "America/Denver")
    except UsageError as error:
        assert error.hint  # noqa: PT017  it need not be refused
    else:
        assert seen.instant.tzinfo is not None
        assert seen.sentence


@settings(max_examples=200, deadline=None)
@given(st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_an_iso_time_with_offset_is_that_instant(naive: datetime, minutes: int) -> None:
    from datetime import timezone

    at = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    seen = understand(at.isoformat(), now=NOW, zone_of=lambda _: "")
    assert at == seen.instant
    assert at.utcoffset() == seen.instant.utcoffset()


@settings(max_examples=100, deadline=None)
@given(st.datetimes(datetime(1971, 1, 1), datetime(2037, 12, 30)))  # noqa: DTZ001
def test_what_is_understood_reads_as_what_was_typed(naive: datetime) -> None:
    naive = naive.replace(microsecond=0)
    try:
        seen = understand(str(naive), now=NOW, zone_of=lambda _: "America/Denver")
    except UsageError as error:
        assert "did not happen" in error.message  # noqa: PT017  most times are
    else:
        assert naive == seen.instant.replace(tzinfo=None)


AMOUNTS = st.text(alphabet="0123456789.,' -+lkmgaEURD$€", max_size=14)


@settings(max_examples=300, deadline=None)
@given(AMOUNTS | st.text(max_size=12), st.sampled_from(["fuel", "distance", "money"]))
def test_an_amount_is_understood_or_refused(text: str, kind: Kind) -> None:
    try:
        amount = read_amount(text, kind)
    except UsageError as error:
        assert error.hint  # noqa: PT017  it need not be refused
    else:
        assert amount.number >= 0
        assert amount == read_amount(amount.text, kind)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30))
def test_shown_text_is_harmless_and_stays_so(text: str) -> None:
    shown = visible(text)
    assert shown == visible(shown)
    assert not any(
        ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000 for c in shown
    )

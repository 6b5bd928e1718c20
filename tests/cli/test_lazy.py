from __future__ import annotations

from convoylog.cli.lazy import continued


def test_a_short_example_stays_as_it_is() -> None:
    assert "    convoylog note --at 18:30" == continued("    convoylog note --at 18:30", 80)


def test_a_long_example_is_broken_before_its_options_and_can_still_be_pasted() -> None:
    told = continued('  convoylog leg add "Over the Divide" --from "09:00" --to "17:30"', 50)
    assert (
        '  convoylog leg add "Over the Divide" \\\n'
        '      --from "09:00" --to "17:30"'
    ) == told  # fmt: skip

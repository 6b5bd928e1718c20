"""What holds for every test."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# no test has a stopwatch: a busy machine is no fault of ours
settings.register_profile(
    "without a stopwatch", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("without a stopwatch")

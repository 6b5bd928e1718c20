"""What holds for every test."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# no test has a stopwatch: a busy machine is no fault of ours
_NO_STOPWATCH = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
# a change is judged by the same cases each time; new ones are sought apart from it, with --hypothesis-profile=search
settings.register_profile("judge", derandomize=True, **_NO_STOPWATCH)
settings.register_profile("search", **_NO_STOPWATCH)
settings.load_profile("judge")

"""How often the app may call: tiers per method and workspace, and one post a second per channel."""

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from tests.slack_server.clock import Clock

MINUTE = 60.0
CALLS_A_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
SPECIAL = 0
DEFAULT_BURST = 4


@dataclass
class _Bucket:
    """Fills by one a second, up to its size."""

    tokens: float
    at: float


@dataclass
class RateLimits:
    """Counts calls on the stand-in's clock; switched off by `enforced = False`."""

    clock: Clock
    enforced: bool = True
    burst: int = DEFAULT_BURST
    _calls: defaultdict[tuple[str, str], deque[float]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def wait_for_method(self, team_id: str, method: str, tier: int) -> int:
        """Seconds until the next call of the method is welcome; 0 counts this one."""
        if not self.enforced or tier == SPECIAL:
            return 0
        now = self.clock.now()
        calls = self._calls[team_id, method]
        while calls and calls[0] <= now - MINUTE:
            calls.popleft()
        if len(calls) >= CALLS_A_MINUTE[tier]:
            return max(1, math.ceil(calls[0] + MINUTE - now))
        calls.append(now)
        return 0

    def wait_for_channel(self, channel_id: str) -> int:
        """Seconds until the next post to the channel is welcome; 0 counts this one."""
        if not self.enforced:
            return 0
        now = self.clock.now()
        bucket = self._buckets.setdefault(channel_id, _Bucket(float(self.burst), now))
        bucket.tokens = min(float(self.burst), bucket.tokens + now - bucket.at)
        bucket.at = now
        if bucket.tokens < 1:
            return max(1, math.ceil(1 - bucket.tokens))
        bucket.tokens -= 1
        return 0

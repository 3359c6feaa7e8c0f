"""Phones that post notes over a bad network to a server that is killed again and again.

Real parts throughout: the modules that run on phones (in node), the product as `insights serve`
starts it, and its database. Between them stands a network that loses, delays, repeats and cuts
exchanges (chaos_proxy.py). In the end everything that the phones have saved must be in the
database exactly once, as it was captured.
"""

import asyncio
import hashlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks import chaos_count, chaos_run, scratch
from benchmarks.chaos_proxy import Fate
from benchmarks.report import Report
from insights.demo.load import PASSWORD, SIGN_IN_EMAILS
from insights.settings import from_environment

DEMO_NOTES = 100
PICTURES = ((64, 48), (200, 150), (400, 300), (640, 480), (90, 700))


@dataclass
class ChaosReport(Report):
    """The figures, and whether any note or photo was lost, doubled or changed."""

    failed: bool = False


def measure(notes: int, devices: int, kills: int, bad: float) -> ChaosReport:
    """Has `devices` phones post `notes` notes; see chaos_run.run."""
    with scratch.installation(DEMO_NOTES) as place:
        environment = place.environment | {"INSIGHTS_SIGN_IN_LIMIT": "1000 per second"}
        server = chaos_run.Product(environment)
        task = make_task(notes, devices, place.folder)
        start = time.perf_counter()
        ran = asyncio.run(chaos_run.run(server, task, kills=kills, bad=bad))
        seconds = time.perf_counter() - start
        outcome = chaos_count.count(from_environment(environment), ran.written)
    report = ChaosReport(
        f"{notes:,} notes from {devices} phones, {bad:.0%} of the exchanges spoilt",
        ("what", "number"),
        failed=not outcome.perfect,
    )
    for fate in Fate:
        report.add(f"exchanges {fate}", ran.fates[fate])
    report.add("requests of the phones", ran.requests)
    report.add("kills of the server", ran.kills)
    report.add("seconds", round(seconds))
    for what, number in outcome.rows():
        report.add(what, number)
    report.remarks.append(outcome.verdict)
    return report


def make_task(notes: int, devices: int, folder: Path) -> dict[str, Any]:
    """What the phones are told to do, with pictures made in `folder`."""
    return {
        "notes": notes,
        "devices": devices,
        "people": [{"email": email, "password": PASSWORD} for email in SIGN_IN_EMAILS],
        "pictures": [_make_picture(folder, *size) for size in PICTURES],
    }


def _make_picture(folder: Path, width: int, height: int) -> dict[str, Any]:
    """A JPEG file of noise, which compresses badly: some hundred kilobytes at the most."""
    path = folder / f"picture-{width}.jpg"
    noise = hashlib.shake_256(bytes([width % 256])).digest(width * height * 3)
    Image.frombytes("RGB", (width, height), noise).save(path, quality=85)
    return {"path": str(path), "width": width, "height": height}

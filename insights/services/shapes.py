"""The shape of a territory on the map: a US state, or an area drawn in GeoJSON.

Stored as `{"state": "TX"}`, or as a Polygon or MultiPolygon of RFC 7946 (3.1.6, 3.1.7): degrees of
longitude and latitude, each ring closed, nothing but `type` and `coordinates`.
"""

import json
from typing import Any

from insights.errors import Invalid
from insights.text import clean

Shape = dict[str, Any]

US_STATES = frozenset(
    {
        "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "HI", "ID",
        "IL", "IN", "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO",
        "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA",
        "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY",
    }
)  # fmt: skip
LONGEST_TEXT = 1_000_000
MOST_POSITIONS = 20_000
SHORTEST_RING = 4


def parse_shape(typed: str) -> Shape | None:
    """What a form or a file says: a state's two letters, or GeoJSON; None for nothing at all.

    Raises Invalid(shape).
    """
    text = clean(typed[: LONGEST_TEXT + 1])
    if not text:
        return None
    if text.upper() in US_STATES:
        return {"state": text.upper()}
    if len(text) > LONGEST_TEXT:
        raise _invalid("This shape is too large. Simplify the outline.")
    try:
        return require_shape(json.loads(text))
    except (ValueError, RecursionError):
        raise _invalid("Give the two letters of a US state, or a GeoJSON geometry.") from None


def require_shape(shape: object) -> Shape:
    """The shape as it is stored; raises Invalid(shape) for anything else."""
    if not isinstance(shape, dict):
        raise _invalid("Give the two letters of a US state, or a GeoJSON geometry.")
    if "state" in shape:
        return _require_state(shape["state"])
    coordinates = shape.get("coordinates")
    match shape.get("type"):
        case "Polygon":
            positions = _count_positions([coordinates])
        case "MultiPolygon":
            positions = _count_positions(coordinates)
        case _:
            raise _invalid("A GeoJSON shape is a Polygon or a MultiPolygon.")
    if positions > MOST_POSITIONS:
        raise _invalid(f"This outline has {positions} points; simplify it to {MOST_POSITIONS}.")
    return {"type": shape["type"], "coordinates": coordinates}


def _require_state(state: object) -> Shape:
    if isinstance(state, str) and state.strip().upper() in US_STATES:
        return {"state": state.strip().upper()}
    raise _invalid("There is no such US state. Give its two letters, such as TX.")


def _count_positions(polygons: object) -> int:
    return sum(_check_ring(ring) for polygon in _filled(polygons) for ring in _filled(polygon))


def _filled(part: object) -> list[object]:
    if isinstance(part, list) and part:
        return part
    raise _invalid("The coordinates of this shape are incomplete.")


def _check_ring(ring: object) -> int:
    positions = _filled(ring)
    if not all(_is_position(position) for position in positions):
        raise _invalid("A point is a longitude (-180 to 180) and a latitude (-90 to 90).")
    if len(positions) < SHORTEST_RING or positions[0] != positions[-1]:
        raise _invalid("A ring has at least four points and ends where it began.")
    return len(positions)


def _is_position(position: object) -> bool:
    if not isinstance(position, list) or len(position) != 2:
        return False
    longitude, latitude = position
    return _is_within(longitude, 180) and _is_within(latitude, 90)


def _is_within(degrees: object, limit: int) -> bool:
    # `True` is an int to Python, and no place on earth.
    return type(degrees) in (int, float) and -limit <= degrees <= limit  # type: ignore[operator]


def _invalid(message: str) -> Invalid:
    return Invalid({"shape": [message]})

"""The OpenAPI document arranged for reading: headings, operations, and the shapes they share."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]
_FORMATS = {"date-time": "time", "date": "day", "uuid": "UUID", "binary": "bytes"}


@dataclass(frozen=True)
class Kind:
    """What a value is, in words; `shape` is the one that the words end in."""

    words: str
    shape: str | None = None


@dataclass(frozen=True)
class Field:
    """A field of a shape, or a parameter; `place` is where a parameter stands."""

    name: str
    kind: Kind
    required: bool
    text: str
    place: str = "body"


@dataclass(frozen=True)
class Reply:
    """A status code, what it means, and the shape that comes with it."""

    status: str
    text: str
    kind: Kind | None


@dataclass(frozen=True)
class OperationOutline:
    """One operation; `body` is the shape that it takes."""

    id: str
    method: str
    path: str
    summary: str
    text: str
    scope: str
    parameters: tuple[Field, ...]
    body: Kind | None
    replies: tuple[Reply, ...]


@dataclass(frozen=True)
class Heading:
    """The operations on one noun."""

    label: str
    text: str
    operations: tuple[OperationOutline, ...]


@dataclass(frozen=True)
class Outline:
    """The whole document."""

    text: str
    headings: tuple[Heading, ...]
    shapes: Mapping[str, tuple[Field, ...]]


def outline(content: Json) -> Outline:
    """The document as the page shows it."""
    operations = list(_operations(content))
    headings = (
        Heading(tag["name"], tag["description"], tuple(_under(tag["name"], operations)))
        for tag in content["tags"]
    )
    shapes = content["components"]["schemas"]
    return Outline(
        content["info"]["description"],
        tuple(headings),
        {name: tuple(_fields(shapes[name])) for name in sorted(shapes)},
    )


def _operations(content: Json) -> Iterator[tuple[str, OperationOutline]]:
    replies = content["components"]["responses"]
    for path, methods in content["paths"].items():
        shared = methods.get("parameters", [])
        for method, described in methods.items():
            if method != "parameters":
                parameters = [*shared, *described.get("parameters", [])]
                yield (
                    described["tags"][0],
                    OperationOutline(
                        id=described["operationId"],
                        method=method.upper(),
                        path=path,
                        summary=described["summary"],
                        text=described.get("description", ""),
                        scope=described["security"][0]["token"][0],
                        parameters=tuple(_parameter(one) for one in parameters),
                        body=_content(described.get("requestBody", {})),
                        replies=tuple(_replies(described["responses"], replies)),
                    ),
                )


def _under(
    label: str, operations: list[tuple[str, OperationOutline]]
) -> Iterator[OperationOutline]:
    return (operation for tag, operation in operations if tag == label)


def _replies(described: Json, shared: Json) -> Iterator[Reply]:
    for status in sorted(described):
        reply = described[status]
        if "$ref" in reply:
            reply = shared[_last(reply["$ref"])]
        yield Reply(status, reply["description"], _content(reply))


def _content(described: Json) -> Kind | None:
    for media in described.get("content", {}).values():
        return _kind(media["schema"])
    return None


def _parameter(described: Json) -> Field:
    kind, text = _kind(described["schema"]), described.get("description", "")
    return Field(described["name"], kind, described.get("required", False), text, described["in"])


def _fields(shape: Json) -> Iterator[Field]:
    required = shape.get("required", ())
    for name, field in shape.get("properties", {}).items():
        yield Field(name, _kind(field), name in required, field.get("description", ""))


def _kind(schema: Json) -> Kind:
    if "$ref" in schema:
        return Kind("", _last(schema["$ref"]))
    if "anyOf" in schema:
        inner = _kind(schema["anyOf"][0])
        return Kind("null or " + inner.words, inner.shape)
    if "items" in schema:
        inner = _kind(schema["items"])
        return Kind(("list of " + inner.words).strip(), inner.shape)
    if "enum" in schema:
        return Kind("one of " + ", ".join(str(one) for one in schema["enum"] if one is not None))
    return Kind(_simple(schema))


def _simple(schema: Json) -> str:
    types = schema.get("type", "object")
    names = [types] if isinstance(types, str) else types
    words = [
        _FORMATS.get(schema.get("format", ""), one) if one == "string" else one for one in names
    ]
    limits = [f"{schema[key]:,}" for key in ("minimum", "maximum") if key in schema]
    if len(limits) == 2:
        words[0] += " " + " to ".join(limits)
    if "maxLength" in schema:
        words[0] += f", at most {schema['maxLength']:,} characters"
    return " or ".join(words)


def _last(reference: str) -> str:
    return reference.rsplit("/", 1)[-1]

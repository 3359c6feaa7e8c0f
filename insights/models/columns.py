"""Column types that several tables share."""

from enum import StrEnum
from typing import Annotated

from sqlalchemy import Enum, String
from sqlalchemy.orm import mapped_column

Key = Annotated[int, mapped_column(primary_key=True)]
Name = Annotated[str, mapped_column(String(120))]
Slug = Annotated[str, mapped_column(String(80), unique=True)]
Folded = Annotated[str, mapped_column(String(160))]


def choice(kind: type[StrEnum], name: str) -> Enum:
    """A string column that holds one value of `kind`, checked by the database as well."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )

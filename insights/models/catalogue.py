"""The version of the catalogue, by which each process knows whether its copy is current."""

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base


class CatalogueVersion(Base):
    """A single row, replaced with every change of a territory, segment, competitor or product.

    A random value instead of a counter: after a rolled-back change the next one must not arrive
    at the same number with other contents.
    """

    __tablename__ = "catalogue_version"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[UUID]

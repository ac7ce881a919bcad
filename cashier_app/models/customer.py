"""Who the utility serves, and where: persons, accounts, premises, agreements."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cashier_app.models.base import Base, key, money, options, refers, within_bounds
from cashier_app.models.types import Code, Count, Day, Key

_MATCHED = text("matched_mark IS NOT NULL")


class Person(Base):
    """A human or a business."""

    __tablename__ = "person"

    id: Mapped[int] = key()
    name: Mapped[str] = mapped_column(Code)
    alternate_name: Mapped[str] = mapped_column(Code, server_default="")
    """Shown behind the name: `AAA (BBB)` (S1 p.36)."""
    kind: Mapped[str] = mapped_column(Code)
    """PERSON or BUSINESS."""
    language: Mapped[str] = mapped_column(Code, server_default="en")
    phone: Mapped[str] = mapped_column(Code, server_default="")
    email: Mapped[str] = mapped_column(Code, server_default="")


class PersonIdentifier(Base):
    """A number by which a person is known elsewhere."""

    __tablename__ = "person_identifier"
    __table_args__ = options(Index(None, "value"))

    person_id: Mapped[int] = refers("person.id", primary_key=True)
    id_type: Mapped[str] = mapped_column(Code, primary_key=True)
    value: Mapped[str] = mapped_column(Code)


class Account(Base):
    """Holds agreements, pays them; has exactly one main customer."""

    __tablename__ = "account"
    __table_args__ = options(UniqueConstraint("number"), Index(None, "external_number"))

    id: Mapped[int] = key()
    number: Mapped[str] = mapped_column(Code)
    external_number: Mapped[str | None] = mapped_column(Code)
    """Its number in the system it came from."""
    customer_class: Mapped[str] = mapped_column(Code)
    cis_division: Mapped[str] = mapped_column(Code)
    currency: Mapped[str] = mapped_column(Code)
    main_person_id: Mapped[int] = refers("person.id", index=True)
    opened_on: Mapped[date] = mapped_column(Day)
    mailing_address: Mapped[str] = mapped_column(Code, server_default="")
    access_group: Mapped[str] = mapped_column(Code, server_default="")
    """The office that keeps it; empty: open to everybody (R reliability T10)."""
    management_group: Mapped[str] = mapped_column(Code, server_default="")
    """Who looks after it, for entries to do (S1 p.52)."""


class AccountPerson(Base):
    """Somebody else who has to do with an account."""

    __tablename__ = "account_person"

    account_id: Mapped[int] = refers("account.id", primary_key=True)
    person_id: Mapped[int] = refers("person.id", primary_key=True, index=True)
    relationship: Mapped[str] = mapped_column(Code)


class AccountAlert(Base):
    """A note that everybody who opens the account must see."""

    __tablename__ = "account_alert"

    id: Mapped[int] = key()
    account_id: Mapped[int] = refers("account.id", index=True)
    text: Mapped[str] = mapped_column(Code)
    starts: Mapped[date] = mapped_column(Day)
    ends: Mapped[date | None] = mapped_column(Day)


class Premise(Base):
    """A place that is served."""

    __tablename__ = "premise"

    id: Mapped[int] = key()
    address: Mapped[str] = mapped_column(Code)
    city: Mapped[str] = mapped_column(Code, server_default="")
    postal_code: Mapped[str] = mapped_column(Code, server_default="")
    cis_division: Mapped[str] = mapped_column(Code)


class ServicePoint(Base):
    """Where a service arrives at a premise."""

    __tablename__ = "service_point"
    __table_args__ = options(Index(None, "external_id"))

    id: Mapped[int] = key()
    premise_id: Mapped[int] = refers("premise.id", index=True)
    service_type: Mapped[str] = mapped_column(Code)
    external_id: Mapped[str | None] = mapped_column(Code)


class ServiceAgreement(Base):
    """The contract of an account for one service; debt lives here.

    Balances are kept, changed in the transaction of the FT that changes them, and proven by
    `cashier verify` (design D5).
    """

    __tablename__ = "service_agreement"
    __table_args__ = options(
        Index(None, "account_id"),
        Index("ix_sa_matched", "matched_mark", sqlite_where=_MATCHED, postgresql_where=_MATCHED),
        *within_bounds("current_balance", "payoff_balance", "disputed_balance"),
        sqlite_with_rowid=True,
    )

    id: Mapped[int] = key()
    account_id: Mapped[int] = refers("account.id")
    sa_type: Mapped[str] = mapped_column(Code)
    status: Mapped[str] = mapped_column(Code)
    currency: Mapped[str] = mapped_column(Code)
    starts: Mapped[date] = mapped_column(Day)
    ends: Mapped[date | None] = mapped_column(Day)
    premise_id: Mapped[int | None] = refers("premise.id", index=True)
    current_balance: Mapped[int] = money(0)
    payoff_balance: Mapped[int] = money(0)
    disputed_balance: Mapped[int] = money(0)
    """What of the current balance is in dispute and does not age (S1 p.62)."""
    matched_mark: Mapped[int | None] = mapped_column(Key)
    """The key handed out when it last changed which of its transactions cover each other, or are disputed."""


class AgreementServicePoint(Base):
    """Which service points an agreement covers, and since when."""

    __tablename__ = "agreement_service_point"

    sa_id: Mapped[int] = refers("service_agreement.id", primary_key=True)
    service_point_id: Mapped[int] = refers("service_point.id", primary_key=True, index=True)
    starts: Mapped[date] = mapped_column(Day)


class CreditRatingEntry(Base):
    """Points that a returned check or the like costs for a while (S1 p.121)."""

    __tablename__ = "credit_rating_entry"

    id: Mapped[int] = key()
    account_id: Mapped[int] = refers("account.id", index=True)
    starts: Mapped[date] = mapped_column(Day)
    ends: Mapped[date] = mapped_column(Day)
    rating_points: Mapped[int] = mapped_column()
    cash_only_points: Mapped[int] = mapped_column()
    tender_id: Mapped[int | None] = refers("tender.id")
    reason: Mapped[str] = mapped_column(Code)


class ReviewTrigger(Base):
    """An account that the debt monitor should look at (R payments 1.8)."""

    __tablename__ = "review_trigger"

    id: Mapped[int] = key()
    account_id: Mapped[int] = refers("account.id", index=True)
    trigger_date: Mapped[date] = mapped_column(Day)
    reason: Mapped[str] = mapped_column(Code)


class ImportRun(Base):
    """A conversion file that was taken over, with its control totals."""

    __tablename__ = "import_run"
    __table_args__ = options(UniqueConstraint("digest"))

    id: Mapped[int] = key()
    file_name: Mapped[str] = mapped_column(Code)
    digest: Mapped[str] = mapped_column(Code)
    mapping: Mapped[str] = mapped_column(Code)
    row_count: Mapped[int] = mapped_column(Count)
    account_count: Mapped[int] = mapped_column(Count)
    total: Mapped[int] = money()
    currency: Mapped[str] = mapped_column(Code)

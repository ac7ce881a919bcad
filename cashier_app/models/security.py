"""Users and what they work with."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from cashier_app.models.base import Base, key, options, refers
from cashier_app.models.types import Code, Count, Day, Flag, Instant


class User(Base):
    """A person who signs in; never shared (R reliability C1)."""

    __tablename__ = "app_user"

    id: Mapped[int] = key()
    login: Mapped[str] = mapped_column(Code, unique=True)
    name: Mapped[str] = mapped_column(Code)
    password_hash: Mapped[str] = mapped_column(Code)
    active: Mapped[bool] = mapped_column(Flag)
    failed_sign_ins: Mapped[int] = mapped_column(server_default="0")
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    last_used: Mapped[date | None] = mapped_column(Day)
    language: Mapped[str] = mapped_column(Code, server_default="en")
    e_mail: Mapped[str] = mapped_column(Code, server_default="")
    """Where to tell of what waits; empty: nowhere."""
    second_factor: Mapped[str] = mapped_column(Code, server_default="")
    """Digest of the secret behind the user's one-time codes; empty: there is no second factor (decision 26)."""
    last_step: Mapped[int] = mapped_column(Count, server_default="0")
    """Step of the last one-time code that was accepted: it and all before are used."""


class SecondFactorSecret(Base):
    """What a user's one-time codes are made from. No journal and no query holds it; its digest is journaled."""

    __tablename__ = "second_factor_secret"

    user_id: Mapped[int] = refers("app_user.id", primary_key=True)
    secret: Mapped[str] = mapped_column(Code)


class RecoveryCode(Base):
    """A code that lets its user in once when the telephone is lost; only its hash."""

    __tablename__ = "recovery_code"

    user_id: Mapped[int] = refers("app_user.id", primary_key=True)
    code_hash: Mapped[str] = mapped_column(Code, primary_key=True)


class UserGroupMember(Base):
    """Membership of a user in a group of rights."""

    __tablename__ = "user_group_member"

    user_id: Mapped[int] = refers("app_user.id", primary_key=True)
    group_code: Mapped[str] = mapped_column(Code, primary_key=True)


class UserTenderSource(Base):
    """A drawer that a user normally works, at most one per currency (S1 p.117)."""

    __tablename__ = "user_tender_source"

    user_id: Mapped[int] = refers("app_user.id", primary_key=True)
    tender_source: Mapped[str] = mapped_column(Code, primary_key=True)


class UserDataAccessRole(Base):
    """A role of a user that lets them see the accounts of some offices (S1 p.5)."""

    __tablename__ = "user_data_access_role"

    user_id: Mapped[int] = refers("app_user.id", primary_key=True)
    role: Mapped[str] = mapped_column(Code, primary_key=True)


class UserToDoRole(Base):
    """A role of a user whose entries to do they see and work on (S1 p.52)."""

    __tablename__ = "user_to_do_role"

    user_id: Mapped[int] = refers("app_user.id", primary_key=True)
    role: Mapped[str] = mapped_column(Code, primary_key=True)


class UserRelation(Base):
    """An account of the user's own or of a declared relative: hands off (R reliability C5)."""

    __tablename__ = "user_relation"
    __table_args__ = options()

    user_id: Mapped[int] = refers("app_user.id", primary_key=True)
    account_id: Mapped[int] = refers("account.id", primary_key=True)

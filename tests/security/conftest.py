"""The world of these tests, built once a module inside one transaction; every request in it is undone."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine

from consult import db
from tests.security.world import Builder, World

PUBLIC = "public"


class Place:
    """The application with its world: who asks, and how what a request did is forgotten again."""

    def __init__(self, app: Flask, world: World, connection: Connection) -> None:
        self.app, self.world, self.connection = app, world, connection

    def browser(self, name: str = PUBLIC) -> FlaskClient:
        """A browser on which the named person is signed in."""
        client = self.app.test_client()
        if name != PUBLIC:
            signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
            held = {"_user_id": f"{self.world.people[name]}.{self.world.epochs[name]}", "_fresh": True}
            client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], signer.dumps(held), domain="localhost")
        return client

    @contextlib.contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever the block writes is rolled back."""
        db.session.remove()
        savepoint = self.connection.begin_nested()
        try:
            yield
        finally:
            db.session.remove()
            savepoint.rollback()


@pytest.fixture(scope="module")
def place(application: Flask, test_engine: Engine) -> Iterator[Place]:
    with test_engine.connect() as connection:
        outer = connection.begin()
        db.session.remove()
        db.session.configure(bind=connection, join_transaction_mode="create_savepoint")
        world = Builder(application.extensions["storage"], application.extensions["consult"]).build()
        db.session.remove()
        yield Place(application, world, connection)
        db.session.remove()
        outer.rollback()
    db.session.configure(bind=test_engine, join_transaction_mode="conditional_savepoint")

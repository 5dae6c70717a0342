"""Routes of the shop. Run with `python -m shop.app DATABASE PORT WHODUNIT_URL INGEST_KEY`."""

import secrets
import sqlite3
import sys
import time
import uuid
from pathlib import Path

from flask import Flask, abort, g, jsonify, request
from werkzeug.security import check_password_hash, generate_password_hash

from .reporter import Reporter, new_traceparent, now

SCHEMA = Path(__file__).with_name("schema.sql")
PEOPLE = [("alice", "Alice Adams"), ("bob", "Bob Brown"), ("carol", "Carol Clark")]


def create_app(database, reporter):
    app = Flask("shop")
    prepare(database)

    def db():
        if "db" not in g:
            g.db = sqlite3.connect(database, timeout=30)
            g.db.row_factory = sqlite3.Row
        return g.db

    def context():
        """What every record of this request carries."""
        user = g.get("user")
        who = {"actor_type": "anonymous"}
        if user:
            who = {
                "actor_type": "user",
                "userId": str(user["id"]),
                "user_email": user["email"],
                "actor_name": user["name"],
            }
        return {
            **who,
            "ipAddress": request.remote_addr,
            "userAgent": request.user_agent.string,
            "session_id": g.get("token"),
            "correlation_id": g.correlation_id,
            "traceparent": g.traceparent,
            "request_method": request.method,
            "request_path": request.path,
        }

    def record(action, entry, order_id=None):
        """Whodunit first: an action whose entry is not on disk does not happen."""
        user = g.get("user")
        reporter.audit({"action": action, **entry}, context())
        db().execute(
            "INSERT INTO happened (user_id, action, order_id, ip, correlation_id, session_token, reason)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                user["id"] if user else None,
                action,
                order_id,
                request.remote_addr,
                g.correlation_id,
                g.get("token"),
                entry.get("reason"),
            ),
        )

    def log(level, message, **more):
        g.lines.append({"time": now(), "level": level, "message": message, **more})

    @app.before_request
    def begin():
        g.started = time.monotonic()
        g.correlation_id = request.headers.get("X-Correlation-ID") or str(uuid.uuid4())
        g.traceparent = request.headers.get("traceparent") or new_traceparent()
        g.lines = []
        g.token = request.headers.get("X-Session")
        if g.token:
            g.user = (
                db()
                .execute("SELECT user.* FROM session JOIN user ON user.id = user_id WHERE token = ?", (g.token,))
                .fetchone()
            )

    @app.after_request
    def finish(response):
        log(
            "ERROR" if response.status_code >= 500 else "INFO",
            f"{request.method} {request.path} answered {response.status_code}",
            status=response.status_code,
            duration_ms=round((time.monotonic() - g.started) * 1000, 3),
        )
        _, trace_id, span_id, _ = g.traceparent.split("-")
        user = g.get("user")
        shared = {
            "service": "shop",
            "environment": "test",
            "correlation_id": g.correlation_id,
            "trace_id": trace_id,
            "span_id": span_id,
            "ip": request.remote_addr,
        }
        if user:
            shared["user_id"] = str(user["id"])
        if g.token:
            shared["session_id"] = g.token
        reporter.logs([{**line, **shared} for line in g.lines])
        response.headers["X-Correlation-ID"] = g.correlation_id
        return response

    @app.teardown_request
    def close(_error):
        if "db" in g:
            g.db.close()

    @app.post("/login")
    def login():
        form = request.get_json()
        user = db().execute("SELECT * FROM user WHERE email = ?", (form["email"],)).fetchone()
        if user is None or not check_password_hash(user["password_hash"], form["password"]):
            log("WARN", f"sign-in of {form['email']} refused")
            record("LOGIN_FAILED", {"outcome": "failure", "actor_email": form["email"], "severity": "WARNING"})
            db().commit()
            abort(401)
        g.user, g.token = user, secrets.token_hex(12)
        db().execute("INSERT INTO session (token, user_id) VALUES (?, ?)", (g.token, user["id"]))
        record("LOGIN", {"outcome": "success"})
        db().commit()
        return jsonify(token=g.token)

    def signed_in():
        if not g.get("user"):
            abort(401)
        return g.user

    def find_order(order_id):
        row = db().execute("SELECT * FROM shop_order WHERE id = ?", (order_id,)).fetchone()
        return row or abort(404)

    @app.post("/orders")
    def create_order():
        user, form = signed_in(), request.get_json()
        cursor = db().execute(
            "INSERT INTO shop_order (owner_id, item, quantity) VALUES (?, ?, ?)",
            (user["id"], form["item"], form["quantity"]),
        )
        order = find_order(cursor.lastrowid)
        record("order_created", {**target(order), "changes": changes({}, dict(order))}, order["id"])
        db().commit()
        log("INFO", f"order {order['id']} of {order['quantity']} {order['item']} created")
        return jsonify(dict(order)), 201

    @app.patch("/orders/<int:order_id>")
    def update_order(order_id):
        signed_in()
        before, form = dict(find_order(order_id)), request.get_json()
        after = {**before, **{key: form[key] for key in ("item", "quantity", "status") if key in form}}
        db().execute(
            "UPDATE shop_order SET item = ?, quantity = ?, status = ? WHERE id = ?",
            (after["item"], after["quantity"], after["status"], order_id),
        )
        record("order_updated", {**target(before), "changes": changes(before, after)}, order_id)
        db().commit()
        log("INFO", f"order {order_id} updated")
        return jsonify(after)

    @app.delete("/orders/<int:order_id>")
    def delete_order(order_id):
        signed_in()
        before, reason = dict(find_order(order_id)), request.args.get("reason")
        db().execute("DELETE FROM shop_order WHERE id = ?", (order_id,))
        record("order_deleted", {**target(before), "reason": reason, "changes": changes(before, {})}, order_id)
        db().commit()
        log("WARN", f"order {order_id} deleted", why=reason)
        return "", 204

    @app.get("/orders/<int:order_id>")
    def read_order(order_id):
        signed_in()
        order = find_order(order_id)
        log("DEBUG", f"order {order_id} read")
        return jsonify(dict(order))

    return app


def target(order):
    return {"entityType": "order", "entityId": str(order["id"]), "target_name": order["item"]}


def changes(before, after):
    """Every field that differs, with what it was and what it became."""
    fields = sorted(set(before) | set(after))
    return [
        {"field": field, "before": before.get(field), "after": after.get(field)}
        for field in fields
        if before.get(field) != after.get(field)
    ]


def prepare(database):
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(SCHEMA.read_text())
        for name, full_name in PEOPLE:
            connection.execute(
                "INSERT INTO user (email, name, password_hash) VALUES (?, ?, ?)",
                (f"{name}@shop.example", full_name, generate_password_hash(f"{name}-password")),
            )


def main():
    database, port, url, key = sys.argv[1:]
    create_app(database, Reporter(url, key)).run(port=int(port), threaded=True)


if __name__ == "__main__":
    main()

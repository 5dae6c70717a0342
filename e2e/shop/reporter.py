"""The shop's client of Whodunit: audit entries wait for their receipt, log lines are sent after each request.

Nothing of ours is imported here: it is what somebody writes who has read the HTTP reference once.
"""

import datetime
import json
import secrets

import requests


class NotRecorded(Exception):
    """Whodunit did not acknowledge an audit entry, so the shop must not pretend it did."""


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="microseconds")


class Reporter:
    """Sends with an ingest key. One instance serves all requests of the application."""

    def __init__(self, url, key, service="shop"):
        self.url = url
        self.service = service
        self.http = requests.Session()
        self.http.headers["Authorization"] = f"Bearer {key}"

    def audit(self, entry, context):
        """Appends one entry and returns its receipt."""
        body = {"time": now(), "service": self.service, "environment": "test", **context, **entry}
        headers = {"X-Correlation-ID": context["correlation_id"], "traceparent": context["traceparent"]}
        del body["traceparent"]
        answer = self.http.post(f"{self.url}/api/v1/audit", json=body, headers=headers, timeout=30)
        if answer.status_code != 200 or answer.json()["accepted"] != 1:
            raise NotRecorded(answer.text)
        return answer.json()["receipts"][0]

    def logs(self, lines):
        """Appends log lines, one dictionary each."""
        body = "".join(_json_line(line) for line in lines)
        headers = {"Content-Type": "application/x-ndjson"}
        answer = self.http.post(f"{self.url}/api/v1/logs", data=body.encode(), headers=headers, timeout=30)
        answer.raise_for_status()


def _json_line(line):
    return json.dumps(line) + "\n"


def new_traceparent():
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"

"""Refusals that a person meets in the address bar: a page instead of a problem document."""

from __future__ import annotations

from html import escape

from fastapi.responses import HTMLResponse
from starlette.datastructures import Headers
from starlette.responses import Response

from netgraft.web.problems import ProblemError

_PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="robots" content="noindex" />
    <title>{title} - Netgraft</title>
    <link rel="icon" href="/static/styles/mark.svg" type="image/svg+xml" />
    <script src="/static/theme-boot.js"></script>
    <link rel="stylesheet" href="/static/styles/tokens.css" />
    <link rel="stylesheet" href="/static/styles/base.css" />
    <link rel="stylesheet" href="/static/styles/notice-page.css" />
  </head>
  <body>
    <main class="notice-page">
      <h1>{title}</h1>
      <p>{text}</p>
    </main>
  </body>
</html>
"""


def refusal(
    headers: Headers, problem: ProblemError, title: str, more: dict[str, str] | None = None
) -> Response:
    """The problem as a page where a browser navigates, as a problem document for everybody else."""
    if "text/html" not in headers.get("accept", ""):
        return problem.response(more)
    page = _PAGE.format(title=escape(title), text=escape(problem.detail))
    return HTMLResponse(page, problem.status_code, more)
